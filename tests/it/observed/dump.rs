//! A small network as AWS would answer it, to be changed by each test.

use flowcast::model::{Icmp, LegKind, Outcome, Traffic};
use flowcast::net::{IcmpType, Protocol};
use flowcast::walk::{Case, Checkpoint, Decision, Leg, Reason, Trace};
use flowcast::{LoadError, Scenario, import_aws};
use serde_json::{Map, Value, json};

use crate::asking::{ask, question};

/// Answers by their keys.
#[derive(Debug, Clone)]
pub(super) struct Dump(Map<String, Value>);

impl Dump {
    /// `webs` in the front subnet has a public address and admits 443 from everyone and 22 from the group of `apps`,
    /// which is in the back subnet and admits 8080 from the group of `webs`.
    pub(super) fn lab() -> Self {
        let entries = |egress: bool| {
            [(100, "allow"), (32767, "deny")].map(|(number, action)| {
                json!({"RuleNumber": number, "RuleAction": action, "Egress": egress, "Protocol": "-1",
                       "CidrBlock": "0.0.0.0/0"})
            })
        };
        let everyone = json!([{"CidrIp": "0.0.0.0/0"}]);
        let instance = |name: &str| {
            json!({"ReservationId": format!("r-{name}"), "Instances": [
                {"InstanceId": format!("i-{name}"), "InstanceType": "t3.micro", "State": {"Name": "running"}}]})
        };
        let Value::Object(answers) = json!({
            "Vpcs": [{"VpcId": "vpc-main", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16"}],
            "Subnets": [
                {"SubnetId": "subnet-front", "VpcId": "vpc-main", "CidrBlock": "10.0.1.0/24",
                 "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"},
                {"SubnetId": "subnet-back", "VpcId": "vpc-main", "CidrBlock": "10.0.2.0/24",
                 "AvailabilityZone": "us-east-1b", "AvailabilityZoneId": "use1-az2"},
            ],
            "RouteTables": [{
                "RouteTableId": "rtb-main", "VpcId": "vpc-main",
                "Associations": [{"Main": true, "RouteTableId": "rtb-main"}],
                "Routes": [route("10.0.0.0/16", "local"), route("0.0.0.0/0", "igw-main")],
            }],
            "NetworkAcls": [{
                "NetworkAclId": "acl-open", "VpcId": "vpc-main",
                "Associations": [{"SubnetId": "subnet-front"}, {"SubnetId": "subnet-back"}],
                "Entries": entries(false).into_iter().chain(entries(true)).collect::<Value>(),
            }],
            "SecurityGroups": [
                {"GroupId": "sg-webs", "GroupName": "web", "VpcId": "vpc-main",
                 "IpPermissions": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "IpRanges": everyone},
                    {"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22, "UserIdGroupPairs": [{"GroupId": "sg-apps"}]}],
                 "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": everyone}]},
                {"GroupId": "sg-apps", "GroupName": "app", "VpcId": "vpc-main",
                 "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080,
                                    "UserIdGroupPairs": [{"GroupId": "sg-webs"}]}],
                 "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": everyone}]},
            ],
            "NetworkInterfaces": [
                interface("webs", "subnet-front", "10.0.1.10", json!({"Association": {"PublicIp": "203.0.113.10"}})),
                interface("apps", "subnet-back", "10.0.2.10", json!({})),
            ],
            "Reservations": [instance("webs"), instance("apps")],
            "InternetGateways": [{"InternetGatewayId": "igw-main",
                                  "Attachments": [{"VpcId": "vpc-main", "State": "available"}]}],
            "EgressOnlyInternetGateways": [],
            "FlowLogs": [{"FlowLogId": "fl-main", "ResourceId": "vpc-main", "TrafficType": "ALL",
                          "FlowLogStatus": "ACTIVE"}],
        }) else {
            panic!("answers are an object")
        };
        Self(answers)
    }

    /// Nobody made the calls whose answers have these keys.
    pub(super) fn without(mut self, keys: &[&str]) -> Self {
        for key in keys {
            self.0.remove(*key).unwrap_or_else(|| panic!("no answer {key}"));
        }
        self
    }

    /// One more resource.
    pub(super) fn add(mut self, key: &str, resource: Value) -> Self {
        let list = self.0.entry(key).or_insert_with(|| json!([]));
        list.as_array_mut().unwrap().push(resource);
        self
    }

    /// Whatever stands under a key.
    pub(super) fn set(mut self, key: &str, value: Value) -> Self {
        self.0.insert(key.to_owned(), value);
        self
    }

    /// Merges `patch` into the resource that has `id`: members are replaced, those that are `null` go.
    pub(super) fn edit(mut self, id: &str, patch: Value) -> Self {
        let found = self.0.values_mut().find_map(|answer| resource(answer, id));
        merge(found.unwrap_or_else(|| panic!("nothing is called {id}")), patch);
        self
    }

    /// As [`Dump::edit`], where there is such a resource.
    pub(super) fn edit_if_there(mut self, id: &str, patch: Value) -> Self {
        if let Some(found) = self.0.values_mut().find_map(|answer| resource(answer, id)) {
            merge(found, patch);
        }
        self
    }

    pub(super) fn get(&self, key: &str) -> &Value {
        &self.0[key]
    }

    /// The answers, each for itself.
    pub(super) fn answers(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, answer)| (key.as_str(), answer))
    }

    pub(super) fn text(&self) -> String {
        serde_json::to_string_pretty(&self.0).unwrap()
    }

    pub(super) fn load(&self) -> Result<Scenario, LoadError> {
        Scenario::parse("dump.json", &self.text())
    }

    pub(super) fn scenario(&self) -> Scenario {
        self.load().unwrap_or_else(|error| panic!("{error}"))
    }

    /// The scenario that `import aws` writes of it.
    pub(super) fn imported(&self) -> Scenario {
        let text = self.imported_text();
        Scenario::parse("imported.yaml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"))
    }

    /// The text of it.
    pub(super) fn imported_text(&self) -> String {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("dump.json");
        std::fs::write(&file, self.text()).unwrap();
        import_aws(&file).unwrap_or_else(|error| panic!("{error}")).text
    }

    /// The messages of warnings.
    pub(super) fn warnings(&self) -> Vec<String> {
        self.scenario().warnings.iter().map(|problem| problem.message.clone()).collect()
    }

    /// Why it is refused, whole.
    pub(super) fn refusal(&self) -> String {
        match self.load() {
            Ok(_) => panic!("it is read:\n{}", self.text()),
            Err(error) => error.to_string(),
        }
    }

    /// How a connection ends, and what decides it; see [`told`].
    pub(super) fn says(&self, from: &str, to: &str, traffic: &str) -> String {
        says(&self.scenario(), from, to, traffic)
    }
}

