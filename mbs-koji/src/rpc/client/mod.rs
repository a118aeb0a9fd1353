//! Calls, sessions and what is done when a call fails.

mod call;
mod error;
mod exchange;
mod fault;
mod hub;
mod multicall;
mod policy;
mod repeat;
mod session;
mod split;
mod upload;

pub use call::{Call, Effect};
pub use error::{CallError, Trouble};
pub(in crate::rpc) use exchange::{NoAnswer, Sending, owned, post, understand};
pub use fault::{Fault, FaultKind};
pub use hub::{Hub, HubBuilder, Outcome};
pub use multicall::{Answers, Handle, MemberError, Multicall};
pub use policy::RetryPolicy;
pub(in crate::rpc) use session::{Opened, Session};
pub use split::SplitLimits;
pub use upload::{UploadError, UploadSource, UploadTarget};
