//! Streams that are no longer maintained are not built.

use super::policy::SubmitPolicy;
use super::request::{SubmitInput, SubmitRequest, given};
use super::request_error::RequestError;
use crate::source::ScmUrl;
use async_trait::async_trait;

/// Tells which streams are maintained.
#[async_trait]
pub trait LifeCycle: Send + Sync {
    /// Whether a branch of a module is still maintained.
    ///
    /// # Errors
    /// Why nobody can tell, without credentials: the branch is unknown, or there is no answer.
    async fn is_active(&self, name: &str, branch: &str) -> Result<bool, String>;
}

/// Checks that the branch of a module from a repository is maintained, where the policy asks for that.
///
/// # Errors
/// [`RequestError::EndOfLife`], [`RequestError::LifeUnknown`].
pub async fn check_end_of_life(
    request: &SubmitRequest,
    policy: &SubmitPolicy,
    life_cycle: &dyn LifeCycle,
) -> Result<(), RequestError> {
    let SubmitInput::Scm { scmurl } = &request.input else { return Ok(()) };
    if !policy.check_for_eol {
        return Ok(());
    }
    let url = ScmUrl::parse(given(scmurl.as_ref()).ok_or(RequestError::NoScmUrl)?);
    let name = url.map_err(|error| RequestError::shape(&error))?.repository.name();
    let stream = request.branch().ok_or(RequestError::NoBranch)?.to_owned();
    match life_cycle.is_active(&name, &stream).await {
        Ok(true) => Ok(()),
        Ok(false) => Err(RequestError::EndOfLife { name, stream }),
        Err(problem) => Err(RequestError::LifeUnknown { name, stream, problem }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Owner;

    struct Answers(Result<bool, String>);

    #[async_trait]
    impl LifeCycle for Answers {
        async fn is_active(&self, name: &str, branch: &str) -> Result<bool, String> {
            assert_eq!((name, branch), ("app", "f28"));
            self.0.clone()
        }
    }

    #[test]
    fn only_streams_known_to_be_active_pass_where_that_is_asked_for() {
        let scm = SubmitRequest::scm(Owner::new("ann").expect("owner"), "https://git.example/app.git?#abc", "f28");
        let asking = SubmitPolicy { check_for_eol: true, ..SubmitPolicy::default() };
        let code = |request: &SubmitRequest, policy: &SubmitPolicy, answer| {
            let answers = Answers(answer);
            futures::executor::block_on(check_end_of_life(request, policy, &answers))
                .map_or_else(|error| error.code(), |()| "ok")
        };
        assert_eq!(code(&scm, &asking, Ok(true)), "ok");
        assert_eq!(code(&scm, &asking, Ok(false)), "MS0122");
        assert_eq!(code(&scm, &asking, Err("no answer".to_owned())), "MS0123");
        assert_eq!(code(&scm, &SubmitPolicy::default(), Ok(false)), "ok");
        let yaml = SubmitRequest::yaml(scm.user.clone(), "", None);
        assert_eq!(code(&yaml, &asking, Ok(false)), "ok");
    }
}
