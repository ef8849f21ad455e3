//! What VPC Lattice answers: one dump with everything, and what stays unknown without each of its answers.

use std::fs;
use std::path::{Path, PathBuf};

use flowcast::diagnostic::Severity;
use flowcast::{LoadError, Scenario, import_aws};
use serde_json::{Value, json};

use super::dump::says;
use super::secrets::pointers;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/vpc-lattice/shop")
}

/// Answers by the names of their files.
#[derive(Clone)]
struct Shop(Vec<(String, Value)>);

impl Shop {
    fn new() -> Self {
        let mut all: Vec<PathBuf> = folder().read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
        all.sort();
        let read = |path: &PathBuf| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (name, serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
        };
        Self(all.iter().map(read).collect())
    }

    /// Nobody made the calls whose files begin so.
    fn without(mut self, beginning: &str) -> Self {
        let before = self.0.len();
        self.0.retain(|(name, _)| !name.starts_with(beginning));
        assert!(self.0.len() < before, "no answer {beginning}");
        self
    }

    /// Something else stands at a place of those files.
    fn with(mut self, beginning: &str, pointer: &str, value: &Value) -> Self {
        let mut found = 0;
        for (_, answer) in self.0.iter_mut().filter(|(name, _)| name.starts_with(beginning)) {
            if let Some(place) = answer.pointer_mut(pointer) {
                place.clone_from(value);
                found += 1;
            }
        }
        assert!(found > 0, "no {pointer} in {beginning}");
        self
    }

    fn add(mut self, answer: Value) -> Self {
        self.0.push(("added".to_owned(), answer));
        self
    }

    fn text(&self) -> String {
        Value::Array(self.0.iter().map(|(_, answer)| answer.clone()).collect()).to_string()
    }

    fn load(&self) -> Result<Scenario, LoadError> {
        Scenario::parse("dump.json", &self.text())
    }

    fn scenario(&self) -> Scenario {
        self.load().unwrap_or_else(|error| panic!("{error}"))
    }

