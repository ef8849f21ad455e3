//! Security groups whose rules or members nobody collected.

use serde_json::{Value, json};

use super::dump::{Dump, interface, route, told};
use super::{check, row};
use crate::asking::question;

/// `webs` is in a group of another account as well.
fn in_a_foreign_group() -> Dump {
    Dump::lab().edit("eni-webs", json!({"Groups": [{"GroupId": "sg-webs"}, {"GroupId": "sg-foreign"}]}))
}

/// `webs` admits 5432 from a group that nobody collected.
fn admits_a_foreign_group(pair: &Value) -> Dump {
    let permission =
        json!([{"IpProtocol": "tcp", "FromPort": 5432, "ToPort": 5432, "UserIdGroupPairs": [pair]}]);
    Dump::lab().edit("sg-webs", json!({"IpPermissions": permission}))
}

/// `webs` sends only to members of a group, and nobody collected interfaces by themselves.
fn sends_to_members(group: &str) -> Dump {
    let permission = json!([{"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": group}]}]);
    Dump::lab().edit("sg-webs", json!({"IpPermissionsEgress": permission}))
}

#[test]
fn a_group_of_another_account_on_an_interface() {
    check(&[
        row(
            "a known rule admits, whatever the others say",
            in_a_foreign_group(),
            "internet > i-webs: tcp 443",
            "connected",
        ),
        row(
            "no known rule admits, but the others may",
            in_a_foreign_group(),
            "internet > i-webs: tcp 80",
            "unknown: security-group-ingress: the rules of sg-foreign were not collected",
        ),
        row(
            "a certain deny behind it decides",
            in_a_foreign_group().edit("sg-apps", json!({"IpPermissions": []})),
            "i-webs > i-apps: tcp 8080",
            "blocked: security-group-ingress: no ingress rules",
        ),
    ]);
}

#[test]
fn a_rule_that_names_an_external_group() {
    let foreign = || admits_a_foreign_group(&json!({"GroupId": "sg-foreign", "UserId": "999988887777"}));
    let stale = || admits_a_foreign_group(&json!({"GroupId": "sg-foreign", "PeeringStatus": "deleted"}));
    let member =
        || foreign().edit("eni-apps", json!({"Groups": [{"GroupId": "sg-apps"}, {"GroupId": "sg-foreign"}]}));
    let no_member = "blocked: security-group-ingress: no rule matches; there is tcp 5432 from sg-foreign";
    check(&[
        row("the sender is known, and no member", foreign(), "i-apps > i-webs: tcp 5432", no_member),
        row("a stale rule matches no known sender", stale(), "i-apps > i-webs: tcp 5432", no_member),
        row("the sender is known to be a member", member(), "i-apps > i-webs: tcp 5432", "connected"),
        row("from the internet nobody is a member", foreign(), "internet > i-webs: tcp 5432", no_member),
        row(
            "another service is denied, whoever is a member",
            foreign(),
            "internet > i-webs: tcp 5433",
            "blocked: security-group-ingress: no rule matches",
        ),
        row(
            "to a known interface that is no member",
            sends_to_members("sg-foreign"),
            "i-webs > i-apps: tcp 8080",
            "blocked: security-group-egress: no rule matches; there is all to sg-foreign",
        ),
        row(
            "to a private address where no route leads",
            sends_to_members("sg-foreign"),
            "i-webs > 10.9.0.9: tcp 8080",
            "blocked: internet-gateway: private addresses do not cross an internet gateway: 10.0.1.10 -> 10.9.0.9",
        ),
        row(
            "to an unknown private address, which may be a member's",
            sends_to_members("sg-foreign")
                .edit("rtb-main", json!({"Routes": [route("10.0.0.0/8", "vgw-0001")]})),
            "i-webs > 10.9.0.9: tcp 8080",
            "unknown: security-group-egress: only rules that name a group of another VPC match, and how it is joined \
             is not simulated",
        ),
        row(
            "to the internet, where no members are",
            sends_to_members("sg-foreign"),
            "i-webs > internet: tcp 8080",
            "blocked: security-group-egress: no rule matches; there is all to sg-foreign",
        ),
        row(
            "to an address of the VPC that nobody has",
            sends_to_members("sg-apps"),
            "i-webs > 10.0.2.99: tcp 8080",
            "blocked: security-group-egress: no rule matches; there is all to sg-apps",
        ),
        row(
            "to an address of the VPC that somebody may have who was not collected",
            sends_to_members("sg-apps")
                .without(&["NetworkInterfaces"])
                .edit("i-webs", with_interface("webs", "10.0.1.10")),
            "i-webs > 10.0.2.99: tcp 8080",
            "unknown: security-group-egress: network interfaces were not collected: somebody may have 10.0.2.99",
        ),
        row(
            "the same where the blocks of the VPC are not known either",
            sends_to_members("sg-apps")
                .without(&["NetworkInterfaces", "Vpcs", "RouteTables"])
                .edit("i-webs", with_interface("webs", "10.0.1.10")),
            "i-webs > 10.0.2.99: tcp 8080",
            "unknown: security-group-egress: network interfaces were not collected: somebody may have 10.0.2.99",
        ),
    ]);
}

