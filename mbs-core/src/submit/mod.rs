//! From what a packager wrote to builds that can be stored.
//!
//! ```text
//!   SubmitRequest --check_request--> fetch --input_documents--> prepare_document --> documents   (Submitter)
//!
//!   documents --expand--> builds to make --+--> assemble --> Submissions (builds that can be stored, warnings)
//!      |        (Provider)                 |                                                     (Planner)
//!      +--collect_included--> Included ----+
//!      |                                   |
//!      +--Commits::look_up (Source) -------+
//!                                          |
//!   Origin (where from, when), Settings ---+
//! ```
//!
//! Everything that can be refused is refused here, before anything is stored. [`Submitter`] does it in order; the rules
//! are pure and beside it.

mod admission;
mod arches;
mod assemble;
mod assumed;
mod blocks;
mod check;
mod commits;
mod components;
mod documents;
mod end_of_life;
mod error;
mod import;
mod included;
mod names;
mod naming;
mod notes;
mod origin;
mod overrides;
mod pipeline;
mod policy;
mod prepare;
mod refusal;
mod remembered;
mod request;
mod request_error;
mod reusing;
mod rules;
mod scm_rules;
mod settings;
mod srpms;
mod storing;
mod submission;
mod submitter;
mod support_stream;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
mod version;
mod virtual_streams;

pub use admission::{Admission, AdmissionError, AdmissionPolicy, ExistingBuild, KnownBuild, admit_builds};
pub use arches::ArchRules;
pub use assemble::assemble;
pub use assumed::AssumedPlatform;
pub use check::{check_new_build, check_request, check_reuse};
pub use commits::Commits;
pub use documents::{FetchedDocument, InputDocuments, input_documents};
pub use end_of_life::{LifeCycle, check_end_of_life};
pub use error::{ExpandFailure, SubmitError};
pub use import::{IMPORT_BACKEND, IMPORT_OWNER, Import, ImportError, import, import_shipped};
pub use included::{Included, IncludedSource, collect_included};
pub use names::{BuildNames, Foreseen, foresee};
pub use origin::Origin;
pub use pipeline::Planner;
pub use policy::SubmitPolicy;
pub use prepare::{Prepared, prepare_document};
pub use refusal::RefusalKind;
pub use request::{PARAMETERS, ReuseFrom, SubmitInput, SubmitRequest, parameter_shape};
pub use request_error::RequestError;
pub use reusing::{Fingerprints, Reusing};
pub use settings::Settings;
pub use srpms::{CustomSrpms, SourceRpmReader};
pub use storing::{StoredBuild, StoringError, store_builds, store_import};
pub use submission::{PlannedBuild, Submissions, Warning};
pub use submitter::{DocumentSource, ReadyDocuments, Submitted, Submitter};
pub use support_stream::{ReleaseSchedule, ScheduleError, SupportRule, SupportStreams, add_support_suffixes};
pub use virtual_streams::base_names_needed;