    /// What it says, and the scenario made of it as well.
    fn says(&self, from: &str, to: &str, traffic: &str) -> String {
        let said = says(&self.scenario(), from, to, traffic);
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dump.json");
        fs::write(&file, self.text()).unwrap();
        let text = import_aws(&file).unwrap_or_else(|error| panic!("{error}")).text;
        let imported =
            Scenario::parse("imported.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        // A rule names a group by its name there.
        let by_name = |said: &str| said.replace("sg-0a1b2c3d4e5f60301", "clients");
        assert_eq!(says(&imported, from, to, traffic), by_name(&said), "{text}");
        said
    }

    fn warnings(&self) -> Vec<String> {
        self.scenario().warnings.iter().map(|problem| problem.message.clone()).collect()
    }
}

fn unknown(stage: &str, what: &str) -> String {
    format!("unknown: {stage}: {what}")
}

#[test]
fn the_whole_dump() {
    let shop = Shop::new();
    assert_eq!(shop.warnings(), [""; 0]);
    assert_eq!(shop.says("client", "orders", "tcp 443"), "connected");
    assert_eq!(
        shop.says("client", "reports", "tcp 80"),
        unknown("vpc-lattice", "an auth policy may refuse the request, which is not simulated")
    );
    assert_eq!(
        shop.says("stranger", "orders", "tcp 443"),
        "blocked: vpc-lattice: VPC vpc-0a1b2c3d4e5f60101 is not associated with a service network that has the service"
    );
    assert_eq!(
        shop.says("app-1", "orders", "tcp 443"),
        "blocked: vpc-lattice: no rule admits the client; there is all from sg-0a1b2c3d4e5f60301"
    );
    assert_eq!(
        shop.says("client", "orders", "tcp 80"),
        "blocked: vpc-lattice: listens not on tcp 80, but on HTTPS 443"
    );
    let imported = import_aws(folder()).unwrap();
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/aws"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("vpc-lattice-imported", imported.text));
}

/// Of each row: which answers are missing or say something else, who asks what, and what is said.
#[test]
fn what_was_not_collected_is_unknown() {
    const LISTENERS: &str = "what it listens on, or by what rules it sends that on, was not collected";
    const ACCESS: &str = "whether VPC vpc-0a1b2c3d4e5f60101 is associated with a service network that has the service was not \
                          collected";
    const OWN_ACCESS: &str = "whether VPC vpc-0a1b2c3d4e5f60100 is associated with a service network that has the service was \
                              not collected";
    const GROUPS: &str = "the groups by which VPC vpc-0a1b2c3d4e5f60100 is associated with service network shop were not \
                          collected";
    const POLICY: &str = "whether an auth policy may refuse the request was not collected";
    let client = ("client", "orders", "tcp 443");
    let stranger = ("stranger", "orders", "tcp 443");
    let whole = Shop::new;
    let changing = json!("DELETE_IN_PROGRESS");
    let rows = [
        ("listeners", whole().without("listeners-"), client, LISTENERS),
        ("rules", whole().without("rules-"), client, LISTENERS),
        ("the action of a rule", whole().without("rule-rule-0a1b2c3d4e5f60011"), client, LISTENERS),
        ("actions", whole().without("listener-").without("rule-"), client, LISTENERS),
        ("a page of rules", whole().with("rules-", "/items/0/name", &json!("page")).page("rules-"), client, LISTENERS),
        ("a service that goes", whole().with("service-svc", "/status", &changing), client, LISTENERS),
        ("auth types", whole().without("service-svc"), client, POLICY),
        ("the auth type of the network", whole().without("service-network-"), client, POLICY),
        ("groups", whole().without("vpc-association-"), client, GROUPS),
        ("service networks", whole().without("vpc-lattice-list-service-networks").without("service-network-").without("services-of").without("vpcs-of").without("vpc-association"), client, OWN_ACCESS),
        ("VPCs of the network", whole().without("vpcs-of").without("vpc-association"), client, OWN_ACCESS),
        ("VPCs of the network, for others", whole().without("vpcs-of").without("vpc-association"), stranger, ACCESS),
        ("services of the network", whole().without("services-of"), client, OWN_ACCESS),
        ("services of the network, for others", whole().without("services-of"), stranger, "-"),
        ("an association that goes", whole().with("vpc-association-", "/status", &changing), client, OWN_ACCESS),
        ("how many VPCs there are", whole().with("service-network-", "/numberOfAssociatedVPCs", &json!(2)), stranger, ACCESS),
        (
            "an endpoint of a service network",
            whole().add(json!({"VpcEndpoints": [{"VpcEndpointId": "vpce-0a1b2c3d4e5f60600", "VpcEndpointType": "ServiceNetwork",
                "VpcId": "vpc-0a1b2c3d4e5f60101", "State": "Available"}]})),
            stranger,
            ACCESS,
        ),
    ];
    for (what, shop, (from, to, traffic), says) in rows {
        let said = shop.says(from, to, traffic);
        if says == "-" {
            assert!(
                said.starts_with("blocked: vpc-lattice: VPC vpc-0a1b2c3d4e5f60101 is not"),
                "{what}: {said}"
            );
            continue;
        }
        assert_eq!(said, unknown("vpc-lattice", says), "{what}");
        assert!(!shop.warnings().is_empty(), "{what}");
    }
}

impl Shop {
    /// The answers of those files are pages of several.
    fn page(mut self, beginning: &str) -> Self {
        for (_, answer) in self.0.iter_mut().filter(|(name, _)| name.starts_with(beginning)) {
            answer["nextToken"] = json!("more");
        }
        self
    }
}

#[test]
fn targets_that_were_not_collected_are_unknown() {
    // By the rule that sends to the function it is connected.
    let targets = |group: &str| {
        format!("depends: vpc-lattice: the targets of {group}, or their health, were not collected")
    };
    let without = Shop::new().without("targets-tg-0a1b2c3d4e5f60004");
    assert_eq!(without.says("client", "orders", "tcp 443"), targets("order-apps"));
    let untold =
        Shop::new().without("targets-").without("target-group").without("vpc-lattice-list-target-groups");
    let of_function = targets("tg-0a1b2c3d4e5f60005").replace("depends", "unknown");
    assert_eq!(untold.says("client", "orders", "tcp 443"), of_function);
    let page = Shop::new().page("targets-tg-0a1b2c3d4e5f60004");
    assert_eq!(page.says("client", "orders", "tcp 443"), targets("order-apps"));
    let untold = Shop::new().with("targets-tg-0a1b2c3d4e5f60004", "/items/0/status", &Value::Null);
    assert_eq!(untold.says("client", "orders", "tcp 443"), targets("order-apps"));
}

/// An address is that of the VPC of the group, though another VPC has the same.
#[test]
fn targets_by_address_are_of_the_vpc_of_their_group() {
    let by_address = |vpc: &str, address: &str| {
        let ip = json!("IP");
        Shop::new()
            .with("vpc-lattice-list-target-groups", "/items/0/type", &ip)
            .with("target-group-", "/type", &ip)
            .with("vpc-lattice-list-target-groups", "/items/0/vpcIdentifier", &json!(vpc))
            .with("target-group-", "/config/vpcIdentifier", &json!(vpc))
            .with(
                "targets-tg-0a1b2c3d4e5f60004",
                "/items",
                &json!([{"id": address, "port": 8080, "status": "UNAVAILABLE"}]),
            )
    };
    let (shop, other) = ("vpc-0a1b2c3d4e5f60100", "vpc-0a1b2c3d4e5f60101");
    assert_eq!(by_address(shop, "10.0.1.20").says("client", "orders", "tcp 443"), "connected");
    let elsewhere = by_address(other, "10.0.1.20");
    let unknown = "depends: vpc-lattice: the targets of order-apps, or their health, were not collected";
    assert_eq!(elsewhere.says("client", "orders", "tcp 443"), unknown);
    // Both VPCs have it.
    let both = |vpc: &str| {
        let dump = by_address(vpc, "10.0.1.20");
        dump.with("describe-network-interfaces", "/NetworkInterfaces/3/PrivateIpAddress", &json!("10.0.1.20"))
            .with(
                "describe-network-interfaces",
                "/NetworkInterfaces/3/PrivateIpAddresses/0/PrivateIpAddress",
                &json!("10.0.1.20"),
            )
            .with("describe-subnets", "/Subnets/1/CidrBlock", &json!("10.0.1.0/24"))
            .with("describe-vpcs", "/Vpcs/1/CidrBlock", &json!("10.0.0.0/16"))
            .with(
                "describe-route-tables",
                "/RouteTables/1/Routes/0/DestinationCidrBlock",
                &json!("10.0.0.0/16"),
            )
    };
    assert_eq!(both(shop).says("client", "orders", "tcp 443"), "connected");
    assert_eq!(
        both(other).says("client", "orders", "tcp 443"),
        "depends: security-group-ingress: no ingress rules"
    );
}

/// What AWS says is never doubted silently, and never told but by ids and places.
#[test]
fn strange_values_are_refused_or_kept_without_being_told() {
    const MARKER: &str = "hunter2 s3cr3t";
    let (mut refused, mut kept) = (0, 0);
    for (position, (name, answer)) in Shop::new().0.iter().enumerate() {
        if name.starts_with("describe-") {
            continue;
        }
        for pointer in pointers(answer) {
            for strange in [json!(MARKER), Value::Null, json!(-1), json!([]), json!({}), json!(["x"])] {
                let mut shop = Shop::new();
                *shop.0[position].1.pointer_mut(&pointer).unwrap() = strange.clone();
                let told: Vec<String> = match shop.load() {
                    Ok(scenario) => {
                        kept += 1;
                        scenario.warnings.iter().map(|problem| format!("{problem:?}")).collect()
                    }
                    Err(error) => {
                        refused += 1;
                        vec![error.to_string()]
                    }
                };
                assert!(told.iter().all(|told| !told.contains(MARKER)), "{name} {pointer}: {told:?}");
            }
        }
    }
    assert!(refused > 100 && kept > 100, "{refused} refused, {kept} kept");
}

/// Two accounts see one service network, each as much of it as is its own.
#[test]
fn accounts_that_share_a_service_network_add_up() {
    let top = tempfile::tempdir().unwrap();
    for account in ["111122223333/us-east-1", "444455556666/us-east-1"] {
        let folder = top.path().join(account);
        fs::create_dir_all(&folder).unwrap();
        let is_second = account.starts_with('4');
        let mut shop = Shop::new();
        if is_second {
            shop.0.retain(|(name, _)| name.starts_with("vpc-lattice-list-service-networks"));
            shop = shop.with("vpc-lattice-list", "/items/0/numberOfAssociatedVPCs", &json!(0));
        }
        for (name, answer) in &shop.0 {
            fs::write(folder.join(format!("{name}.json")), answer.to_string()).unwrap();
        }
    }
    let scenario = Scenario::load(top.path()).unwrap_or_else(|error| panic!("{error}"));
    assert!(scenario.warnings.iter().all(|problem| problem.severity() != Severity::Error));
    assert_eq!(says(&scenario, "client", "orders", "tcp 443"), "connected");
}

/// As accounts without VPC Lattice answer.
#[test]
fn empty_lists_are_nothing() {
    let mut shop = Shop::new();
    shop.0.retain(|(name, _)| name.starts_with("describe-"));
    let shop = shop.add(json!({"items": []}));
    assert_eq!(shop.warnings(), [""; 0]);
    assert_eq!(
        shop.says("app-1", "10.0.1.10", "tcp 443"),
        "blocked: security-group-ingress: no ingress rules"
    );
}

#[test]
fn a_list_of_which_nothing_tells_is_said_to_be_one() {
    let error = Scenario::parse("dump.json", r#"{"items": [{"id": "10.0.1.5", "port": 80}]}"#).unwrap_err();
    assert!(error.to_string().contains("nothing tells of what the list `items` is"), "{error}");
    let other = Scenario::parse("dump.json", r#"{"items": [{"arn": "arn:aws:s3:::b"}]}"#).unwrap_err();
    assert!(other.to_string().contains("nothing tells"), "{other}");
}

/// A stand-in for the AWS CLI that answers from the dump, and prints ARNs where they are queried.
#[cfg(unix)]
const STAND_IN: &str = r#"#!/bin/sh
case "$*" in *--query*) is_query=yes ;; esac
[ "$1" = vpc-lattice ] || { [ -n "$is_query" ] || cat "DUMP/$2.json" 2>/dev/null; exit; }
for word in "$@"; do
  case "$word" in --query | --output) break ;; *) id=${word##*/} ;; esac
done
case "$2" in
  get-service-network-vpc-association) file=vpc-association-$id ;;
  list-service-network-vpc-associations) file=vpcs-of-$id ;;
  list-service-network-service-associations) file=services-of-$id ;;
  list-services | list-target-groups | list-service-networks) file=vpc-lattice-$2 ;;
  get-*) file=${2#get-}-$id ;;
  list-*) file=${2#list-}-$id ;;
esac
if [ -n "$is_query" ]; then
  sed -n 's/^ *"arn": "\(.*\)",$/\1/p' "DUMP/$file.json"
else
  grep -v '^    "[a-zA-Z]*Identifier"' "DUMP/$file.json"
fi
"#;

#[cfg(unix)]
#[test]
fn the_commands_collect_all_of_it() {
    use std::os::unix::fs::PermissionsExt;
    use std::process::Command;

    let top = tempfile::tempdir().unwrap();
    let collected = top.path().join("collected");
    fs::create_dir_all(&collected).unwrap();
    let aws = top.path().join("aws");
    fs::write(&aws, STAND_IN.replace("DUMP", folder().to_str().unwrap())).unwrap();
    fs::set_permissions(&aws, fs::Permissions::from_mode(0o755)).unwrap();
    let program = env!("CARGO_BIN_EXE_flowcast");
    let script = Command::new(program).args(["import", "aws", "--commands"]).output().unwrap().stdout;
    fs::write(top.path().join("collect.sh"), script).unwrap();
    let path = format!("{}:{}", top.path().display(), std::env::var("PATH").unwrap_or_default());
    let run =
        Command::new("sh").arg("../collect.sh").current_dir(&collected).env("PATH", path).output().unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let text = |folder: &Path| import_aws(folder).unwrap_or_else(|error| panic!("{error}")).text;
    assert_eq!(text(&collected), text(&folder()));
}

/// What a list and a call about one resource both tell must be the same, and one target has one health.
#[test]
fn what_contradicts_is_refused() {
    let rule = |patch: &Value| Shop::new().with("rule-rule-0a1b2c3d4e5f60010", "/priority", patch);
    let twice = json!([{"id": "i-0a1b2c3d4e5f60401", "port": 8080, "status": "HEALTHY"},
                       {"id": "i-0a1b2c3d4e5f60401", "port": 8080, "status": "UNHEALTHY"}]);
    for (what, shop, says) in [
        ("port", Shop::new().with("listeners-svc", "/items/0/port", &json!(81)), "differs in `port`"),
        (
            "type",
            Shop::new().with("vpc-lattice-list-target-groups", "/items/0/type", &json!("LAMBDA")),
            "differs in `type`",
        ),
        (
            "port of a group",
            Shop::new().with("vpc-lattice-list-target-groups", "/items/0/port", &json!(81)),
            "differs in `port`",
        ),
        (
            "name",
            Shop::new().with("vpc-lattice-list-services", "/items/0/name", &json!("other")),
            "differs in `name`",
        ),
        ("priority", rule(&json!(77)), "differs in `priority`"),
        ("health", Shop::new().with("targets-tg-0a1b2c3d4e5f60004", "/items", &twice), "is described twice"),
    ] {
        let refused = shop.load().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains(says), "{what}: {refused}");
    }
    let answers = json!({"fixedResponse": {"statusCode": 404}});
    let other = Shop::new().with("listener-listener-0a1b2c3d4e5f6006", "/defaultAction", &answers);
    let refused = other.load().err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused.contains("has another action than the default rule"), "{refused}");
}