/// An interface that only its instance tells of.
fn with_interface(name: &str, address: &str) -> Value {
    let subnet = if name == "webs" { "subnet-front" } else { "subnet-back" };
    json!({"NetworkInterfaces": [interface(name, subnet, address, json!({"Attachment": {"InstanceId": null}}))]})
}

/// What rests on it says so.
#[test]
fn that_members_have_private_addresses_is_an_assumption() {
    let scenario = admits_a_foreign_group(&json!({"GroupId": "sg-foreign"})).scenario();
    let mut scenario = scenario;
    let question = question("internet", "i-webs", super::dump::parse("tcp 5432"));
    scenario.connections = vec![scenario.connection(&question).unwrap()];
    let report = scenario.run();
    assert!(told(&scenario, &report.connections[0].trace()).starts_with("blocked"));
    let assumptions = report.assumptions_of(0);
    assert!(assumptions.contains("peer-members-private"), "{assumptions:?}");
}

#[test]
fn groups_that_were_not_collected() {
    let all = || Dump::lab().without(&["SecurityGroups"]);
    let unknown = "unknown: security-group-egress: the rules of sg-apps were not collected";
    check(&[
        row("nothing is known of any rule", all(), "i-apps > i-webs: tcp 443", unknown),
        row(
            "a network ACL denies all the same",
            all().edit("acl-open", json!({"Entries": []})),
            "i-apps > i-webs: tcp 443",
            "blocked: network-acl-egress: no egress entries: everything is denied",
        ),
        row(
            "rules of one direction alone",
            Dump::lab().edit("sg-webs", json!({"IpPermissions": null})),
            "i-apps > i-webs: tcp 443",
            "unknown: security-group-ingress: the rules of web were not collected",
        ),
        row(
            "and of the other",
            Dump::lab().edit("sg-webs", json!({"IpPermissions": null})),
            "i-webs > i-apps: tcp 8080",
            "connected",
        ),
    ]);
}

/// They belong to no VPC, so that no interface of one can be in them.
#[test]
fn groups_of_ec2_classic() {
    let dump = Dump::lab()
        .add("SecurityGroups", json!({"GroupId": "sg-classic", "GroupName": "old", "IpPermissions": []}));
    let warnings = dump.warnings();
    assert_eq!(warnings, ["1 security groups belong to no VPC: EC2-Classic is no more"]);
    let named = dump.edit(
        "sg-webs",
        json!({"IpPermissions": [
        {"IpProtocol": "-1", "UserIdGroupPairs": [{"GroupId": "sg-classic", "GroupName": "old"}]}]}),
    );
    check(&[row(
        "a rule that names one admits nobody who is known",
        named,
        "i-apps > i-webs: tcp 443",
        "blocked: security-group-ingress: no rule matches; there is all from sg-classic",
    )]);
}

