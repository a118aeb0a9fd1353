//! Scratch builds: a number behind the context keeps each one apart.

use crate::{Context, NameError};

/// The number that the next scratch build gets: one more than there are scratch builds of the same name, stream and
/// version whose context starts with the one that was computed or set.
///
/// `earlier` are the contexts of all scratch builds of that name, stream and version. As the original asks its
/// database with a pattern, `_` in the context stands for any one character.
pub fn scratch_number<'a>(context: &Context, earlier: impl IntoIterator<Item = &'a Context>) -> u64 {
    let starts = |found: &&Context| {
        let mut found = found.as_str().chars();
        context.as_str().chars().all(|wanted| found.next().is_some_and(|found| wanted == '_' || wanted == found))
    };
    earlier.into_iter().filter(starts).fold(1, |number, _| number + 1)
}

/// The context of a scratch build.
///
/// # Errors
/// [`NameError`] when it becomes too long.
pub fn scratch_context(context: &Context, number: u64) -> Result<Context, NameError> {
    Context::new(format!("{context}_{number}"))
}