/// How a connection ends, and what decides it.
pub(super) fn says(scenario: &Scenario, from: &str, to: &str, traffic: &str) -> String {
    let (connection, trace) = ask(scenario, &question(from, to, parse(traffic)))
        .unwrap_or_else(|problem| panic!("{from} to {to}: {}", problem.message));
    assert_eq!(connection.labels, [from, to]);
    told(scenario, &trace)
}

/// The outcome, and of the first case that is not connected the first certain stop, or else the first thing that is not
/// known: `blocked: security-group-ingress: no rule matches`.
pub(super) fn told(scenario: &Scenario, trace: &Trace) -> String {
    let case = trace.worst().unwrap();
    let decisive = match case.outcome {
        Outcome::Connected => return trace.outcome.to_string(),
        Outcome::Unknown => first(case, |checkpoint| checkpoint.decision == Decision::Unknown),
        _ => first(case, |checkpoint| checkpoint.decision.stops() && !checkpoint.hypothetical),
    };
    let (_, leg, checkpoint) = decisive.unwrap_or_else(|| panic!("nothing decides {trace:#?}"));
    let reason = Reason::of(&scenario.network, leg, &checkpoint);
    let page = reason.source_page;
    assert!(page.starts_with("https://"), "{reason:?} names no page");
    format!("{}: {}: {}", trace.outcome, checkpoint.stage, reason.text)
}

