//! Scores predictions that any program wrote, in the gold's own form.
//!
//! `cargo run -p annalist-evaluate --example score -- attribution|parse|names GOLD PREDICTIONS`

use std::path::Path;

use annalist_evaluate::{File, Task, run};
use anyhow::{Error, bail};

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [task, gold, predictions] = &arguments[..] else { bail!("usage: score TASK GOLD PREDICTIONS") };
    let (task, gold) = (task.parse::<Task>().map_err(Error::msg)?, Path::new(gold));
    let file = File::load(task, Path::new(predictions), gold)?;
    run(task, gold, None, &file, 1, &mut std::io::stdout().lock())
}
