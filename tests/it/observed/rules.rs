//! Rules in groups and in `SecurityGroupRules`, prefix lists, entries of network ACLs: what they match.

use flowcast::{LoadError, Scenario};
use serde_json::{Value, json};

use super::dump::Dump;
use super::{check, row};

fn rule(id: &str, group: &str, patch: Value) -> Value {
    let mut rule = json!({"SecurityGroupRuleId": id, "GroupId": group, "IsEgress": false, "IpProtocol": "tcp",
                          "FromPort": 443, "ToPort": 443});
    rule.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    rule
}

/// The rules of the lab once more, as `DescribeSecurityGroupRules` lists them.
fn listed() -> Dump {
    let rules = json!([
        rule("sgr-0001", "sg-webs", json!({"CidrIpv4": "0.0.0.0/0"})),
        rule(
            "sgr-0002",
            "sg-webs",
            json!({"FromPort": 22, "ToPort": 22, "ReferencedGroupInfo": {"GroupId": "sg-apps"}})
        ),
        rule("sgr-0003", "sg-webs", json!({"IsEgress": true, "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0"})),
        rule(
            "sgr-0004",
            "sg-apps",
            json!({"FromPort": 8080, "ToPort": 8080, "ReferencedGroupInfo": {"GroupId": "sg-webs"}})
        ),
        rule("sgr-0005", "sg-apps", json!({"IsEgress": true, "IpProtocol": "-1", "CidrIpv4": "0.0.0.0/0"})),
    ]);
    Dump::lab().set("SecurityGroupRules", rules)
}

/// The list of rules lacks one.
fn unlisted(dump: &Dump, id: &str) -> Dump {
    let all = dump.get("SecurityGroupRules").as_array().unwrap().iter();
    let kept: Value = all.filter(|rule| rule["SecurityGroupRuleId"] != id).cloned().collect();
    dump.clone().set("SecurityGroupRules", kept)
}

/// Ids of the rules of a group, in order.
fn ids(dump: &Dump, group: &str) -> Vec<Option<String>> {
    let scenario = dump.scenario();
    let network = &scenario.network;
    let group = network.security_groups.iter().find(|own| own.identity.id == group).unwrap();
    group.rules.ingress.iter().chain(&group.rules.egress).map(|rule| rule.id.clone()).collect()
}

#[test]
fn rules_told_twice_are_joined_with_their_ids() {
    let some = |id: &str| Some(id.to_owned());
    assert_eq!(ids(&listed(), "sg-webs"), ["sgr-0001", "sgr-0002", "sgr-0003"].map(some));
    assert_eq!(ids(&Dump::lab(), "sg-webs"), [None, None, None]);
}

#[test]
fn rules_that_only_their_own_call_tells_of() {
    let alone = ["sg-webs", "sg-apps"].iter().fold(listed(), |dump, group| {
        dump.edit(group, json!({"IpPermissions": null, "IpPermissionsEgress": null}))
    });
    check(&[
        row("they are the rules", alone.clone(), "internet > i-webs: tcp 443", "connected"),
        row(
            "and what they do not hold is denied",
            alone.clone(),
            "internet > i-webs: tcp 80",
            "blocked: security-group-ingress: no rule matches",
        ),
        row(
            "also of a direction of which none is listed",
            unlisted(&alone, "sgr-0003"),
            "i-webs > i-apps: tcp 8080",
            "blocked: security-group-egress: no egress rules",
        ),
        row(
            "a page of several is no whole list",
            alone.clone().set("NextToken", json!("more")),
            "internet > i-webs: tcp 80",
            "unknown: security-group-ingress: the rules of web were not collected",
        ),
    ]);
}

#[test]
fn rules_that_contradict_each_other() {
    let more = listed().add(
        "SecurityGroupRules",
        rule("sgr-0006", "sg-webs", json!({"FromPort": 80, "ToPort": 80, "CidrIpv4": "0.0.0.0/0"})),
    );
    let refused = more.refusal();
    assert!(refused.contains("`sgr-0006` is not among the rules of its group"), "{refused}");
    let less = listed().edit("sg-webs", json!({"IpPermissions": []}));
    assert!(less.refusal().contains("`sgr-0001` is not among the rules of its group"), "{}", less.refusal());
    for (id, key) in [("sgr-0002", "IpPermissions"), ("sgr-0003", "IpPermissionsEgress")] {
        let short = unlisted(&listed(), id);
        let message = "security group `sg-webs` has a rule that the list of its rules lacks";
        assert!(
            short.refusal().contains(&format!("{message} (`SecurityGroups[0].{key}`)")),
            "{}",
            short.refusal()
        );
        short.set("NextToken", json!("a page lacks what others list")).scenario();
    }
    // A list that was asked of other groups alone says nothing of this one.
    ["sgr-0001", "sgr-0002", "sgr-0003"].iter().fold(listed(), |dump, id| unlisted(&dump, id)).scenario();
    let two = listed().edit("sgr-0001", json!({"PrefixListId": "pl-list"}));
    assert!(two.refusal().contains("has not exactly one far side"), "{}", two.refusal());
}

