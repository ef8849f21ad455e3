//! What AWS answers to `aws ec2 describe-*`: one file or many, under any names, wrapped by recorders or not.
//!
//! Answers are recognised by their keys. [`answer`] is the table of those that are used and those that are not;
//! [`assemble`] joins them to an inventory that is *observed*: nothing is added to it, and what it does not hold is
//! external.

mod answer;
mod answers;
mod assemble;
mod associations;
mod convert;
mod document;
mod few;
mod flow_logs;
mod gateways;
mod hosts;
mod interfaces;
mod json;
mod names;
mod outline;
mod pending;
mod prefix_lists;
mod room;
mod routes;
mod rules;
mod shapes;
mod states;
mod subnets;
mod table;
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
