//! Every example works as it is shown: those of the help texts, of the README and of the book.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use flowcast::difference;

use crate::library::blocks;
use crate::shapes::files_below;

const TOP: &str = env!("CARGO_MANIFEST_DIR");

/// A copy of what examples read, in which they may also write.
fn playground() -> tempfile::TempDir {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
            let to = to.join(entry.file_name());
            if entry.path().is_dir() {
                copy(&entry.path(), &to);
            } else {
                fs::copy(entry.path(), to).unwrap();
            }
        }
    }
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(TOP).join("scenarios"), &folder.path().join("scenarios"));
    // What AWS answered, where the examples have it.
    copy(
        &Path::new(TOP).join("tests/data/batfish/test-public-subnet/aws_configs"),
        &folder.path().join("dump"),
    );
    folder
}

fn flowcast<'w>(folder: &Path, words: impl IntoIterator<Item = &'w str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
    command.current_dir(folder).args(words).env("NO_COLOR", "1").output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// The arguments of flowcast in a line that may go on with a pipe or into a file; what is quoted has no spaces here.
fn arguments(line: &str) -> Vec<&str> {
    line.split(['|', '>'])
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .map(|word| word.trim_matches('\''))
        .collect()
}

/// Every subcommand, as the help lists them.
pub(crate) fn commands() -> Vec<String> {
    let help = text(flowcast(Path::new(TOP), ["--help"]).stdout);
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    let names = list
        .lines()
        .filter(|line| !line.starts_with("    "))
        .filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(ToOwned::to_owned).collect()
}

#[test]
fn examples_of_the_help_texts_work() {
    let folder = playground();
    for command in commands() {
        let help = text(flowcast(folder.path(), [command.as_str(), "--help"]).stdout);
        let examples =
            help.split_once("\nExamples:\n").unwrap_or_else(|| panic!("{command} has no examples")).1;
        let examples: Vec<_> =
            examples.lines().map(|line| line.trim().strip_prefix("flowcast ").unwrap()).collect();
        assert!(!examples.is_empty(), "{command} has no examples");
        for example in examples {
            assert!(example.starts_with(&command), "{command}: {example}");
            let output = flowcast(folder.path(), arguments(example));
            // What somebody expects may not be the case: that is what such an example shows.
            let ends = if example.contains("--expect") { 0..=1 } else { 0..=0 };
            let code = output.status.code().unwrap();
            assert!(ends.contains(&code), "{example} ends with {code}: {}", text(output.stderr));
        }
    }
}

/// A line `$ flowcast …` must be a command that works; what stands below it is what it prints.
#[test]
fn commands_of_the_pages_print_what_is_shown() {
    let pages = files_below("book/src", "md").into_iter().map(|path| path.to_str().unwrap().to_owned());
    let (mut run, mut compared) = (0, 0);
    for page in pages.chain(["README.md".to_owned()]) {
        for block in blocks(&page, "console") {
            for shown in block.trim_start_matches("$ ").split("\n$ ") {
                let (command, expected) = shown.split_once('\n').unwrap_or((shown, ""));
                let line =
                    command.strip_prefix("cargo run --release -- ").or(command.strip_prefix("flowcast "));
                let Some(line) = line else { continue };
                let output = flowcast(playground().path(), arguments(line));
                let code = output.status.code().unwrap();
                assert!(code <= 1, "{page}: `{command}` ends with {code}: {}", text(output.stderr));
                run += 1;
                if expected.trim().is_empty() {
                    continue;
                }
                let differs = difference(expected.trim_end(), text(output.stdout).trim_end());
                let shown = differs.as_deref().unwrap_or_default();
                assert_eq!(differs, None, "{page}: `{command}` prints something else:\n{shown}");
                compared += 1;
            }
        }
    }
    assert!(run >= 4 && compared >= 2, "the README shows `run` and `explain`");
}

/// What the page shows of a scenario stands in that scenario.
#[test]
fn the_page_of_gateways_shows_its_scenario() {
    let scenario = std::fs::read_to_string(format!("{TOP}/scenarios/guide/ways-out.yaml")).unwrap();
    let shown = blocks("book/src/ways-out.md", "yaml");
    assert_eq!(shown.len(), 5);
    for block in shown {
        assert!(scenario.contains(block.trim_end()), "the scenario says something else than:\n{block}");
    }
}

#[test]
fn shells_complete_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = text(flowcast(Path::new(TOP), ["completions", shell]).stdout);
        for command in commands() {
            assert!(script.contains(&command), "{shell} does not complete {command}");
        }
        assert!(script.contains("deny-warnings"), "{shell} does not complete options");
        for value in ["unanswered", "windows"] {
            assert!(script.contains(value) || shell == "elvish" || shell == "powershell", "{shell}: {value}");
        }
    }
}

/// The script that bash would read, read by bash.
#[test]
fn bash_completes() {
    let script = text(flowcast(Path::new(TOP), ["completions", "bash"]).stdout);
    let words =
        "COMP_WORDS=(flowcast che); COMP_CWORD=1; _flowcast flowcast che flowcast; echo ${COMPREPLY[@]}";
    let Ok(output) = Command::new("bash").args(["-c", &format!("{script}\n{words}")]).output() else {
        return;
    };
    assert_eq!(text(output.stdout).trim(), "check");
}

#[test]
fn every_command_has_a_page_of_the_manual() {
    let folder = tempfile::tempdir().unwrap();
    assert!(flowcast(folder.path(), ["man", "pages"]).status.success());
    let main = text(flowcast(folder.path(), ["man"]).stdout);
    assert_eq!(fs::read_to_string(folder.path().join("pages/flowcast.1")).unwrap(), main);
    for command in commands() {
        let page = fs::read_to_string(folder.path().join(format!("pages/flowcast-{command}.1"))).unwrap();
        assert!(page.contains(".SH EXAMPLES\n.nf\n  flowcast "), "{page}");
        assert!(main.contains(&format!("flowcast\\-{command}(1)")), "{main}");
    }
    assert!(!main.contains("flowcast\\-help(1)"), "there is no such page");
}