/// On its own way, or on the way of what a proxy opens for it.
fn first(case: &Case, is: impl Fn(&Checkpoint) -> bool) -> Option<(LegKind, &Leg, Checkpoint)> {
    let mut fronts = std::iter::once(case).chain(case.behind().map(|(_, behind)| behind));
    fronts.find_map(|case| {
        let on_way = case.legs().find_map(|(kind, leg)| {
            leg.checkpoints.iter().find(|checkpoint| is(checkpoint)).map(|found| (kind, leg, *found))
        });
        let chosen = case.onward.as_ref().map(|onward| onward.checkpoint).filter(|point| is(point));
        on_way.or(chosen.map(|point| (LegKind::Forward, &case.forward, point)))
    })
}

/// `tcp 443`, `udp 53`, `icmp 8`, `icmp 3/4`, `47`.
pub(super) fn parse(traffic: &str) -> Traffic {
    match traffic.split_once(' ') {
        Some(("tcp", port)) => Traffic::Tcp(port.parse().unwrap()),
        Some(("udp", port)) => Traffic::Udp(port.parse().unwrap()),
        Some(("icmp", number)) => {
            let (kind, code) = number.split_once('/').unwrap_or((number, "0"));
            let (kind, code) = (kind.parse().unwrap(), code.parse().unwrap());
            Traffic::Icmp(Icmp::Number(IcmpType { kind, code }))
        }
        _ => Traffic::Protocol(Protocol(traffic.parse().unwrap())),
    }
}

/// An active route to a gateway.
pub(super) fn route(destination: &str, gateway: &str) -> Value {
    let origin = if gateway == "local" { "CreateRouteTable" } else { "CreateRoute" };
    json!({"DestinationCidrBlock": destination, "GatewayId": gateway, "State": "active", "Origin": origin})
}

/// The interface `eni-NAME` of the instance `i-NAME`, in the group `sg-NAME`.
pub(super) fn interface(name: &str, subnet: &str, address: &str, patch: Value) -> Value {
    let mut interface = json!({
        "NetworkInterfaceId": format!("eni-{name}"), "SubnetId": subnet, "VpcId": "vpc-main",
        "OwnerId": "111122223333", "InterfaceType": "interface", "SourceDestCheck": true,
        "PrivateIpAddress": address,
        "PrivateIpAddresses": [{"Primary": true, "PrivateIpAddress": address}],
        "Groups": [{"GroupId": format!("sg-{name}")}],
        "Attachment": {"InstanceId": format!("i-{name}"), "DeviceIndex": 0},
    });
    merge(&mut interface, patch);
    interface
}

/// RFC 7386, on the first level and below.
fn merge(into: &mut Value, patch: Value) {
    let Value::Object(members) = patch else {
        *into = patch;
        return;
    };
    if !into.is_object() {
        *into = json!({});
    }
    let object = into.as_object_mut().unwrap();
    for (key, member) in members {
        if member.is_null() {
            object.remove(&key);
        } else {
            merge(object.entry(key).or_insert(Value::Null), member);
        }
    }
}

/// The resource whose own id is `id`: its first member, in the list or in a reservation.
fn resource<'v>(answer: &'v mut Value, id: &str) -> Option<&'v mut Value> {
    answer.as_array_mut()?.iter_mut().find_map(|item| {
        let own = item.as_object()?.values().next()?.as_str() == Some(id);
        if own {
            return Some(item);
        }
        item.get_mut("Instances").and_then(|within| resource(within, id))
    })
}
