//! The subcommands, a file each.

pub mod evaluate;
pub mod read;
pub mod schema;
