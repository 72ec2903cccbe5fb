//! What the README shows is what the program prints.
#![allow(clippy::unwrap_used)]

use std::process::Command;

/// Every `$ cargo run …` command of the README with the output shown beneath it.
fn shown() -> Vec<(String, String)> {
    let readme = std::fs::read_to_string("README.md").unwrap();
    let blocks =
        readme.split("```console\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned());
    let mut all = Vec::new();
    for block in blocks {
        for part in format!("\n{block}").split("\n$ ").skip(1) {
            let (command, output) = part.split_once('\n').unwrap_or((part, ""));
            all.push((command.to_owned(), output.trim_end().to_owned()));
        }
    }
    all
}

#[test]
fn commands_print_what_is_shown() {
    let mut run = 0;
    for (command, output) in shown() {
        let Some(arguments) = command.strip_prefix("cargo run --release -q -- ") else { continue };
        let mut program = Command::new(env!("CARGO_BIN_EXE_undue"));
        let result = program.args(arguments.split_whitespace()).env_remove("COLUMNS").output().unwrap();
        assert!(result.status.success(), "{command}");
        let printed = String::from_utf8(result.stdout).unwrap() + &String::from_utf8_lossy(&result.stderr);
        assert_eq!(printed.trim_end(), output, "{command}");
        run += 1;
    }
    assert!(run >= 2, "{run} commands of the README were run");
}
