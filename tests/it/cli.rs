//! Commands as a user runs them: what they print, where, and how they end.

use std::path::Path;
use std::process::{Command, Output, Stdio};

const SHOP: &str = "\
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets:
  - {name: front, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}
  - {name: back, cidr_block: 10.0.1.0/24}
security_groups:
  - {name: db, ingress: [allow tcp 5432 from web]}
  - {name: web, ingress: [allow tcp 443 from 0.0.0.0/0]}
instances:
  - {name: web, subnet: front, security_groups: [web], private_ip: 10.0.0.10, public_ip: 198.51.100.10}
  - {name: db, subnet: back, security_groups: [db], private_ip: 10.0.1.20, listens: [tcp 5432]}
connections:
  - {name: query, from: web, to: db, tcp: 5432}
expect:
  query: connected
";

struct Run {
    folder: tempfile::TempDir,
}

impl Run {
    fn with(scenario: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder can be made");
        std::fs::write(folder.path().join("shop.yaml"), scenario).expect("a file can be written");
        Self { folder }
    }

    fn flowcast(&self, arguments: &[&str]) -> Output {
        Self::command(self.folder.path(), arguments).output().expect("the binary runs")
    }

    fn command(folder: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_flowcast"));
        command.current_dir(folder).args(arguments).env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
        command
    }
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("output is UTF-8")
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are UTF-8")
}

#[track_caller]
fn ends(output: &Output, code: i32) {
    assert_eq!(output.status.code(), Some(code), "stdout:\n{}\nstderr:\n{}", out(output), err(output));
}

#[test]
fn exit_codes() {
    let run = Run::with(SHOP);
    ends(&run.flowcast(&["run", "shop.yaml"]), 0);
    ends(&run.flowcast(&["run"]), 2);
    ends(&run.flowcast(&["run", "absent.yaml"]), 4);
    ends(&run.flowcast(&["test", "shop.yaml"]), 0);
    ends(&run.flowcast(&["explain", "shop.yaml", "--from", "db", "--to", "web", "--tcp", "22"]), 0);
    let expecting =
        ["explain", "shop.yaml", "--from", "db", "--to", "web", "--tcp", "22", "--expect", "connected"];
    ends(&run.flowcast(&expecting), 1);
    ends(&run.flowcast(&["explain", "shop.yaml", "--from", "nobody", "--to", "web", "--tcp", "22"]), 2);
    ends(&run.flowcast(&["explain", "shop.yaml", "--from", "web"]), 2);
    ends(&run.flowcast(&["explain", "shop.yaml", "--tcp", "22"]), 2);
    ends(&run.flowcast(&["explain", "shop.yaml", "--udp", "53", "--connection", "query"]), 2);
    ends(
        &run.flowcast(&["explain", "shop.yaml", "--from", "web", "--to", "db", "--tcp", "1", "--udp", "1"]),
        2,
    );
    ends(&Run::with("vpcs: [").flowcast(&["run", "shop.yaml"]), 3);
    ends(&Run::with(&SHOP.replace("query: connected", "query: blocked")).flowcast(&["run", "shop.yaml"]), 1);
    ends(&Run::with(&SHOP.replace("query: connected", "query: blocked")).flowcast(&["test", "shop.yaml"]), 1);
}

#[test]
fn records_go_to_standard_output_and_messages_to_standard_error() {
    let run = Run::with(&SHOP.replace("query: connected", "query: blocked"));
    let output = run.flowcast(&["run", "shop.yaml"]);
    assert_eq!(out(&output).lines().count(), 4);
    assert!(out(&output).lines().all(|line| line.starts_with("2 ") && line.ends_with(" ACCEPT OK")));
    assert_eq!(err(&output), "differs: query: expected outcome blocked, found connected  shop.yaml:14\n");
}

#[test]
fn reasons_stand_beside_the_records() {
    let output = Run::with(SHOP).flowcast(&["run", "shop.yaml", "--reasons"]);
    let text = out(&output);
    let first = text.lines().next().expect("there is a record");
    assert!(
        first.contains(
            "query request: group web egress 1 all to 0.0.0.0/0; tracked; acl default egress 100 allow"
        ),
        "{first}"
    );
    let plain = out(&Run::with(SHOP).flowcast(&["run", "shop.yaml"]));
    assert!(text.lines().zip(plain.lines()).all(|(with, without)| with.starts_with(without)));
}

