//! Files and folders: pages, accounts and Regions, what recorders add, and that no order of anything matters.

use std::path::Path;

use flowcast::Scenario;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::dump::{Dump, says};
use super::questions::{Shown, answers, questions};
use super::random::{Random, random_dump, seeds};
use super::{check, row};

fn folder(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn load(folder: &Path) -> Scenario {
    Scenario::load(folder).unwrap_or_else(|error| panic!("{error}"))
}

/// Each answer of a dump in a file of its own, below `under`.
fn one_each(dump: &Dump, under: &str) -> Vec<(String, String)> {
    let file =
        |(key, answer): (&str, &Value)| (format!("{under}{key}.json"), json!({key: answer}).to_string());
    dump.answers().map(file).collect()
}

fn files_of(all: &[(String, String)]) -> TempDir {
    let files: Vec<(&str, String)> = all.iter().map(|(name, text)| (name.as_str(), text.clone())).collect();
    folder(&files)
}

/// What AWS answers, as different tools leave it.
#[test]
fn wrappers() {
    let lab = Dump::lab();
    let whole: Value = serde_json::from_str(&lab.text()).unwrap();
    let list: Vec<Value> = lab.answers().map(|(key, answer)| json!({key: answer})).collect();
    let recorded: Vec<Value> =
        list.iter().map(|answer| json!({"status_code": 200, "data": answer})).collect();
    for (what, text) in [
        ("one file", whole.to_string()),
        ("a list of answers", json!(list).to_string()),
        ("recorded answers", json!(recorded).to_string()),
        ("a byte order mark", format!("\u{feff}{whole}")),
        ("white space before it", format!("\n\t {whole}")),
        ("Windows's ends of lines", serde_json::to_string_pretty(&whole).unwrap().replace('\n', "\r\n")),
        ("tokens of nothing more", json!({"NextToken": null, "Vpcs": whole["Vpcs"]}).to_string()),
    ] {
        let scenario = Scenario::parse("dump.json", &text).unwrap_or_else(|error| panic!("{what}: {error}"));
        if what != "tokens of nothing more" {
            assert_eq!(says(&scenario, "internet", "i-webs", "tcp 443"), "connected", "{what}");
        }
    }
}

/// What stands among answers and is none may be one that was cut.
#[test]
fn items_that_are_no_answers() {
    let whole: Value = serde_json::from_str(&Dump::lab().text()).unwrap();
    for (item, found) in [(json!(5), "a number"), (json!(null), "nothing"), (json!("hunter2"), "text")] {
        let text = json!([whole, item]).to_string();
        let error = Scenario::parse("dump.json", &text).unwrap_err().to_string();
        assert!(
            error.contains(&format!("`[1]` cannot be read: expected an object, found {found}")),
            "{error}"
        );
    }
}

/// What cannot be read is called by its own id, never by that of what it is in.
#[test]
fn resources_without_an_id() {
    let refused = Dump::lab().edit("subnet-front", json!({"SubnetId": []})).refusal();
    assert!(refused.contains("`Subnets[0]` cannot be read") && !refused.contains("`vpc-main`"), "{refused}");
    let refused = Dump::lab().edit("subnet-front", json!({"CidrBlock": []})).refusal();
    assert!(refused.contains("`subnet-front` cannot be read"), "{refused}");
}

/// The collector that np-guard's files come from writes keys in snake case, and instances without reservations.
#[test]
fn keys_of_a_collector() {
    let lab = Dump::lab();
    let snake = |key: &str| {
        let mut snake = String::new();
        for letter in key.chars() {
            if letter.is_ascii_uppercase() && !snake.is_empty() {
                snake.push('_');
            }
            snake.push(letter.to_ascii_lowercase());
        }
        snake
    };
    let mut collected = json!({"collector_version": "0.11.0", "provider": "aws"});
    for (key, answer) in lab.answers() {
        if key == "Reservations" {
            let instances =
                answer.as_array().unwrap().iter().map(|reservation| reservation["Instances"][0].clone());
            collected["instances"] = instances.collect();
        } else {
            collected[snake(key)] = answer.clone();
        }
    }
    let scenario = Scenario::parse("collected.json", &collected.to_string()).unwrap();
    assert_eq!(says(&scenario, "internet", "i-webs", "tcp 443"), "connected");
    assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected");
    assert_eq!(scenario.usage.unused(), 0, "{:?}", scenario.usage);
}

#[test]
fn pages() {
    let lab = Dump::lab();
    let page = |key: &str, items: &[usize], token: Option<&str>| {
        let all = lab.get(key).as_array().unwrap();
        let items: Vec<Value> = items.iter().map(|at| all[*at].clone()).collect();
        json!({key: items, "NextToken": token}).to_string()
    };
    let others: Vec<(String, String)> =
        one_each(&lab.clone().without(&["NetworkInterfaces"]), "").into_iter().collect();
    let with = |pages: &[(&str, String)]| {
        let mut all = others.clone();
        all.extend(pages.iter().map(|(name, text)| ((*name).to_owned(), text.clone())));
        files_of(&all)
    };
    let nobody = "unknown: delivery: network interfaces were not collected: somebody may have 10.0.2.99";
    // The first of two pages names the second, which may be in another file or nowhere: neither order tells.
    for (first, second) in [("1.json", "2.json"), ("2.json", "1.json")] {
        let both = with(&[
            (first, page("NetworkInterfaces", &[0], Some("more"))),
            (second, page("NetworkInterfaces", &[1], None)),
        ]);
        let scenario = load(both.path());
        assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected", "what they hold is used");
        assert_eq!(says(&scenario, "i-webs", "10.0.2.99", "tcp 80"), nobody, "{first} {second}");
        assert!(
            scenario
                .warnings
                .iter()
                .any(|problem| problem.message.starts_with("the answer is a page of several"))
        );
    }
    let one = with(&[("1.json", page("NetworkInterfaces", &[0, 1], None))]);
    assert_eq!(
        says(&load(one.path()), "i-webs", "10.0.2.99", "tcp 80"),
        "blocked: delivery: no interface has 10.0.2.99"
    );
}

/// Wherever the token stands around an answer, the answer is a page of several.
#[test]
fn tokens_of_pages() {
    let lab = Dump::lab();
    let others = one_each(&lab.clone().without(&["NetworkInterfaces"]), "");
    let page = lab.get("NetworkInterfaces");
    let collector =
        |token: &str| json!({"collector_version": "1", "network_interfaces": page, token: "more"});
    for answer in [
        json!({"NetworkInterfaces": page, "NextToken": "more"}),
        json!({"NetworkInterfaces": page, "nextToken": "more"}),
        json!({"NetworkInterfaces": page, "NextToken": 5}),
        json!({"NetworkInterfaces": page, "IsTruncated": true}),
        json!({"NetworkInterfaces": page, "Marker": "more"}),
        json!({"NetworkInterfaces": page, "IsTruncated": true, "NextMarker": "more"}),
        json!({"data": {"NetworkInterfaces": page}, "NextToken": "more"}),
        json!({"data": {"NetworkInterfaces": page, "NextToken": "more"}}),
        json!({"NextToken": "more", "Response": {"output": {"NetworkInterfaces": page}}}),
        json!([{"data": {"NetworkInterfaces": page}, "NextToken": "more"}]),
        collector("NextToken"),
        collector("next_token"),
    ] {
        let mut files = others.clone();
        files.push(("page.json".to_owned(), answer.to_string()));
        let said = says(&load(files_of(&files).path()), "i-webs", "10.0.2.99", "tcp 80");
        assert!(
            said.starts_with("unknown: delivery: network interfaces were not collected"),
            "{answer}: {said}"
        );
    }
}

/// The same VPC in files of two calls.
#[test]
fn what_is_told_twice() {
    let lab = Dump::lab();
    let mut twice = one_each(&lab, "");
    twice.extend(one_each(&lab, "again/"));
    let scenario = load(files_of(&twice).path());
    assert_eq!(scenario.network.vpcs.len(), 1);
    assert_eq!(says(&scenario, "internet", "i-webs", "tcp 443"), "connected");
    let mut other = one_each(&lab, "");
    other.push((
        "other.json".to_owned(),
        json!({"Vpcs": [{"VpcId": "vpc-main", "CidrBlock": "10.9.0.0/16"}]}).to_string(),
    ));
    let error = Scenario::load(files_of(&other).path()).unwrap_err().to_string();
    assert!(error.contains("VPC `vpc-main` is described twice, in different words"), "{error}");
}

/// Another account in another Region: the same addresses, other ids.
fn elsewhere() -> Dump {
    let text = Dump::lab().text();
    let text = [
        "vpc-main",
        "subnet-front",
        "subnet-back",
        "rtb-main",
        "acl-open",
        "sg-webs",
        "sg-apps",
        "eni-webs",
        "eni-apps",
        "i-webs",
        "i-apps",
        "igw-main",
        "fl-main",
    ]
    .iter()
    .fold(text, |text, id| text.replace(&format!("\"{id}\""), &format!("\"{id}2\"")));
    let text = text
        .replace("203.0.113.10", "203.0.113.20")
        .replace("us-east-1", "eu-west-3")
        .replace("use1", "euw3")
        .replace("111122223333", "444455556666");
    let answers: serde_json::Map<String, Value> = serde_json::from_str(&text).unwrap();
    answers.into_iter().fold(Dump::lab(), |dump, (key, answer)| dump.set(&key, answer))
}

#[test]
fn several_accounts_and_regions() {
    let strip = |dump: Dump, vpc: &str| dump.edit(vpc, json!({"OwnerId": null}));
    let mut files = one_each(&strip(Dump::lab(), "vpc-main"), "111122223333/us-east-1/");
    files.extend(one_each(&strip(elsewhere(), "vpc-main2"), "444455556666/eu-west-3/"));
    let files = files_of(&files);
    let mut scenario = load(files.path());
    assert_eq!(scenario.network.vpcs.len(), 2);
    assert_eq!(scenario.warnings.iter().count(), 0, "{:?}", scenario.warnings);
    // From one to the other by the internet, since they have the same private addresses.
    assert_eq!(says(&scenario, "i-webs", "203.0.113.20", "tcp 443"), "connected");
    let ask = crate::asking::question("i-webs", "203.0.113.20", super::dump::parse("tcp 443"));
    scenario.connections = vec![scenario.connection(&ask).unwrap()];
    let network = &scenario.network;
    let regions: Vec<(&str, &str)> =
        network.vpcs.iter().map(|vpc| (vpc.account.as_str(), vpc.region.as_str())).collect();
    assert_eq!(regions, [("111122223333", "us-east-1"), ("444455556666", "eu-west-3")]);
    let report = scenario.run();
    let lines: Vec<String> = report.to_string().lines().map(str::to_owned).collect();
    let of = |account: &str, eni: &str| {
        lines.iter().filter(|line| line.starts_with(&format!("2 {account} {eni} "))).count()
    };
    assert_eq!(
        (of("111122223333", "eni-webs"), of("444455556666", "eni-webs2"), lines.len()),
        (2, 2, 4),
        "{lines:#?}"
    );
}

/// What one account did not collect is not known of it, whatever the other did.
#[test]
fn what_was_collected_is_said_of_each_account() {
    let mut files = one_each(&Dump::lab().without(&["NetworkAcls"]), "111122223333/us-east-1/");
    files.extend(one_each(&elsewhere(), "444455556666/eu-west-3/"));
    let scenario = load(files_of(&files).path());
    assert_eq!(
        says(&scenario, "i-webs", "i-apps", "tcp 8080"),
        "unknown: network-acl-egress: network ACLs were not collected"
    );
    assert_eq!(says(&scenario, "i-webs2", "i-apps2", "tcp 8080"), "connected");
    let warnings: Vec<_> = scenario.warnings.iter().map(|problem| problem.message.as_str()).collect();
    assert_eq!(warnings, ["network ACLs were not collected for 1 of 2 VPCs"]);
}

/// Folders under any names are as many accounts, unless they hold something of one VPC.
#[test]
fn what_was_collected_is_said_of_each_folder() {
    let files = |parts: &[(&Dump, &str)]| {
        let all: Vec<_> = parts.iter().flat_map(|(dump, under)| one_each(dump, under)).collect();
        load(files_of(&all).path())
    };
    let unknown = "unknown: network-acl-egress: network ACLs were not collected";
    let (lab, nothing) = (Dump::lab(), elsewhere().set("NetworkAcls", json!([])));
    let lacking = lab.clone().without(&["NetworkAcls"]);
    for (prod, dev) in [("prod/", "dev/"), ("prod/us-east-1/", "dev/us-east-1/"), ("a/prod/", "a/dev/")] {
        let scenario = files(&[(&lacking, prod), (&nothing, dev)]);
        assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), unknown, "{prod}");
        let scenario = files(&[(&lab, prod), (&nothing, dev)]);
        assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected", "{prod}");
    }
    // A folder for each call is none for an account.
    let by_call: Vec<(String, String)> = lab
        .answers()
        .map(|(key, answer)| (format!("{key}/1.json"), json!({key: answer}).to_string()))
        .collect();
    let scenario = load(files_of(&by_call).path());
    assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected");
    assert_eq!(
        says(&scenario, "i-webs", "10.0.2.99", "tcp 80"),
        "blocked: delivery: no interface has 10.0.2.99"
    );
    // Of two that describe the VPC either may be its owner's.
    let vpc_alone = Dump::lab().without(&["NetworkInterfaces"]);
    let scenario = files(&[(&vpc_alone, "owner/"), (&lab, "participant/")]);
    let nobody = "unknown: delivery: network interfaces were not collected: somebody may have 10.0.2.99";
    assert_eq!(says(&scenario, "i-webs", "10.0.2.99", "tcp 80"), nobody);
}

