//! What stands where a file should: folders, devices, pipes, links in a ring, files without end or rights.

use std::fs::{self, File};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{ended, flowcast, limited};

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    (folder, path)
}

#[test]
fn what_is_no_file_is_refused() {
    let (_guard, folder) = folder();
    let ring = folder.join("ring");
    symlink(&ring, &ring).unwrap();
    let nowhere = folder.join("nowhere");
    symlink(folder.join("absent"), &nowhere).unwrap();
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let empty = folder.join("empty");
    fs::create_dir(&empty).unwrap();
    let through_a_file = folder.join("file/x.yaml");
    fs::write(folder.join("file"), "vpcs: []\n").unwrap();
    let endless = folder.join("endless");
    File::create(&endless).unwrap().set_len(1 << 42).unwrap();
    let long = folder.join("x".repeat(300));
    let devices = ["/dev/zero", "/dev/null", "/dev/random"].map(PathBuf::from);
    let own = [ring, nowhere, pipe, empty, through_a_file, endless, long];
    for path in own.iter().chain(&devices) {
        for command in ["run", "explain"] {
            flowcast(&[command, text(path)]).refused(4, &format!("cannot read `{}`", text(path)));
        }
    }
}

/// Some files say that they are empty, and are not.
#[cfg(target_os = "linux")]
#[test]
fn files_are_measured_while_they_are_read() {
    let ended = flowcast(&["run", "/proc/self/pagemap"]);
    assert!(matches!(ended.code, Some(3 | 4)), "{ended:?}");
}

#[test]
fn a_folder_of_answers_may_hold_anything() {
    let (_guard, folder) = folder();
    fs::copy(format!("{}/valid/account.json", super::DATA), folder.join("account.json")).unwrap();
    symlink(&folder, folder.join("ring")).unwrap();
    assert!(Command::new("mkfifo").arg(folder.join("pipe.json")).status().unwrap().success());
    symlink("/dev/zero", folder.join("zero.json")).unwrap();
    let ended = flowcast(&["run", text(&folder)]);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
    let mut deep = folder.clone();
    deep.extend(["d"; 40]);
    fs::create_dir_all(&deep).unwrap();
    flowcast(&["run", text(&folder)]).refused(4, text(&folder));
}

#[test]
fn names_of_files_are_shown_and_do_nothing() {
    let (_guard, folder) = folder();
    let name = "\u{1b}[2J\u{9b}31m\u{202e}<b>%0A::error::.yaml";
    let path = folder.join(name);
    flowcast(&["run", text(&path)]).refused(4, "\\u{1b}[2J\\u{9b}31m\\u{202e}");
    fs::write(&path, "vpcs: [\n").unwrap();
    flowcast(&["run", text(&path)]).refused(3, "\\u{1b}[2J\\u{9b}31m\\u{202e}");
    for form in ["text", "json", "github"] {
        let ended = flowcast(&["check", "--output", form, text(&path)]);
        assert_eq!(ended.code, Some(3));
        let printed = format!("{}{}", ended.stdout, ended.stderr);
        let control = printed.chars().find(|c| c.is_control() && *c != '\n');
        assert_eq!(control, None, "{form}: {printed:?}");
    }
}

/// Rights do not bind root, which then becomes somebody else.
#[test]
fn without_rights_nothing_is_read() {
    let (_guard, folder) = folder();
    let locked = folder.join("locked");
    fs::create_dir(&locked).unwrap();
    let inside = locked.join("x.yaml");
    fs::write(&inside, "vpcs: []\n").unwrap();
    let file = folder.join("file.yaml");
    fs::write(&file, "vpcs: []\n").unwrap();
    let set = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    set(&folder, 0o755);
    set(&locked, 0o000);
    set(&file, 0o000);
    let is_root = fs::read(&file).is_ok();
    let somebody = "exec setpriv --reuid=65534 --regid=65534 --clear-groups -- \"$0\" \"$@\";";
    let run = |path: &Path| {
        let mut command = limited(if is_root { somebody } else { "" });
        ended(command.args(["run", text(path)]))
    };
    let reachable = run(Path::new("/dev/null"));
    if reachable.stderr.contains("cannot read `/dev/null`") {
        for path in [&file, &locked, &inside] {
            let ended = run(path);
            ended.refused(4, &format!("cannot read `{}`", text(path)));
            assert!(ended.stderr.contains("ermission denied"), "{}", ended.stderr);
        }
    } else {
        eprintln!("skipped: root cannot become somebody who can run the program: {}", reachable.stderr);
    }
    set(&locked, 0o755);
}
