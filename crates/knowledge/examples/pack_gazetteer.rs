//! Packs the table of places that `training/gazetteer.py` makes.
//!
//! `cargo run -p annalist-knowledge --example pack_gazetteer -- places.tsv crates/knowledge/data/en/gazetteer.bin`

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [table, packed] = &arguments[..] else { return Err("usage: pack_gazetteer TABLE PACKED".into()) };
    std::fs::write(packed, annalist_knowledge::pack(&std::fs::read_to_string(table)?)?)?;
    Ok(())
}
