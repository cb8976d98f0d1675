//! The subcommands, a file each; `asking` and `inputs` hold what several of them share.

pub mod actors;
pub mod add;
pub mod asking;
pub mod brief;
pub mod commitments;
pub mod contacts;
pub mod due;
pub mod evaluate;
pub mod events;
pub mod export;
pub mod import;
pub mod inputs;
pub mod mark;
pub mod places;
pub mod positions;
pub mod quotations;
pub mod read;
pub mod reread;
pub mod schema;
pub mod search;
pub mod show;
pub mod statements;
pub mod stories;
pub mod timeline;
pub mod watch;