/// A page in the folder of an account is one whatever stands outside of all folders.
#[test]
fn a_page_beside_a_whole_answer() {
    for under in ["111122223333/us-east-1/", "prod/"] {
        let mut files = one_each(&Dump::lab().without(&["NetworkInterfaces"]), under);
        let page = json!({"NetworkInterfaces": Dump::lab().get("NetworkInterfaces"), "NextToken": "more"});
        files.push((format!("{under}page.json"), page.to_string()));
        files.push(("none.json".to_owned(), json!({"NetworkInterfaces": []}).to_string()));
        let nobody = "unknown: delivery: network interfaces were not collected: somebody may have 10.0.2.99";
        let scenario = load(files_of(&files).path());
        assert_eq!(says(&scenario, "i-webs", "10.0.2.99", "tcp 80"), nobody, "{under}");
        assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected", "{under}");
    }
}

/// AWS maps names of zones to ids anew for each account.
#[test]
fn zones_have_other_ids_in_other_accounts() {
    let zones = |id: &str| json!([{"ZoneName": "us-east-1a", "ZoneId": id}]);
    let dump = |dump: Dump, front: &str, id: &str| {
        dump.edit(front, json!({"AvailabilityZone": "us-east-1a", "AvailabilityZoneId": null}))
            .set("AvailabilityZones", zones(id))
    };
    let mut files = one_each(&dump(Dump::lab(), "subnet-front", "use1-az4"), "111122223333/us-east-1/");
    files.extend(one_each(&dump(elsewhere(), "subnet-front2", "use1-az6"), "444455556666/us-east-1/"));
    let scenario = load(files_of(&files).path());
    let zone = |id: &str| {
        scenario
            .network
            .subnets
            .iter()
            .find(|subnet| subnet.identity.id == id)
            .unwrap()
            .availability_zone_id
            .clone()
    };
    assert_eq!((zone("subnet-front"), zone("subnet-front2")), ("use1-az4".to_owned(), "use1-az6".to_owned()));
}