/// Rules of groups that nobody described are theirs all the same, when the list is whole.
#[test]
fn groups_that_only_the_list_of_rules_tells_of() {
    let rules = json!([
        {"SecurityGroupRuleId": "sgr-0001", "GroupId": "sg-webs", "IsEgress": false, "IpProtocol": "tcp", "FromPort": 443,
         "ToPort": 443, "CidrIpv4": "0.0.0.0/0"},
        {"SecurityGroupRuleId": "sgr-0002", "GroupId": "sg-webs", "IsEgress": true, "IpProtocol": "-1",
         "CidrIpv4": "10.0.0.0/16"},
    ]);
    let dump = || Dump::lab().without(&["SecurityGroups"]).set("SecurityGroupRules", rules.clone());
    let page = || dump().set("NextToken", json!("more"));
    let unknown = "unknown: security-group-ingress: the rules of sg-webs were not collected";
    check(&[
        row("admitted", dump(), "internet > i-webs: tcp 443", "connected"),
        row(
            "not admitted",
            dump(),
            "internet > i-webs: tcp 80",
            "blocked: security-group-ingress: no rule matches; there is tcp 443 from 0.0.0.0/0",
        ),
        row("of a page", page(), "internet > i-webs: tcp 443", unknown),
    ]);
    // Of one the list of rules tells, of the other nobody does.
    let told = [
        "1 security group was not collected, although resources are in it",
        "1 security group was not collected, although interfaces have it",
    ];
    assert_eq!(dump().warnings(), told);
    let said = crate::observed::dump::says(&dump().imported(), "internet", "i-webs", "tcp 443");
    assert_eq!(said, "connected");
}

/// An interface in another VPC has a group by its association, and whoever is not there is certainly no member.
#[test]
fn groups_that_are_associated_with_several_vpcs() {
    let association = |state: &str| json!({"GroupId": "sg-webs", "VpcId": "vpc-two", "VpcOwnerId": "111122223333", "State": state});
    let members = json!([{"IpProtocol": "tcp", "FromPort": 22, "ToPort": 22,
                          "UserIdGroupPairs": [{"GroupId": "sg-webs"}]}]);
    let dump = |state: &str| {
        Dump::lab()
            .add("Vpcs", json!({"VpcId": "vpc-two", "OwnerId": "111122223333", "CidrBlock": "10.1.0.0/16"}))
            .add("Subnets", json!({"SubnetId": "subnet-two", "VpcId": "vpc-two", "CidrBlock": "10.1.1.0/24",
                                   "AvailabilityZone": "us-east-1a", "AvailabilityZoneId": "use1-az1"}))
            .add("RouteTables", json!({"RouteTableId": "rtb-two", "VpcId": "vpc-two",
                "Associations": [{"Main": true}],
                "Routes": [super::dump::route("10.1.0.0/16", "local")]}))
            .edit("sg-webs", json!({"IpPermissions": members, "IpPermissionsEgress": members}))
            .add("NetworkInterfaces", super::dump::interface("two", "subnet-two", "10.1.1.10",
                json!({"VpcId": "vpc-two", "Groups": [{"GroupId": "sg-webs"}], "Attachment": {"InstanceId": null}})))
            .add("NetworkInterfaces", super::dump::interface("too", "subnet-two", "10.1.1.11",
                json!({"VpcId": "vpc-two", "Groups": [{"GroupId": "sg-webs"}], "Attachment": {"InstanceId": null}})))
            .add("SecurityGroupVpcAssociations", association(state))
    };
    let text = dump("associated").imported_text();
    assert!(text.contains("associated_vpcs: [vpc-two]"), "{text}");
    assert!(!dump("disassociated").imported_text().contains("associated_vpcs"));
    let denied = "blocked: security-group-egress: no rule matches; there is tcp 22 to sg-webs";
    check(&[
        row("members there", dump("associated"), "eni-two > eni-too: tcp 22", "connected"),
        row("nobody's address", dump("associated"), "eni-two > 192.168.7.7: tcp 22", denied),
        // A member in another VPC, if anything joins them.
        row(
            "a member elsewhere",
            dump("associated"),
            "eni-two > 10.0.1.10: tcp 22",
            "blocked: route: no route to 10.0.1.10",
        ),
        row(
            "by no association that is told",
            dump("disassociated"),
            "eni-two > 192.168.7.7: tcp 22",
            "blocked: route: no route to 192.168.7.7",
        ),
    ]);
}

#[test]
fn ids_in_capital_letters() {
    let shouted = json!({"Groups": [{"GroupId": "SG-APPS"}]});
    let refused = Dump::lab().edit("eni-apps", shouted).refusal();
    assert!(refused.contains("`sg-apps` is written here in other letters than elsewhere"), "{refused}");
    // As long as all are written so, nothing is mistaken.
    let text = Dump::lab().text().replace("sg-apps", "sg-APPS");
    flowcast::Scenario::parse("dump.json", &text).unwrap();
}