/// What a group is a list of groups tells as well as the call about it.
#[test]
fn groups_are_told_of_by_either_call() {
    let asked = ("client", "orders", "tcp 443");
    for shop in [Shop::new().without("target-group-"), Shop::new().without("vpc-lattice-list-target-groups")]
    {
        let said = shop.says(asked.0, asked.1, asked.2);
        assert!(!said.contains("the targets of order-apps"), "{said}");
    }
    let neither =
        Shop::new().without("vpc-lattice-list-target-groups").with("target-group-", "/type", &Value::Null);
    let message =
        "1 target group of VPC Lattice has a type or protocol that was not collected, or is not simulated";
    assert!(neither.warnings().iter().any(|text| text == message), "{:?}", neither.warnings());
}

/// The checks of a group, as the call about it tells.
#[test]
fn health_checks_of_groups() {
    let check = |patch: &Value| {
        let mut check = json!({"enabled": true, "protocol": "HTTP", "protocolVersion": "HTTP1", "path": "/",
                               "healthCheckIntervalSeconds": 30, "healthCheckTimeoutSeconds": 5});
        for (key, value) in patch.as_object().unwrap() {
            check[key] = value.clone();
        }
        let mut shop = Shop::new();
        for (name, answer) in &mut shop.0 {
            if name.starts_with("target-group-") {
                answer["config"]["healthCheck"] = check.clone();
            }
        }
        shop
    };
    let written = |patch: Value| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dump.json");
        fs::write(&file, check(&patch).text()).unwrap();
        let text = import_aws(&file).unwrap_or_else(|error| panic!("{error}")).text;
        Scenario::parse("imported.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let found =
            text.split_once("health_check: {").map(|(_, rest)| rest.split('}').next().unwrap().to_owned());
        found.unwrap_or_default()
    };
    for (patch, says) in [
        (json!({}), "protocol: HTTP, interval: 30s, timeout: 5s"),
        (
            json!({"port": 9000, "protocol": "HTTPS"}),
            "protocol: HTTPS, port: 9000, interval: 30s, timeout: 5s",
        ),
        (json!({"port": 0, "healthCheckTimeoutSeconds": 1}), "protocol: HTTP, interval: 30s, timeout: 1s"),
        (json!({"protocol": null, "healthCheckIntervalSeconds": 0}), "protocol: HTTP, timeout: 5s"),
        (json!({"enabled": false}), ""),
    ] {
        assert_eq!(written(patch.clone()), says, "{patch}");
    }
    for (patch, path) in [
        (json!({"protocol": "GOPHER"}), "config.healthCheck.protocol"),
        (json!({"port": 70000}), "config.healthCheck.port"),
        (json!({"healthCheckIntervalSeconds": 4}), "config.healthCheck.healthCheckIntervalSeconds"),
        (json!({"healthCheckTimeoutSeconds": 121}), "config.healthCheck.healthCheckTimeoutSeconds"),
    ] {
        let refused = check(&patch).load().err().map(|error| error.to_string()).unwrap_or_default();
        assert!(refused.contains(path), "{path}: {refused}");
    }
}