/// A subnet that an account shares with another is told by both, each with its own tags and its own names of zones.
#[test]
fn what_is_shared_is_told_by_both_accounts() {
    let tag = |name: &str| json!({"Tags": [{"Key": "Name", "Value": name}]});
    let owner = Dump::lab().edit("vpc-main", tag("prod")).edit("subnet-front", tag("front"));
    let mut files = one_each(&owner, "111122223333/us-east-1/");
    let participant = [
        ("Vpcs", json!([{"VpcId": "vpc-main", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16"}])),
        (
            "Subnets",
            json!([{"SubnetId": "subnet-front", "VpcId": "vpc-main", "CidrBlock": "10.0.1.0/24",
                            "AvailabilityZone": "us-east-1f", "AvailabilityZoneId": "use1-az1"}]),
        ),
    ];
    files.extend(participant.map(|(key, answer)| {
        (format!("444455556666/us-east-1/{key}.json"), json!({key: answer}).to_string())
    }));
    let scenario = load(files_of(&files).path());
    assert_eq!(scenario.network.subnets.len(), 2);
    assert_eq!(says(&scenario, "internet", "i-webs", "tcp 443"), "connected");
}

/// The options of the owner of a VPC stand in another folder than what a participant was told of it.
#[test]
fn the_owner_says_what_is_kept_from_the_internet() {
    let mut files = one_each(
        &Dump::lab().edit("vpc-main", json!({"OwnerId": "444455556666"})),
        "111122223333/us-east-1/",
    );
    let options = json!({"AwsAccountId": "444455556666", "AwsRegion": "us-east-1", "State": "update-complete",
                         "InternetGatewayBlockMode": "block-ingress"});
    let options = json!({"VpcBlockPublicAccessOptions": options}).to_string();
    let before = says(&load(files_of(&files).path()), "internet", "i-webs", "tcp 443");
    files.push(("444455556666/us-east-1/options.json".to_owned(), options));
    let after = says(&load(files_of(&files).path()), "internet", "i-webs", "tcp 443");
    assert_eq!(before, "connected");
    assert!(after.contains("VPC Block Public Access"), "{after}");
}

/// Whoever shares a subnet sees everybody's interfaces in it, whoever takes part sees only the own ones.
#[test]
fn a_vpc_of_another_account_is_never_whole() {
    let files = one_each(&Dump::lab(), "444455556666/us-east-1/");
    let scenario = load(files_of(&files).path());
    assert_eq!(
        says(&scenario, "i-webs", "10.0.2.99", "tcp 80"),
        "unknown: delivery: network interfaces were not collected: somebody may have 10.0.2.99"
    );
    assert_eq!(says(&scenario, "i-webs", "i-apps", "tcp 8080"), "connected");
}

#[test]
fn what_is_no_answer() {
    let lab = one_each(&Dump::lab(), "");
    let with = |name: &str, text: &str| {
        let mut files = lab.clone();
        files.push((name.to_owned(), text.to_owned()));
        files_of(&files)
    };
    let noted = |name: &str, text: &str| {
        let scenario = load(with(name, text).path());
        assert_eq!(says(&scenario, "internet", "i-webs", "tcp 443"), "connected");
        scenario.warnings.iter().map(|problem| problem.message.clone()).collect::<Vec<_>>()
    };
    assert!(noted("notes.json", "{\"Weather\": []}")[0].contains("no answer of AWS that is known here"));
    assert!(
        noted("refused.json", "{\"status_code\": 403, \"data\": {\"Error\": {\"Code\": \"x\"}}}")[0]
            .contains("AWS answered with an error")
    );
    assert!(noted("readme.txt", "hello")[0].contains("readme.txt"));
    for (text, message) in [
        ("{\"Vpcs\": [", "not JSON"),
        ("", "the file is empty"),
        ("{\"Vpcs\": [], \"Vpcs\": []}", "one object has a key twice"),
    ] {
        let error = Scenario::load(with("bad.json", text).path()).unwrap_err().to_string();
        assert!(error.contains(message), "{text}: {error}");
    }
}

/// The order of files, and of resources within them, changes no verdict.
#[test]
fn order_changes_nothing() {
    let mut random = Random::new(7);
    for seed in seeds(0, 10) {
        let dump = random_dump(seed);
        let mut answered = None;
        for _ in 0..3 {
            let mut files = Vec::new();
            for (key, answer) in dump.answers() {
                let mut items = answer.as_array().unwrap().clone();
                random.shuffle(&mut items);
                files
                    .push((format!("{:03}-{key}.json", random.below(1000)), json!({key: items}).to_string()));
            }
            let scenario = load(files_of(&files).path());
            let said = answers(&scenario, &questions(&scenario), Shown::Words);
            let first = answered.get_or_insert_with(|| said.clone());
            for (one, other) in first.iter().zip(&said) {
                assert_eq!(one, other, "{}", dump.text());
            }
        }
    }
}

#[test]
fn a_folder_is_as_good_as_one_file() {
    check(&[row("one file", Dump::lab(), "internet > i-webs: tcp 443", "connected")]);
    let scenario = load(files_of(&one_each(&Dump::lab(), "")).path());
    let asked = questions(&scenario);
    assert_eq!(
        answers(&scenario, &asked, Shown::Words),
        answers(&Dump::lab().scenario(), &asked, Shown::Words)
    );
}