#[test]
fn a_header_names_the_fields() {
    let output = out(&Run::with(SHOP).flowcast(&["run", "shop.yaml", "--header"]));
    assert!(output.starts_with("version account-id interface-id srcaddr dstaddr "));
    assert_eq!(output.lines().count(), 5);
}

#[test]
fn json_records_are_typed() {
    let output = Run::with(SHOP).flowcast(&["run", "shop.yaml", "--output", "json"]);
    let text = out(&output);
    let first: serde_json::Value =
        serde_json::from_str(text.lines().next().expect("a record")).expect("JSON");
    assert_eq!(first["version"], 2);
    assert_eq!(first["dstport"], 5432);
    assert_eq!(first["action"], "ACCEPT");
}

#[test]
fn json_of_an_explanation_has_the_documented_members() {
    let run = Run::with(SHOP);
    let output = run.flowcast(&[
        "explain",
        "shop.yaml",
        "--from",
        "db",
        "--to",
        "web",
        "--tcp",
        "22",
        "--output",
        "json",
    ]);
    let json: serde_json::Value = serde_json::from_str(&out(&output)).expect("JSON");
    assert_eq!(json["schema_version"], 1);
    assert_eq!(json["outcome"], "blocked");
    assert_eq!(json["symptom"], "timeout");
    assert_eq!(json["forward"]["delivered"], false);
    assert_eq!(json["forward"]["complete"], true);
    assert_eq!(json["reverse"]["complete"], true);
    assert_eq!(json["blockers"][0]["stage"], "security-group-ingress");
    assert_eq!(json["blockers"][0]["leg"], "forward");
    assert_eq!(json["blockers"][0]["decided_by"]["owner"], "web");
    let checkpoint = &json["forward"]["checkpoints"][1];
    for member in ["stage", "place", "direction", "decision", "hypothetical", "decided_by", "header"] {
        assert!(!checkpoint[member].is_null(), "{member}");
    }
    for member in ["kind", "id", "owner", "text", "source_page"] {
        assert!(checkpoint["decided_by"][member].is_string(), "{member}");
    }
    assert!(json["records"][0]["line"].as_str().is_some_and(|line| line.ends_with("REJECT OK")));
    assert!(json["alternatives"].as_array().is_some_and(Vec::is_empty));
    assert_eq!(
        json["assumptions"],
        serde_json::json!(["linux-ephemeral-ports", "nitro-by-default", "syn-retries"])
    );
}

