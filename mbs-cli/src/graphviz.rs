//! The one program that this command starts for itself: Graphviz, which draws graphs.

use crate::error::CliError;
use std::io::{self, Write as _};
use std::process::{Command, Stdio};

/// Draws a graph as SVG.
pub(crate) fn svg(graph: String) -> Result<Vec<u8>, CliError> {
    draw("dot", graph)
}

fn draw(program: &str, graph: String) -> Result<Vec<u8>, CliError> {
    #[expect(clippy::disallowed_methods, reason = "this file owns the starting of Graphviz")]
    let mut command = Command::new(program);
    command.arg("-Tsvg").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => CliError::NoGraphviz,
        _ => failed(&error),
    })?;
    // It may answer before it has read everything; neither side must wait for the other.
    let mut input = child.stdin.take().ok_or_else(|| failed("it takes no input"))?;
    let writer = std::thread::spawn(move || input.write_all(graph.as_bytes()));
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let written = writer.join();
    if !output.status.success() {
        let said = output.stderr.escape_ascii().to_string().replace("\\n", "\n");
        return Err(failed(format!("it ended with {}: {}", output.status, said.trim())));
    }
    match written {
        Ok(Ok(())) => Ok(output.stdout),
        Ok(Err(error)) => Err(failed(&error)),
        Err(_) => Err(failed("it could not be given the graph")),
    }
}

fn failed(problem: impl std::fmt::Display) -> CliError {
    CliError::Graphviz { problem: problem.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_without_graphviz_is_told_what_to_install() {
        let error = draw("mbs-no-such-program", String::new()).expect_err("absent");
        assert!(error.render().contains("install `graphviz`") && error.render().contains("--format dot"), "{error}");
        assert_eq!(error.exit().number(), 5);
    }

    #[test]
    fn what_the_program_says_is_told() {
        let error = draw("false", "digraph {}".to_owned()).expect_err("it fails");
        assert!(error.to_string().contains("exit status: 1"), "{error}");
    }
}