fn admits(permission: Value) -> Dump {
    Dump::lab().edit("sg-webs", json!({"IpPermissions": [permission]}))
}

#[test]
fn a_rule_with_a_prefix_list() {
    let dump = || {
        admits(
            json!({"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": "pl-list"}]}),
        )
    };
    let named =
        || dump().set("PrefixLists", json!([{"PrefixListId": "pl-list", "PrefixListName": "offices"}]));
    let entries =
        || named().set("Entries", json!([{"Cidr": "192.0.2.0/24"}])).set("PrefixListId", json!("pl-list"));
    let listed = || {
        dump().set(
            "PrefixLists",
            json!([{"PrefixListId": "pl-list", "PrefixListName": "offices", "Cidrs": ["192.0.2.0/24"]}]),
        )
    };
    let unlisted = "unknown: security-group-ingress: tcp 443 from pl-list: the entries of the prefix list were not collected";
    let outside = "blocked: security-group-ingress: no rule matches; there is tcp 443 from pl-list";
    check(&[
        row("nobody asked about the list", dump(), "192.0.2.7 > i-webs: tcp 443", unlisted),
        row("nobody asked about its entries", named(), "192.0.2.7 > i-webs: tcp 443", unlisted),
        row(
            "another port is denied",
            named(),
            "192.0.2.7 > i-webs: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from pl-list",
        ),
        row("its entries admit", entries(), "192.0.2.7 > i-webs: tcp 443", "connected"),
        row("what they do not hold is denied", entries(), "198.51.100.7 > i-webs: tcp 443", outside),
        row("entries within the list", listed(), "192.0.2.7 > i-webs: tcp 443", "connected"),
        row("what they do not hold is denied as well", listed(), "198.51.100.7 > i-webs: tcp 443", outside),
        row(
            "entries that are null",
            entries().set("Entries", Value::Null),
            "192.0.2.7 > i-webs: tcp 443",
            unlisted,
        ),
        row(
            "entries of a page of several",
            entries().set("NextToken", json!("more")),
            "198.51.100.7 > i-webs: tcp 443",
            unlisted,
        ),
    ]);
}

/// The entries of a list, told by as many answers as there are `entries`, and by the list itself with `cidrs`.
fn told_of_a_list(cidrs: Option<Value>, entries: &[&[&str]]) -> Result<Scenario, LoadError> {
    let answer = |blocks: &&[&str]| {
        let entries: Vec<Value> = blocks.iter().map(|block| json!({"Cidr": block})).collect();
        json!({"PrefixListId": "pl-list", "Entries": entries})
    };
    let list = json!({"PrefixLists": [{"PrefixListId": "pl-list", "Cidrs": cidrs}]});
    let lab: Value = serde_json::from_str(&Dump::lab().text()).unwrap();
    let all: Value = entries.iter().map(answer).chain([list, lab]).collect();
    Scenario::parse("dump.json", &all.to_string())
}

#[test]
fn prefix_lists_told_twice() {
    const ONE: &str = "192.0.2.0/24";
    const TWO: &str = "198.51.100.0/24";
    let both = Some(json!([ONE, TWO]));
    for (cidrs, entries) in [
        (None, &[&[ONE, TWO][..], &[TWO, ONE]][..]),
        (None, &[&[], &[]]),
        (both.clone(), &[]),
        (both.clone(), &[&[TWO, ONE]]),
        (Some(json!([])), &[&[]]),
    ] {
        let scenario = told_of_a_list(cidrs.clone(), entries);
        scenario.unwrap_or_else(|problem| panic!("{cidrs:?} {entries:?}: {problem}"));
    }
    let answers = "is in one answer about its list and not in another";
    let list = "prefix list `pl-list` has other blocks than entries (`PrefixLists[0].Cidrs`)";
    for (cidrs, entries, message) in [
        (None, &[&[ONE][..], &[ONE, TWO]][..], answers),
        (None, &[&[ONE, TWO], &[ONE]], answers),
        (None, &[&[ONE], &[]], answers),
        (Some(json!([])), &[&[ONE]], list),
        (both.clone(), &[&[ONE]], list),
        (Some(json!([ONE])), &[&[ONE, TWO]], list),
    ] {
        let refusal = told_of_a_list(cidrs.clone(), entries).map(drop).unwrap_err().to_string();
        assert!(refusal.contains(message), "{cidrs:?} {entries:?}: {refusal}");
    }
}