#[test]
fn colour_only_where_it_is_wanted() {
    let run = Run::with(SHOP);
    let explain = ["explain", "shop.yaml"];
    let forced = |key: &str| {
        let output =
            Run::command(run.folder.path(), &explain).env("CLICOLOR_FORCE", "1").env(key, "1").output();
        out(&output.expect("the binary runs")).contains('\u{1b}')
    };
    assert!(!out(&run.flowcast(&explain)).contains('\u{1b}'), "a pipe is no terminal");
    assert!(forced("CLICOLOR_FORCE"));
    assert!(!forced("NO_COLOR"));
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let many: String =
        (0..2000).map(|n| format!("  - {{name: q{n}, from: web, to: db, tcp: 5432}}\n")).collect();
    let run = Run::with(&SHOP.replace("  - {name: query", &format!("{many}  - {{name: query")));
    let mut child = Run::command(run.folder.path(), &["run", "shop.yaml"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    ends(&output, 0);
    assert_eq!(err(&output), "");
}

#[test]
fn golden_files_are_blessed_and_compared() {
    let run = Run::with(SHOP);
    let golden = run.folder.path().join("shop.log");
    ends(&run.flowcast(&["test", "."]), 0);
    assert!(!golden.exists(), "nothing is written unasked");
    ends(&run.flowcast(&["test", ".", "--bless"]), 0);
    assert_eq!(
        std::fs::read_to_string(&golden).expect("it was written"),
        out(&run.flowcast(&["run", "shop.yaml"]))
    );
    ends(&run.flowcast(&["test", "."]), 0);
    std::fs::write(&golden, "2 something else\n").expect("a file can be written");
    let output = run.flowcast(&["test", ".", "--junit", "report.xml"]);
    ends(&output, 1);
    assert!(out(&output).contains("shop.log differs"), "{}", out(&output));
    let junit = std::fs::read_to_string(run.folder.path().join("report.xml")).expect("it was written");
    assert!(junit.contains("failures=\"1\"") && junit.contains("2 something else"), "{junit}");
}

#[test]
fn hostile_names_cannot_move_the_cursor() {
    let hostile = SHOP
        .replace("name: query", "name: \"q\\e[31m\\u202e\"")
        .replace("query: connected", "\"q\\e[31m\\u202e\": blocked");
    let run = Run::with(&hostile);
    for arguments in
        [&["run", "shop.yaml", "--reasons"][..], &["explain", "shop.yaml"], &["test", "shop.yaml"]]
    {
        let output = run.flowcast(arguments);
        for text in [out(&output), err(&output)] {
            assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{arguments:?}: {text:?}");
        }
    }
}

#[test]
fn published_ranges_can_be_given() {
    let format = "flow_logs: [{resource: web, log_format: \"${srcaddr} ${pkt-src-aws-service} ${pkt-dst-aws-service}\"}]\n";
    let run = Run::with(&format!("{SHOP}{format}").replace("to: db, tcp: 5432", "to: 3.5.1.1, tcp: 443"));
    let ranges = r#"{"prefixes": [{"ip_prefix": "3.5.0.0/16", "service": "S3"}], "ipv6_prefixes": []}"#;
    std::fs::write(run.folder.path().join("ranges.json"), ranges).expect("a file can be written");
    assert_eq!(out(&run.flowcast(&["run", "shop.yaml"])), "10.0.0.10 - -\n3.5.1.1 - -\n");
    let output = run.flowcast(&["run", "shop.yaml", "--ip-ranges", "ranges.json"]);
    assert!(
        out(&output).contains("10.0.0.10 - S3\n") && out(&output).contains("3.5.1.1 S3 -\n"),
        "{}",
        out(&output)
    );
    std::fs::write(run.folder.path().join("ranges.json"), "{}").expect("a file can be written");
    ends(&run.flowcast(&["run", "shop.yaml", "--ip-ranges", "ranges.json"]), 3);
}

/// A connection that a proxy took goes on behind it, and each face says so.
#[test]
fn what_is_behind_a_proxy_is_told_at_a_time_and_below_a_timeline() {
    let scenario = include_str!("../../scenarios/time/targets-change.yaml");
    let run = Run::with(scenario);
    let asked = ["explain", "shop.yaml", "--connection", "lasts", "--at", "80s"];
    let text = run.flowcast(&asked);
    assert!(out(&text).contains("At 1m 20s, behind web: from it to spare"), "{}", out(&text));
    let json = run.flowcast(&[&asked[..], &["--output", "json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&out(&json)).expect("it is JSON");
    let behind = &json["moment"]["onward"][0];
    assert_eq!((&behind["from"], &behind["to"]), (&"web".into(), &"spare".into()));
    assert!(behind["flows"].as_array().is_some_and(|flows| !flows.is_empty()), "{behind}");
    let timeline = run.flowcast(&["timeline", "shop.yaml"]);
    assert!(out(&timeline).contains("a proxy opens a connection of its own"), "{}", out(&timeline));
}

/// Of several connections there is a document for each, as `jq` and other readers of streams take them.
/// Checks that go on for days are told once in each network.
#[test]
fn health_checks_that_fare_alike_are_explained_once() {
    let run = Run::with(
        "\
duration: 2d
vpcs: [{name: lab, cidr_block: 10.0.0.0/16}]
subnets: [{name: a, cidr_block: 10.0.0.0/24}]
security_groups: [{name: web, ingress: [allow tcp 80 from 10.0.0.0/16]}]
instances: [{name: app, subnet: a, security_groups: [web]}]
load_balancers: [{name: web, type: network, scheme: internal, subnets: [a], listeners: [tcp 80 -> app]}]
target_groups: [{name: app, protocol: TCP, port: 80, targets: [app], health_check: {}}]
events: [{at: 1d, change: {security_groups: [{name: web, ingress: []}]}}]
connections: []
",
    );
    let text = out(&run.flowcast(&["explain", "shop.yaml"]));
    let told: Vec<&str> = text.lines().filter(|line| line.contains("  health check of ")).collect();
    let [first, changed] = told[..] else { panic!("{text}") };
    assert!(first.starts_with("CONNECTED  health check of app:80 by web-a:"), "{first}");
    assert!(changed.starts_with("BLOCKED  health check of app:80 by web-a #2881:"), "{changed}");
    assert!(text.contains("\n5758 later health checks which fare alike are not shown"), "{text}");
    let named = ["explain", "shop.yaml", "--connection", "health check of app:80 by web-a #7"];
    assert!(out(&run.flowcast(&named)).starts_with("CONNECTED  health check of app:80 by web-a #7:"));
}

#[test]
fn json_of_several_explanations_is_a_document_for_each() {
    let more = "  - {name: back, from: db, to: web, tcp: 443}\nexpect:";
    let run = Run::with(&SHOP.replace("expect:", more));
    let text = out(&run.flowcast(&["explain", "shop.yaml", "--output", "json"]));
    let documents = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
    let names: Vec<String> =
        documents.map(|document| document.expect("JSON")["connection"].to_string()).collect();
    assert_eq!(names, ["\"query\"", "\"back\""]);
}

/// What one change mends is said once.
#[test]
fn a_change_is_said_once_with_all_that_it_mends() {
    let run = Run::with(
        "\
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw, block_public_access: block-bidirectional}]
subnets:
  - {name: public, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}
  - {name: private, cidr_block: 10.0.1.0/24, routes: [0.0.0.0/0 -> nat]}
nat_gateways: [{name: nat, subnet: public, public_ip: 198.51.100.7}]
vpc_endpoints: [{name: sqs, vpc: lab, service: sqs, subnets: [private], security_groups: [closed]}]
security_groups: [{name: closed, egress: [allow tcp 443 to 0.0.0.0/0]}]
instances:
  - {name: app, subnet: private}
  - {name: pinger, subnet: private, security_groups: [closed]}
connections:
  - {name: nat-out, from: app, to: internet, tcp: 443}
  - {name: sqs-ping, from: pinger, to: sqs, icmp: echo-request}
",
    );
    let told = |name: &str| {
        let text = out(&run.flowcast(&["explain", "shop.yaml", "--connection", name]));
        let changes = text.split("To connect").nth(1).expect("something is to change");
        changes.lines().take_while(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    };
    assert_eq!(
        told("nat-out"),
        ":\n  [1][2] exempt subnet public or its VPC from Block Public Access: `allow-egress`"
    );
    assert_eq!(told("sqs-ping"), ":\n  [1][2][3] use TCP, or another kind of gateway");
}

/// What an untracked flow leaves is not memory.
#[test]
fn an_untracked_flow_is_not_remembered() {
    let run = Run::with(
        "\
vpcs: [{name: lab, cidr_block: 10.0.0.0/16, internet_gateway: igw}]
subnets: [{name: public, cidr_block: 10.0.0.0/24, routes: [0.0.0.0/0 -> igw]}]
security_groups:
  - {name: open, ingress: [allow tcp 443 from 0.0.0.0/0]}
instances: [{name: web, subnet: public, security_groups: [open], public_ip: 198.51.100.10}]
connections: [{name: in, from: 203.0.113.5, to: web, tcp: 443, lasts: 1m, request_every: 10s}]
",
    );
    let text = out(&run.flowcast(&["explain", "shop.yaml", "--connection", "in", "--at", "30s"]));
    assert!(text.contains("web does not track tcp 203.0.113.5:"), "{text}");
    assert!(text.contains("(ingress): rules judge its packets each way; last packet at 2"), "{text}");
    assert!(!text.contains("forgotten at"), "{text}");
}

#[test]
fn what_cannot_be_drawn_or_read_says_what_can() {
    let run = Run::with(SHOP);
    let refused = run.flowcast(&["graph", "shop.yaml", "--connection", "query", "--at", "10s"]);
    ends(&refused, 2);
    let told = err(&refused);
    assert!(told.contains("`query` is drawn in the network in which it begins, at 0s"), "{told}");
    assert!(told.contains("help: leave --at out; ask with --from, --to and --at"), "{told}");
    ends(&run.flowcast(&["graph", "shop.yaml", "--connection", "nobody", "--at", "10s"]), 2);
    for command in ["check", "explain"] {
        let refused = run.flowcast(&[command, "-"]);
        ends(&refused, 4);
        let told = out(&refused) + &err(&refused);
        assert!(told.contains("save what a program prints in a file, and name that"), "{told}");
    }
}
