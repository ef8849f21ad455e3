//! `flowcast import aws`: the scenario that it writes says the same as the answers, and its commands collect them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use flowcast::aws::{ANSWERS, Answer, Use};
use flowcast::{Scenario, import_aws};
use serde_json::Value;

use super::dump::{Dump, route, says};
use super::questions::{Shown, answers, questions};
use super::random::{random_dump, seeds};
use super::secrets::pointers;

/// Reads answers and the scenario made of them, and asks both the same.
fn compare(path: &Path, what: &str) -> usize {
    let observed = Scenario::load(path).unwrap_or_else(|error| panic!("{what}: {error}"));
    let imported = import_aws(path).unwrap_or_else(|error| panic!("{what}: {error}"));
    let written = Scenario::parse("imported.yaml", &imported.text)
        .unwrap_or_else(|error| panic!("{what}: {error}\n{}", imported.text));
    let asked = questions(&observed);
    let (one, other) =
        (answers(&observed, &asked, Shown::Positions), answers(&written, &asked, Shown::Positions));
    for (one, other) in one.iter().zip(&other) {
        assert_eq!(one, other, "{what}\n{}", imported.text);
    }
    assert_eq!(imported.usage, observed.usage, "{what}");
    asked.len()
}

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// Folders and files of `tests/data` that are read as one network each.
fn dumps() -> Vec<PathBuf> {
    let entries = |folder: PathBuf| {
        let mut all: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    };
    let mut dumps = Vec::new();
    dumps.extend(
        entries(data().join("batfish"))
            .into_iter()
            .filter(|path| path.is_dir())
            .map(|path| path.join("aws_configs")),
    );
    dumps.extend(
        entries(data().join("moto")).into_iter().filter(|path| path.is_dir()).map(|path| path.join("aws")),
    );
    dumps.extend(entries(data().join("np-guard/input")));
    dumps.extend(entries(data().join("vpc-lattice")));
    for folder in entries(data().join("aws")).into_iter().filter(|path| path.is_dir()) {
        dumps.extend(entries(folder));
    }
    dumps
}

#[test]
fn every_dump_says_the_same_as_the_scenario_made_of_it() {
    let mut asked = 0;
    let mut networks = 0;
    for path in dumps() {
        // The sample has files that are refused; another test has their messages.
        let Ok(scenario) = Scenario::load(&path) else { continue };
        if scenario.network.vpcs.is_empty() {
            let error = import_aws(&path).unwrap_err().to_string();
            assert!(error.contains("the answers tell of no VPC"), "{error}");
        } else {
            asked += compare(&path, &path.display().to_string());
            networks += 1;
        }
    }
    assert!(networks >= 12 && asked >= 3_000, "{networks} networks, {asked} questions");
}

#[test]
fn random_dumps_say_the_same_as_the_scenarios_made_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    for seed in seeds(100, 20) {
        let dump = random_dump(seed);
        fs::write(&file, dump.text()).unwrap();
        compare(&file, &dump.text());
    }
}