#[test]
fn protocols_by_number_and_name() {
    let denied = |rule: &str| {
        format!("blocked: security-group-ingress: no rule matches; there is {rule} from 0.0.0.0/0")
    };
    let everyone = |protocol: &str, ports: Option<(i64, i64)>| {
        let mut permission = json!({"IpProtocol": protocol, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]});
        if let Some((from, to)) = ports {
            permission["FromPort"] = json!(from);
            permission["ToPort"] = json!(to);
        }
        admits(permission)
    };
    for (protocol, ports, traffic, admitted) in [
        ("6", Some((22, 25)), "tcp 25", true),
        ("6", Some((22, 25)), "tcp 26", false),
        ("6", Some((22, 25)), "udp 25", false),
        ("17", Some((53, 53)), "udp 53", true),
        ("udp", Some((0, 65535)), "udp 65535", true),
        ("1", Some((8, -1)), "icmp 8", true),
        ("icmp", Some((8, -1)), "icmp 13", false),
        ("icmp", Some((3, 4)), "icmp 3/4", true),
        ("icmp", Some((3, 4)), "icmp 3/3", false),
        ("icmp", Some((-1, -1)), "icmp 13", true),
        ("47", Some((1, 2)), "47", true),
        ("50", None, "50", true),
        ("50", None, "51", false),
        ("-1", None, "132", true),
        ("-1", Some((80, 80)), "tcp 443", true),
    ] {
        let said = everyone(protocol, ports).says("i-apps", "i-webs", traffic);
        let rule =
            said.split("there is ").nth(1).map(|rest| rest.trim_end_matches(" from 0.0.0.0/0").to_owned());
        let passes = !said.contains("security-group-ingress");
        assert_eq!(passes, admitted, "{protocol} {ports:?} {traffic}: {said}");
        assert!(passes || rule.is_none_or(|rule| said == denied(&rule)), "{said}");
    }
    let refused = everyone("tcp", None).refusal();
    assert!(refused.contains("its ports or ICMP numbers are missing or out of range"), "{refused}");
}

/// `icmpv6` may leave both numbers out; one alone is no wildcard.
#[test]
fn half_a_pair_of_numbers() {
    for protocol in ["tcp", "17", "icmp", "1", "icmpv6", "58"] {
        for (port, number) in [("FromPort", 128), ("ToPort", 0)] {
            let half = json!({"IpProtocol": protocol, port: number, "Ipv6Ranges": [{"CidrIpv6": "::/0"}]});
            let mut single = json!({"SecurityGroupRuleId": "sgr-0006", "GroupId": "sg-webs", "IsEgress": false,
                                    "IpProtocol": protocol, "CidrIpv6": "::/0"});
            single[port] = json!(number);
            for refused in [admits(half).refusal(), listed().add("SecurityGroupRules", single).refusal()] {
                let message = "its ports or ICMP numbers are missing or out of range";
                assert!(refused.contains(message), "{protocol} {port}: {refused}");
            }
        }
    }
    for protocol in ["icmpv6", "58"] {
        let whole = json!({"IpProtocol": protocol, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]});
        assert_eq!(admits(whole).says("i-apps", "i-webs", "58"), "connected", "{protocol}");
    }
}

