//! Words for states: each that AWS lists means something, and no other does.

use serde_json::{Value, json};

use super::dump::Dump;

/// Where a state stands, and what its words do to a connection from `webs` to the internet.
struct States {
    path: &'static str,
    dump: fn(Value) -> Dump,
    words: &'static [(&'static str, &'static str)],
}

static STATES: &[States] = &[
    States {
        path: "RouteTables[0].Routes[1].State",
        dump: |state| {
            let mut routes = Dump::lab().get("RouteTables")[0]["Routes"].clone();
            routes[1]["State"] = state;
            Dump::lab().edit("rtb-main", json!({"Routes": routes}))
        },
        words: &[("active", "connected"), ("blackhole", "blocked: route: "), ("filtered", "unknown: ")],
    },
    States {
        path: "RouteTables[0].Associations[0].AssociationState.State",
        dump: |state| {
            let main = json!({"Main": true, "AssociationState": {"State": state}});
            Dump::lab().edit("rtb-main", json!({"Associations": [main]}))
        },
        words: &[
            ("associating", "connected"),
            ("associated", "connected"),
            ("disassociating", "unknown: route: "),
            ("disassociated", "unknown: route: "),
            ("failing", "unknown: route: "),
            ("failed", "unknown: route: "),
        ],
    },
    States {
        path: "InternetGateways[0].Attachments[0].State",
        dump: |state| {
            let attachment = json!({"VpcId": "vpc-main", "State": state});
            Dump::lab().edit("igw-main", json!({"Attachments": [attachment]}))
        },
        words: &[
            ("available", "connected"),
            ("attaching", "connected"),
            ("attached", "connected"),
            ("detaching", "unknown: route: "),
            ("detached", "unknown: route: "),
        ],
    },
];

#[test]
fn words_that_are_listed() {
    for States { path, dump, words } in STATES {
        for (word, says) in *words {
            let said = dump(json!(word)).says("i-webs", "internet", "tcp 443");
            assert!(said.starts_with(says), "{path} {word}: {said}");
        }
    }
}

#[test]
fn words_that_are_not() {
    for States { path, dump, words } in STATES {
        let expected: Vec<String> = words.iter().map(|(word, _)| format!("`{word}`")).collect();
        let expected = format!("`{path}`: expected one of {}", expected.join(", "));
        for word in ["Active", "hunter2", "associated ", ""] {
            let refused = dump(json!(word)).refusal();
            assert!(refused.contains(&expected), "{path} {word}: {refused}");
        }
    }
}

/// Whether an interface is attached, which is not certain while that changes.
#[test]
fn interfaces() {
    let words = [
        ("in-use", "connected"),
        ("associated", "connected"),
        ("attaching", "unknown: "),
        ("detaching", "unknown: "),
    ];
    for (word, says) in words {
        let said =
            Dump::lab().edit("eni-webs", json!({"Status": word})).says("i-webs", "internet", "tcp 443");
        assert!(said.starts_with(says), "{word}: {said}");
    }
}

#[test]
fn blocks_and_instances() {
    for word in ["disassociating", "disassociated", "failing", "failed", "associated"] {
        let block = json!({"CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": word}});
        let dump = Dump::lab().edit("vpc-main", json!({"CidrBlockAssociationSet": [block]}));
        let blocks = dump.scenario().network.vpcs.iter().map(|vpc| vpc.cidr_blocks.len()).sum::<usize>();
        assert_eq!(blocks, if word == "associated" { 2 } else { 1 }, "{word}");
    }
    // Whether what leads to a block still passes while it is being released is not known.
    for (word, says) in [("disassociating", "unknown: "), ("disassociated", "blocked: ")] {
        let mut routes = Dump::lab().get("RouteTables")[0]["Routes"].clone();
        routes.as_array_mut().unwrap().push(super::dump::route("10.9.0.0/16", "local"));
        let block = json!({"CidrBlock": "10.9.0.0/16", "CidrBlockState": {"State": word}});
        let dump = Dump::lab()
            .edit("vpc-main", json!({"CidrBlockAssociationSet": [block]}))
            .edit("rtb-main", json!({"Routes": routes}));
        let said = dump.says("i-webs", "10.9.0.5", "tcp 443");
        assert!(said.starts_with(says), "{word}: {said}");
    }
    let refused = Dump::lab().edit("i-webs", json!({"State": {"Name": "Running"}})).refusal();
    assert!(refused.contains("State.Name`: expected one of `pending`, `running`"), "{refused}");
}
