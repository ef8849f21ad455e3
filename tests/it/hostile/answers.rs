//! Malformed answers of AWS: `data/invalid-json/FILE.json`, each the network of `data/valid/account.json` with one
//! thing wrong, or no JSON at all.
//!
//! Accounts hold secrets. In every file the texts that are neither ids nor addresses are `hunter2`, in tags,
//! descriptions and wherever they do not belong; nothing that is printed may hold it.

use std::collections::BTreeSet;
use std::fs;

use super::{DATA, Ended, flowcast};

/// A text of an account that nobody may see.
const SECRET: &str = "hunter2";

struct Refused {
    file: &'static str,
    wrong: &'static str,
    /// The JSON path that the message names; empty where there is none to name.
    path: &'static str,
    exit: i32,
}

const fn refused(file: &'static str, wrong: &'static str, path: &'static str) -> Refused {
    Refused { file, wrong, path, exit: 3 }
}

static REFUSED: &[Refused] = &[
    refused(
        "contradiction-interfaces",
        "instances and interfaces disagree in three ways",
        "Reservations[0].Instances[2].NetworkInterfaces[0]",
    ),
    refused("contradiction-twice", "two VPCs of one id", "Vpcs[1]"),
    refused("json-syntax-truncated", "cut within a tag", ""),
    refused(
        "unreadable-values",
        "several values that cannot be read",
        "SecurityGroups[0].IpPermissions[0].FromPort",
    ),
    refused("type-list-is-text", "a list is text", "Vpcs"),
    refused("type-list-is-object", "a list is an object", "Subnets"),
    refused("type-item-is-number", "a resource is a number", "Subnets[0]"),
    refused("type-item-is-text", "a resource is text", "NetworkInterfaces[0]"),
    refused("type-item-is-null", "a resource is nothing", "RouteTables[0]"),
    refused("type-id-is-list", "an id is a list", "Vpcs[0].VpcId"),
    refused("type-cidr-is-object", "a block is an object", "Subnets[0].CidrBlock"),
    refused("type-port-is-text", "a port is text", "SecurityGroups[0].IpPermissions[0].FromPort"),
    refused(
        "type-port-is-fraction",
        "a port is no whole number",
        "SecurityGroups[0].IpPermissions[0].ToPort",
    ),
    refused("type-rule-number-is-text", "a rule number is text", "NetworkAcls[0].Entries[0].RuleNumber"),
    refused("type-egress-is-text", "a direction is text", "NetworkAcls[0].Entries[0].Egress"),
    refused("type-check-is-number", "`SourceDestCheck` is a number", "NetworkInterfaces[0].SourceDestCheck"),
    refused("type-groups-is-text", "the groups of an interface are text", "NetworkInterfaces[0].Groups"),
    refused("absent-vpc-id", "a VPC without id", "Vpcs[0]"),
    refused("absent-subnet-vpc", "a subnet without VPC", "Subnets[0]"),
    refused("absent-rule-action", "an ACL entry without action", "NetworkAcls[0].Entries[0]"),
    refused("absent-protocol", "a permission without protocol", "SecurityGroups[0].IpPermissions[0]"),
    refused("absent-egress", "an ACL entry without direction", "NetworkAcls[0].Entries[0]"),
    refused("absent-entry-block", "an ACL entry without block", "NetworkAcls[0].Entries[0].CidrBlock"),
    refused("absent-destination", "a route without destination", "RouteTables[0].Routes[1]"),
    refused("duplicate-vpc", "two VPCs of one id with different blocks", "Vpcs[1]"),
    refused("duplicate-subnet", "two subnets of one id with different blocks", "Subnets[1]"),
    refused("duplicate-group", "two groups of one id with different rules", "SecurityGroups[1]"),
    refused(
        "duplicate-interface",
        "two interfaces of one id with different addresses",
        "NetworkInterfaces[1]",
    ),
    refused("duplicate-address", "two interfaces with one address", ""),
    refused("duplicate-rule-number", "two entries with one number", ""),
    refused("contradiction-rules", "a rule that its group does not have", "SecurityGroupRules[0].GroupId"),
    refused("contradiction-no-peer", "a rule without far side", "SecurityGroupRules[0].SecurityGroupRuleId"),
    refused(
        "contradiction-interface",
        "an instance and its interface disagree",
        "Reservations[0].Instances[0].NetworkInterfaces[0]",
    ),
    refused("contradiction-interfaces", "several instances and interfaces disagree", "NetworkInterfaces[0]"),
    refused("outside-subnet", "a subnet outside its VPC", ""),
    refused("outside-address", "an address outside its subnet", ""),
    refused("cidr-prefix-33", "a block `10.0.0.0/33`", "Subnets[0].CidrBlock"),
    refused("cidr-address", "a block `10.0.0.256/24`", "Subnets[0].CidrBlock"),
    refused("cidr-text", "a block `of words`", "Subnets[0].CidrBlock"),
    refused("cidr-empty", "a block ``", "Subnets[0].CidrBlock"),
    refused("cidr-negative", "a block `10.0.0.0/-1`", "Subnets[0].CidrBlock"),
    refused("cidr-huge", "a block `0.0.0.0/99999999999999999999`", "Subnets[0].CidrBlock"),
    refused(
        "cidr-rule",
        "a rule's block has 33 bits",
        "SecurityGroups[0].IpPermissions[0].IpRanges[0].CidrIp",
    ),
    refused("cidr-acl", "an entry's block has words", "NetworkAcls[0].Entries[0].CidrBlock"),
    refused("cidr-route", "a destination has words", "RouteTables[0].Routes[1].DestinationCidrBlock"),
    refused("address-text", "an address is words", "NetworkInterfaces[0].PrivateIpAddress"),
    refused(
        "address-markup",
        "an address has markup and control characters",
        "NetworkInterfaces[0].PrivateIpAddress",
    ),
    refused("port-65536", "a port beyond 65535", "SecurityGroups[0].IpPermissions[0].IpProtocol"),
    refused("port-negative", "a negative port", "SecurityGroups[0].IpPermissions[0].IpProtocol"),
    refused("port-acl-65536", "an entry's port beyond 65535", "NetworkAcls[0].Entries[0].Protocol"),
    refused(
        "port-reversed",
        "a range that ends before it begins",
        "SecurityGroups[0].IpPermissions[0].IpProtocol",
    ),
    refused("port-absent", "a tcp permission without ports", "SecurityGroups[0].IpPermissions[0].IpProtocol"),
    refused("port-beyond-64-bits", "a port of twenty digits", "SecurityGroups[0].IpPermissions[0].FromPort"),
    refused("rule-number-0", "rule number 0", "NetworkAcls[0].Entries[0].RuleNumber"),
    refused(
        "rule-number-32767-allow",
        "rule number 32767 that allows",
        "NetworkAcls[0].Entries[0].RuleNumber",
    ),
    refused("rule-number-negative", "a negative rule number", "NetworkAcls[0].Entries[0].RuleNumber"),
    refused("rule-action-words", "an action that is neither", "NetworkAcls[0].Entries[0].RuleAction"),
    refused("protocol-words", "a protocol that is none", "SecurityGroups[0].IpPermissions[0].IpProtocol"),
    refused("protocol-256", "protocol 256", "NetworkAcls[0].Entries[0].Protocol"),
    refused("format-words", "a log format that is none", ""),
    refused("format-unknown-field", "a log format with an unknown field", ""),
    refused("traffic-type-words", "a traffic type that is none", ""),
    refused("syntax-truncated", "cut in the middle", ""),
    refused("syntax-truncated-text", "cut within a text", ""),
    refused("syntax-empty", "nothing", ""),
    refused("syntax-blank", "only blanks", ""),
    refused("syntax-nan", "NaN", ""),
    refused("syntax-infinity", "-Infinity", ""),
    refused("syntax-1e999", "a number beyond all", ""),
    refused("syntax-comment", "a comment", ""),
    refused("syntax-trailing-comma", "a comma too many", ""),
    refused("syntax-two-documents", "two documents", ""),
    refused("syntax-single-quotes", "single quotes", ""),
    refused("syntax-lone-surrogate", "half of a surrogate pair", ""),
    refused("syntax-bad-escape", "an escape that is none", ""),
    refused("syntax-nul", "a raw NUL", ""),
    refused("syntax-not-utf8", "Latin-1", ""),
    refused("syntax-utf16", "UTF-16", ""),
    refused("syntax-deep", "nested 200 deep", ""),
    refused("syntax-yaml", "YAML that is not JSON", ""),
    refused("syntax-list-of-text", "a list of text", ""),
    refused("syntax-number", "a number", ""),
    refused("syntax-null", "null", ""),
    refused("unknown-answer", "an answer that nobody knows", ""),
    refused("unknown-keys", "several, with long keys", ""),
    refused("foreign-terraform-plan", "a plan of Terraform", ""),
    refused("foreign-cloudformation", "a template of CloudFormation", ""),
    refused("unknown-items", "a list of which nothing tells what it is of", ""),
    refused("unknown-error", "an error of AWS", ""),
    refused("twice-vpcs", "a key twice, contradicting itself", ""),
    refused("twice-member", "a member twice", "Vpcs[0]"),
    refused("control-characters-in-id", "an id with markup and control characters", "Subnets[0].CidrBlock"),
    refused("control-characters-in-key", "keys with markup and control characters", ""),
    refused(
        "ipv6-address-text",
        "an IPv6 address is words",
        "NetworkInterfaces[0].Ipv6Addresses[0].Ipv6Address",
    ),
    refused("prefix-text", "a delegated prefix is words", "NetworkInterfaces[0]"),
    refused("public-address-text", "a public address is words", "NetworkInterfaces[0].Association.PublicIp"),
    refused("prefix-list-text", "an entry of a prefix list is words", "PrefixLists[0]"),
    refused("balancer-port", "a listener's port beyond 65535", "Listeners[0].Port"),
    refused("balancer-priority", "a priority of words", "Rules[1].Priority"),
    refused(
        "balancer-source-ip",
        "a client's block of words",
        "Rules[1].Conditions[0].SourceIpConfig.Values",
    ),
    refused("balancer-health", "health that is none", "TargetHealthDescriptions[0].TargetHealth.State"),
    refused("balancer-health-twice", "two healths of one target", "TargetHealthDescriptions[0]"),
    refused("balancer-attribute", "a switch that is neither on nor off", "Attributes[0].Value"),
    refused("balancer-attribute-twice", "two values of one attribute", "Attributes[1]"),
    refused("balancer-idle-time", "an idle time beyond what AWS has", "Attributes[0].Value"),
    refused("endpoint-service-state", "a state that is none", "ServiceConfigurations[0].ServiceState"),
    refused("lattice-twice", "two types of one target group", "answer[0]"),
    refused("balancer-type", "a type that is none", "LoadBalancers[0].Type"),
    refused("balancer-twice", "two load balancers of one ARN", "LoadBalancers[1]"),
    refused(
        "balancer-classic",
        "a protocol that is none",
        "LoadBalancerDescriptions[0].ListenerDescriptions[0].Listener.Protocol",
    ),
];

