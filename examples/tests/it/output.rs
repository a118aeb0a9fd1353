//! Output of the programs, compared.

/// Runs a program of this package.
fn output(program: &str) -> String {
    #[expect(clippy::disallowed_methods, reason = "this file owns the running of the examples")]
    let mut command = std::process::Command::new(program);
    let output = command.output().expect("the example starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn build_a_module() {
    assert_eq!(output(env!("CARGO_BIN_EXE_build_a_module")), include_str!("../build_a_module.out"));
}
