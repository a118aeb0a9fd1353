//! Bugs look different from errors that a user can mend.

/// From now on a panic tells that it is a bug.
pub(crate) fn tell_of_bugs() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        usual(info);
        #[expect(clippy::print_stderr, reason = "the last words of the process")]
        {
            eprintln!(
                "this is a bug in mbs {}: please report it with the lines above\n\
                 hint: nothing that was stored is lost; `mbs resume` goes on with a build",
                env!("CARGO_PKG_VERSION")
            );
        }
    }));
}
