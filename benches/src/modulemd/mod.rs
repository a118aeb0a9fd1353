//! What the benchmark `modulemd` is made of.
//!
//! ```text
//! bench -> this program again, as a child: JOB ...  -> work (ours)
//!       -> programs/modulemd_memory.rs, built on the spot -> the memory of a read (ours)
//!       -> peers/libmodulemd.c, compiled on the spot -> the same work
//!       -> peers/libyaml.c, compiled on the spot     -> bare event scan
//! ```
//!
//! Both sides get the same arguments and answer with the same line, so that one loop measures both, turn by turn.

mod child;
mod compare;
mod files;
mod generate;
#[cfg(test)]
mod growth;
mod measure;
mod peers;
mod resident;
mod scan;
mod shapes;
mod work;

pub use child::{Answer, Effort, Growth, Program};
pub use compare::{Comparison, Goal};
pub use files::Files;
pub use generate::{Shape, generate};
pub use peers::{Absent, Peers};
pub use resident::Resident;
pub use shapes::{Make, SHAPES};
pub use work::serve;
