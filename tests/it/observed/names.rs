//! Names: whatever people write into tags, nothing is mistaken for something else, and no terminal obeys it.

use std::process::Command;

use serde_json::{Value, json};

use super::dump::Dump;
use super::{check, row};

fn named(name: &str) -> Value {
    json!({"Tags": [{"Key": "Name", "Value": name}]})
}

/// The names of the two instances.
fn names(dump: &Dump) -> Vec<String> {
    dump.scenario().network.instances.iter().map(|instance| instance.identity.name.clone()).collect()
}

#[test]
fn names_that_would_be_mistaken_are_not_used() {
    for (web, app, expected) in [
        ("web", "app", ["web", "app"]),
        ("same", "same", ["i-webs", "i-apps"]),
        ("internet", "local", ["i-webs", "i-apps"]),
        ("10.0.2.10", "2001:db8::1", ["i-webs", "i-apps"]),
        ("i-apps", "", ["i-webs", "i-apps"]),
        ("nat-0123456789", "unknown-target", ["i-webs", "i-apps"]),
    ] {
        let dump = Dump::lab().edit("i-webs", named(web)).edit("i-apps", named(app));
        assert_eq!(names(&dump), expected, "{web} {app}");
    }
    let dump = Dump::lab().edit("i-webs", named("web")).edit("i-apps", named("app"));
    check(&[
        row("by name", dump.clone(), "web > app: tcp 8080", "connected"),
        row("by id", dump, "i-webs > i-apps: tcp 8080", "connected"),
    ]);
}

/// What several are called names none of them, and the message tells them apart.
#[test]
fn a_name_that_several_share_is_answered_with_their_ids() {
    let dump = Dump::lab().edit("i-webs", named("same")).edit("i-apps", named("same"));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    std::fs::write(&file, dump.text()).unwrap();
    let ask = |from: &str| {
        let arguments =
            ["explain", file.to_str().unwrap(), "--from", from, "--to", "internet", "--tcp", "443"];
        let output = Command::new(env!("CARGO_BIN_EXE_flowcast"))
            .env("NO_COLOR", "1")
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{from}");
        String::from_utf8(output.stderr).unwrap()
    };
    let told = ask("same");
    assert!(told.contains("2 instances or network interfaces are called `same`"), "{told}");
    assert!(told.contains("name one by its id: `i-apps`, `i-webs`"), "{told}");
    let told = ask("nobody-at-all");
    assert!(told.contains("declared: `") && told.contains("`i-webs`"), "{told}");
}

/// A route to something that nobody collected leads to nobody who is called so.
#[test]
fn a_name_is_no_target() {
    let routes = json!([super::dump::route("10.0.0.0/16", "local"), {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-0123456789", "State": "active"}]);
    let dump =
        Dump::lab().edit("i-apps", named("nat-0123456789")).edit("rtb-main", json!({"Routes": routes}));
    check(&[row(
        "the gateway's id",
        dump,
        "i-webs > internet: tcp 443",
        "unknown: route: 0.0.0.0/0 -> nat-0123456789, which was not collected or is not known",
    )]);
}

const WILD: &str = "we\u{1b}[31mb\u{7}\u{202e}\n| <b>&\"'\\ x";

/// Texts of a network in every output: explanations, records' reasons, problems, scenarios.
#[test]
fn control_characters_reach_no_output() {
    let group = json!({"GroupName": WILD});
    let dump = Dump::lab()
        .edit("i-webs", named(WILD))
        .edit("sg-webs", group)
        .edit("acl-open", named(WILD))
        .edit("rtb-main", named(WILD))
        .edit("vpc-main", named(WILD))
        .edit("subnet-front", named(WILD))
        .edit("igw-main", named(WILD));
    assert!(names(&dump).contains(&WILD.to_owned()), "it is a name like others");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    std::fs::write(&file, dump.text()).unwrap();
    let path = file.to_str().unwrap();
    let ask = ["explain", path, "--from", "i-apps", "--to", "i-webs"];
    for arguments in [
        [&ask[..], &["--tcp", "443", "--verbose"]].concat(),
        [&ask[..], &["--tcp", "80"]].concat(),
        [&ask[..], &["--tcp", "80", "--output", "json"]].concat(),
        vec!["explain", path, "--from", "internet", "--to", WILD, "--tcp", "80"],
        vec!["import", "aws", path, "--verbose"],
        vec!["check", path],
        vec!["check", path, "--output", "json"],
        vec!["check", path, "--output", "github"],
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_flowcast"))
            .env("NO_COLOR", "1")
            .args(&arguments)
            .output()
            .unwrap();
        let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(output.status.success(), "{arguments:?}: {text}");
        let wild = |letter: &char| {
            letter.is_control() && *letter != '\n' || ('\u{2000}'..='\u{206f}').contains(letter)
        };
        assert_eq!(text.chars().find(wild), None, "{arguments:?}: {text}");
    }
}
