//! What AWS answers to `aws ec2 describe-*`: one file or many, under any names, wrapped by recorders or not.
//!
//! Answers are recognised by their keys. [`answer`] is the table of those that are used and those that are not;
//! [`assemble`] joins them to an inventory that is *observed*: nothing is added to it, and what it does not hold is
//! external.

mod answer;
mod answers;
mod assemble;
mod associations;
mod attributes;
mod balancing;
mod block_public_access;
mod classic_load_balancers;
mod convert;
mod differ;
mod document;
mod endpoint_services;
mod few;
mod firewall_shapes;
mod flow_logs;
mod folders;
mod gateways;
mod health_checks;
mod hosts;
mod interfaces;
mod json;
mod lacking;
mod lattice;
mod letters;
mod listeners;
mod load_balancers;
mod managed_services;
mod names;
mod nat_gateways;
mod network_firewalls;
mod one_list;
mod outline;
mod peerings;
mod pending;
mod prefix_lists;
mod room;
mod routes;
mod rules;
mod shapes;
mod states;
mod strays;
mod subnets;
mod suricata;
mod table;
mod target_groups;
mod traffic_mirrors;
mod transit_gateways;
mod vpc_endpoints;
mod vpcs;

pub use answer::{ANSWERS, Answer, Use};

use answers::Answers;
use json::File;
use rayon::prelude::*;

use crate::diagnostic::{Diagnostics, Sources};
use crate::model::Usage;
use crate::model::inventory::Inventory;

/// A network as AWS told of it, and what of the answers was used.
#[derive(Debug, Default)]
pub(crate) struct AwsText {
    /// The network.
    pub(crate) inventory: Inventory,
    /// What was used, and what was not.
    pub(crate) usage: Usage,
}

/// Reads the answers in the first of `sources`, as many as `scopes` tell of: in which folder of an account and Region
/// each stands, as `123456789012/us-east-1`, or nothing.
pub(crate) fn read(sources: &Sources, scopes: &[String], problems: &mut Diagnostics) -> AwsText {
    let mut answers = Answers::of(scopes);
    let files = sources.iter().zip(scopes).enumerate().map(|(position, (source, scope))| {
        let index = u32::try_from(position).unwrap_or(u32::MAX);
        (File { source: index, text: &source.text }, answers.scope(scope))
    });
    let files: Vec<(File<'_>, usize)> = files.collect();
    room::make(files.iter().map(|(file, _)| file.text.len()).sum());
    let at_once: Vec<_> =
        files.par_iter().map(|(file, scope)| document::read_at_once(*file, *scope)).collect();
    for ((file, scope), done) in files.into_iter().zip(at_once) {
        match done {
            Some(done) => done.into_iter().for_each(|done| answers.take_done(done)),
            None => document::read(file, scope, &mut answers, problems),
        }
    }
    answers.read_pending(problems);
    answers.forget_pages();
    answers.tell_unrecognised(problems);
    assemble::assemble(answers, problems)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of a text, and what is told of it.
    fn inventory_of(text: String) -> (Inventory, Diagnostics) {
        let mut sources = Sources::default();
        sources.add_confidential("dump.json", text);
        let mut problems = Diagnostics::default();
        let read = read(&sources, &[String::new()], &mut problems);
        (read.inventory, problems)
    }

    #[test]
    fn a_file_that_is_read_at_once_says_what_any_other_says() {
        let group = |number: usize, peer: &str| {
            let permission = format!(
                r#"{{"IpProtocol": "tcp", "FromPort": {number}, "ToPort": {number}, "IpRanges": [{peer}]}}"#
            );
            format!(
                r#"{{"GroupId": "sg-{number:08}", "VpcId": "vpc-00000001", "GroupName": "[{{\"{number}",
                "IpPermissions": [{permission}, {permission}], "IpPermissionsEgress": [] }}"#
            )
        };
        let good = r#"{"CidrIp": "10.0.0.0/8"}"#;
        for (bad, peer) in
            [(None, good), (Some(700), "7"), (Some(1199), r#"{"CidrIp": "x"}"#), (Some(0), "}")]
        {
            let groups = (0..1200).map(|number| group(number, if bad == Some(number) { peer } else { good }));
            let list = format!("{{\"SecurityGroups\":\n [{}]", groups.collect::<Vec<_>>().join(", "));
            // What stands beside lists has no meaning, but such a file is read in another way.
            let (at_once, otherwise) = (format!("{list} }}"), format!("{list},\"ResponseMetadata\":{{}}}}"));
            let runs =
                outline::lists(&at_once).map_or(0, |lists| lists.iter().map(|list| list.runs.len()).sum());
            assert!(runs > 2 || peer == "}");
            let (read, otherwise) = (inventory_of(at_once), inventory_of(otherwise));
            assert_eq!(read.1.has_errors(), bad.is_some());
            assert!(read == otherwise, "{peer}: {:?}", read.1);
        }
    }
}
