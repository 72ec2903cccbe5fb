//! What the README shows is what the program prints.

use std::process::Command;

/// Every `$ undue …` command of the README with the output shown beneath it.
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
        let Some((_, arguments)) = command.split_once("undue ") else { continue };
        if command.starts_with("cargo run") || command.starts_with("undue ") {
            let arguments = arguments.trim_start_matches("-- ").split_whitespace();
            let result = Command::new(env!("CARGO_BIN_EXE_undue"))
                .args(arguments)
                .env_remove("COLUMNS")
                .output()
                .unwrap();
            assert!(result.status.success(), "{command}");
            let printed =
                String::from_utf8(result.stdout).unwrap() + &String::from_utf8_lossy(&result.stderr);
            if !output.is_empty() {
                assert_eq!(printed.trim_end(), output, "{command}");
            }
            run += 1;
        }
    }
    assert!(run >= 2, "{run} commands of the README were run");
}