/// Entries of the front subnet's own network ACL, towards it; everything leaves.
fn with_entries(entries: Value) -> Dump {
    let mut all = entries;
    all.as_array_mut().unwrap().push(json!({"RuleNumber": 100, "RuleAction": "allow", "Egress": true, "Protocol": "-1", "CidrBlock": "0.0.0.0/0"}));
    let acl = json!({"NetworkAclId": "acl-front", "VpcId": "vpc-main", "Associations": [{"SubnetId": "subnet-front"}], "Entries": all});
    Dump::lab().edit("acl-open", json!({"Associations": [{"SubnetId": "subnet-back"}]})).add("NetworkAcls", acl)
        .edit("sg-webs", json!({"IpPermissions": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}], "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]}))
}

fn entry(number: i64, action: &str, patch: Value) -> Value {
    let mut entry =
        json!({"RuleNumber": number, "RuleAction": action, "Egress": false, "CidrBlock": "0.0.0.0/0"});
    entry.as_object_mut().unwrap().extend(patch.as_object().unwrap().clone());
    entry
}

#[test]
fn entries_of_network_acls() {
    let all = |number, action| entry(number, action, json!({"Protocol": "-1"}));
    let icmp = |number, kind: i64, code: i64| {
        entry(number, "allow", json!({"Protocol": "1", "IcmpTypeCode": {"Type": kind, "Code": code}}))
    };
    let star = "blocked: network-acl-ingress: no entry matches";
    check(&[
        row(
            "32767 and 32768 are what every list has",
            with_entries(json!([all(32767, "deny"),
            {"RuleNumber": 32768, "RuleAction": "deny", "Egress": false, "Protocol": "-1", "Ipv6CidrBlock": "::/0"}])),
            "i-apps > i-webs: tcp 443",
            "blocked: network-acl-ingress: no ingress entries: everything is denied",
        ),
        row(
            "by number, whatever their order",
            with_entries(json!([all(200, "deny"), all(100, "allow")])),
            "i-apps > i-webs: tcp 443",
            "connected",
        ),
        row(
            "the lowest number that matches",
            with_entries(json!([all(200, "allow"), all(100, "deny")])),
            "i-apps > i-webs: tcp 443",
            "blocked: network-acl-ingress: deny all from 0.0.0.0/0",
        ),
        row(
            "ports",
            with_entries(json!([entry(
                1,
                "allow",
                json!({"Protocol": "6", "PortRange": {"From": 440, "To": 443}})
            )])),
            "i-apps > i-webs: tcp 443",
            "connected",
        ),
        row(
            "one beside",
            with_entries(json!([entry(
                1,
                "allow",
                json!({"Protocol": "6", "PortRange": {"From": 440, "To": 443}})
            )])),
            "i-apps > i-webs: tcp 444",
            star,
        ),
        row("type and code", with_entries(json!([icmp(1, 8, 0)])), "i-apps > i-webs: icmp 8", "connected"),
        row("another code", with_entries(json!([icmp(1, 8, 0)])), "i-apps > i-webs: icmp 8/1", star),
        row("every code", with_entries(json!([icmp(1, 13, -1)])), "i-apps > i-webs: icmp 13/1", "connected"),
        row("every type", with_entries(json!([icmp(1, -1, -1)])), "i-apps > i-webs: icmp 15", "connected"),
        row(
            "by name",
            with_entries(json!([entry(
                1,
                "allow",
                json!({"Protocol": "udp", "PortRange": {"From": 1, "To": 9}})
            )])),
            "i-apps > i-webs: udp 9",
            "connected",
        ),
        row(
            "ICMPv6 with an IPv4 block is everything of protocol 58",
            with_entries(json!([entry(
                1,
                "allow",
                json!({"Protocol": "58", "IcmpTypeCode": {"Type": 1, "Code": 1}})
            )])),
            "i-apps > i-webs: 58",
            "connected",
        ),
    ]);
    let wrong = with_entries(json!([all(32767, "allow")])).refusal();
    assert!(wrong.contains("not a number that AWS gives to an entry"), "{wrong}");
    let two = with_entries(json!([all(100, "allow"), all(100, "deny")])).refusal();
    assert!(two.contains("100"), "{two}");
}

/// A list that is not there says nothing; an empty one says that there is nothing.
#[test]
fn entries_that_are_absent() {
    check(&[
        row(
            "an empty list denies",
            Dump::lab().edit("acl-open", json!({"Entries": []})),
            "i-apps > i-webs: tcp 443",
            "blocked: network-acl-egress: no egress entries: everything is denied",
        ),
        row(
            "no list says nothing",
            Dump::lab().edit("acl-open", json!({"Entries": null})),
            "i-apps > i-webs: tcp 443",
            "unknown: network-acl-egress: network ACLs were not collected",
        ),
    ]);
}