/// Whatever text stands in the place of another: it is refused, or what is made of the answers can be read and says the
/// same.
#[test]
fn strange_texts_are_refused_or_kept() {
    let lab: Value = serde_json::from_str(&Dump::lab().text()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    let (mut refused, mut kept) = (0, 0);
    for pointer in pointers(&lab) {
        for strange in ["", "two words", "->", "local"] {
            let mut changed = lab.clone();
            let text = changed.pointer_mut(&pointer).filter(|value| value.is_string());
            let Some(text) = text else { continue };
            *text = strange.into();
            fs::write(&file, changed.to_string()).unwrap();
            if Scenario::load(&file).is_ok() {
                compare(&file, &format!("{pointer} `{strange}`"));
                kept += 1;
            } else {
                refused += 1;
            }
        }
    }
    assert!(refused > 50 && kept > 50, "{refused} refused, {kept} kept");
}

/// A route that was propagated and leads nowhere any more, beside a static one to the same block.
#[test]
fn a_dead_propagated_route_stays_one() {
    let to = |target: &str, state: &str, origin: &str| serde_json::json!({"DestinationCidrBlock": "172.16.0.0/12", "GatewayId": target, "State": state, "Origin": origin});
    let routes = serde_json::json!([
        route("10.0.0.0/16", "local"),
        to("vgw-0001", "blackhole", "EnableVgwRoutePropagation"),
        to("vgw-0002", "active", "CreateRoute")
    ]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dump.json");
    fs::write(&file, Dump::lab().edit("rtb-main", serde_json::json!({"Routes": routes})).text()).unwrap();
    let imported = Scenario::parse("imported.yaml", &import_aws(&file).unwrap().text).unwrap();
    let unknown = "unknown: route: 172.16.0.0/12 -> vgw-0002, which was not collected or is not known; beats 172.16.0.0/12 -> vgw-0001";
    assert_eq!(says(&imported, "i-webs", "172.16.0.9", "tcp 443"), unknown);
}

fn script() -> String {
    let output =
        Command::new(env!("CARGO_BIN_EXE_flowcast")).args(["import", "aws", "--commands"]).output().unwrap();
    assert!(output.status.success());
    String::from_utf8(output.stdout).unwrap()
}

/// `ec2 describe-vpcs` of every call of the script.
fn calls(script: &str) -> Vec<String> {
    let calls = script.match_indices("aws ").filter(|(at, _)| {
        let before = script[..*at].chars().next_back();
        !before.is_some_and(|before| before.is_alphanumeric() || before == '-')
    });
    let words = calls.map(|(at, found)| {
        script[at + found.len()..].split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    });
    let services: std::collections::BTreeSet<&str> =
        ANSWERS.iter().filter_map(|answer| answer.call.split(' ').next()).collect();
    words.filter(|call| call.split_once(' ').is_some_and(|(of, _)| services.contains(of))).collect()
}

#[test]
fn the_commands_only_read_and_collect_everything_that_is_used() {
    let script = script();
    let calls = calls(&script);
    assert!(calls.len() > 20, "{calls:?}");
    for call in &calls {
        let verb = call.split(' ').nth(1).unwrap().split('-').next().unwrap();
        assert!(["describe", "get", "list", "search"].contains(&verb), "{call} does not only read");
    }
    for answer in ANSWERS.iter().filter(|answer| !matches!(answer.becomes, Use::Unused)) {
        let call: Vec<&str> = answer.call.split(' ').take(2).collect();
        assert!(calls.contains(&call.join(" ")), "{} is not collected", answer.key);
    }
}

/// The script is run, with a stand-in for the AWS CLI that answers from a dump.
#[test]
fn the_commands_collect_what_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let (answers, collected) = (folder.path().join("answers"), folder.path().join("collected"));
    fs::create_dir_all(&answers).unwrap();
    let permission = serde_json::json!([{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-list"}]}]);
    let dump =
        super::load_balancers::balanced().edit("sg-webs", serde_json::json!({"IpPermissions": permission}));
    let is_simple = |answer: &&Answer| answer.beside.is_none() && answer.call.contains(" describe-");
    for answer in ANSWERS.iter().filter(is_simple) {
        let list = dump.answers().find(|(key, _)| *key == answer.key).map(|(_, list)| list.clone());
        let is_object = answer.key == "VpcBlockPublicAccessOptions";
        let nothing = if is_object { serde_json::json!({}) } else { serde_json::json!([]) };
        let text = serde_json::json!({answer.key: list.unwrap_or(nothing)});
        let name = answer.call.trim_start_matches("ec2 ").replace(' ', "-");
        fs::write(answers.join(name), serde_json::to_string_pretty(&text).unwrap() + "\n").unwrap();
    }
    let lists = "{\n    \"PrefixLists\": [\n        {\"PrefixListId\": \"pl-list\", \"PrefixListName\": \"offices\"},\n        {\"PrefixListId\": \"pl-more\"}\n    ]\n}\n";
    fs::write(answers.join("describe-managed-prefix-lists"), lists).unwrap();
    fs::write(
        answers.join("get-managed-prefix-list-entries"),
        "{\n    \"Entries\": [\n        {\n            \"Cidr\": \"192.0.2.0/24\"\n        }\n    ]\n}\n",
    )
    .unwrap();
    let balancer = dump.get("LoadBalancers")[0]["LoadBalancerArn"].as_str().unwrap().to_owned();
    let group = dump.get("TargetGroups")[0]["TargetGroupArn"].as_str().unwrap().to_owned();
    let listener = dump.get("Listeners")[0]["ListenerArn"].as_str().unwrap().to_owned();
    for (call, key) in [
        ("elbv2-describe-listeners", "Listeners"),
        ("elbv2-describe-rules", "Rules"),
        ("elbv2-describe-load-balancer-attributes", "Attributes"),
        ("elbv2-describe-target-group-attributes", "Attributes"),
        ("elbv2-describe-target-health", "TargetHealthDescriptions"),
    ] {
        let list = if key == "Attributes" { serde_json::json!([]) } else { dump.get(key).clone() };
        let text = serde_json::to_string_pretty(&serde_json::json!({key: list})).unwrap() + "\n";
        fs::write(answers.join(call), text).unwrap();
    }
    let stand_in = format!(
        "#!/bin/sh\ncase \"$*\" in\n  *\"[].LoadBalancerArn\"*) echo {balancer} ;;\n  *\"[].TargetGroupArn\"*) echo {group} ;;\n  *\"[].ListenerArn\"*) echo {listener} ;;\n  *\"[].LoadBalancerName\"*) : ;;\n  elb*) cat \"{0}/$1-$2\" ;;\n  *PrefixListId\\ --output*|*\"[].PrefixListId\"*) printf 'pl-list\\tpl-more\\n' ;;\n  *InstanceType*--output\\ text*) printf 't3.micro\\tt3.micro\\n' ;;\n  *) cat \"{0}/$2\" ;;\nesac\n",
        answers.display()
    );
    let aws = folder.path().join("aws");
    fs::write(&aws, stand_in).unwrap();
    make_executable(&aws);
    let script_file = folder.path().join("collect.sh");
    fs::write(&script_file, script()).unwrap();
    assert!(Command::new("sh").arg("-n").arg(&script_file).status().unwrap().success(), "sh reads it");
    let path = std::env::var("PATH").unwrap_or_default();
    let collect = |into: &Path| {
        fs::create_dir_all(into).unwrap();
        let output = Command::new("sh")
            .arg(&script_file)
            .current_dir(into)
            .env("PATH", format!("{}:{path}", folder.path().display()))
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
        told
    };
    collect(&collected);
    let entries: serde_json::Value =
        serde_json::from_slice(&fs::read(collected.join("prefix-list-entries-pl-list.json")).unwrap())
            .unwrap();
    assert_eq!(entries["PrefixListId"], "pl-list");
    let scenario = Scenario::load(&collected).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(scenario.warnings.iter().count(), 0, "{:?}", scenario.warnings);
    assert_eq!(says(&scenario, "i-webs", "front", "tcp 80"), "connected");
    assert_eq!(says(&scenario, "192.0.2.7", "i-webs", "tcp 443"), "connected");
    assert_eq!(
        says(&scenario, "198.51.100.7", "i-webs", "tcp 443"),
        "blocked: security-group-ingress: no rule matches; there is tcp 443 from pl-list"
    );
    // Whoever may not ask for network ACLs is told so, and what rests on them is unknown.
    fs::remove_file(answers.join("describe-network-acls")).unwrap();
    let refused = folder.path().join("refused");
    assert!(collect(&refused).contains("not collected: describe-network-acls.json"));
    let scenario = Scenario::load(&refused).unwrap_or_else(|error| panic!("{error}"));
    assert!(says(&scenario, "192.0.2.7", "i-webs", "tcp 443").starts_with("unknown: network-acl-ingress"));
}

#[cfg(unix)]
fn make_executable(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}