fn path_of(file: &str) -> String {
    format!("{DATA}/invalid-json/{file}.json")
}

#[test]
fn every_malformed_answer_is_refused_at_its_place() {
    for Refused { file, wrong, path, exit } in REFUSED {
        let ended = flowcast(&["run", &path_of(file)]);
        ended.refused(*exit, &format!("{file}.json:"));
        assert!(ended.stderr.contains(path), "{wrong}: `{path}` is not named\n{}", ended.stderr);
    }
}

#[test]
fn nothing_is_wrong_with_the_network_that_they_were_made_of() {
    let ended = flowcast(&["check", &format!("{DATA}/valid/account.json"), "--deny-warnings"]);
    assert_eq!(ended.code, Some(0), "{ended:?}");
}

#[test]
fn the_table_lists_every_file_and_every_file_holds_the_secret() {
    let listed: BTreeSet<String> = REFUSED.iter().map(|row| format!("{}.json", row.file)).collect();
    let files = fs::read_dir(format!("{DATA}/invalid-json")).unwrap();
    let found: BTreeSet<String> =
        files.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(found, listed);
    let holds = |file: &&String| {
        let bytes = fs::read(format!("{DATA}/invalid-json/{file}")).unwrap();
        let text: String = String::from_utf8_lossy(&bytes).replace('\0', "");
        text.contains(SECRET)
    };
    let without: Vec<_> = listed.iter().filter(|file| !holds(file)).map(String::as_str).collect();
    // What is too short to hold anything.
    let short = ["syntax-blank", "syntax-empty", "syntax-null", "syntax-number", "syntax-trailing-comma"];
    assert_eq!(without, short.map(|file| format!("{file}.json")));
}

#[test]
fn no_command_prints_a_text_of_an_account() {
    let files: Vec<String> = REFUSED.iter().map(|row| path_of(row.file)).collect();
    let silent = |ended: &Ended| {
        let found = [&ended.stdout, &ended.stderr].into_iter().find(|text| text.contains(SECRET));
        let line = found.and_then(|text| text.lines().find(|line| line.contains(SECRET)));
        assert_eq!(line, None);
    };
    for form in ["text", "json", "github"] {
        let mut arguments = vec!["check", "--output", form];
        arguments.extend(files.iter().map(String::as_str));
        silent(&flowcast(&arguments));
    }
    let mut run = vec!["run"];
    run.extend(files.iter().map(String::as_str));
    silent(&flowcast(&run));
    for file in &files {
        // What can be read is written as a scenario, with the names in it: that is what it is for.
        silent(&Ended { stdout: String::new(), ..flowcast(&["import", "aws", file]) });
    }
}
