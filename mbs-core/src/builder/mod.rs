//! The trait that people implement to build RPMs somewhere else.
//!
//! A builder is told what to build and asked how it goes; it decides nothing about batches, retries or states. The
//! contract of every method is written on [`GenericBuilder`] and checked by the conformance suite of the test kit, which
//! any builder can run.

mod builder_trait;
mod error;
mod ext;
mod request;
mod status;

pub use builder_trait::GenericBuilder;
pub use error::{BuilderError, Retry};
pub use ext::GenericBuilderExt;
pub use request::{
    ComponentRequest, ComponentSource, FinalComponent, FinalizeRequest, ModuleContext, PublishRequest,
    PublishedComponent, RequestKey, ReuseOrder,
};
pub use status::{BuilderCapabilities, TaskState, TaskStatus, Wakeup};
