//! One function for each problem: the wording of every message stands here and nowhere else.

use std::collections::BTreeSet;
use std::fmt::Display;

use super::{Code, Diagnostic, Origin};

type At = Option<Origin>;

pub(crate) fn yaml_syntax(at: At, message: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, at, message).help(help)
}

pub(crate) fn json_syntax(at: At, message: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::JsonSyntax, at, message).help(help)
}

/// Files of a folder that are no JSON.
pub(crate) fn not_json(names: &[&str]) -> Diagnostic {
    let message = match names {
        [only] => format!("`{only}` is not JSON, and is not read"),
        _ => format!("{} files are not JSON, and are not read: {}", names.len(), a_few(names)),
    };
    let help = if names.len() == 1 { "move it out of the folder" } else { "move them out of the folder" };
    Diagnostic::new(Code::NoEffect, None, message).help(help)
}

/// A text of another tool where a scenario is read.
pub(crate) fn foreign_text(at: At, tool: &str, help: &str) -> Diagnostic {
    Diagnostic::new(Code::UnknownKey, at, format!("this is a file of {tool}, which is not read")).help(help)
}

pub(crate) fn no_network(at: At, path: &str, cause: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidValue, at, format!("no network can be read from `{}`: {cause}", short(path)))
        .help("name a file or folder beside this file, with what `aws ec2 describe-...` printed")
}

#[cfg(feature = "json")]
pub(crate) fn unreadable(at: At, what: &str, path: &str, message: &str) -> Diagnostic {
    let path = if path.is_empty() { String::new() } else { format!("`{path}`: ") };
    Diagnostic::new(Code::Unreadable, at, format!("{what} cannot be read: {path}{message}"))
        .help("save the answer of the AWS CLI as it is; `flowcast import aws --commands` prints the calls")
}

#[cfg(feature = "json")]
pub(crate) fn contradiction(at: At, what: &str, path: &str, message: &str) -> Diagnostic {
    Diagnostic::new(Code::Contradiction, at, format!("{what} {message} (`{path}`)"))
        .help("collect everything anew, at one time and from one account and Region")
}

#[cfg(feature = "json")]
pub(crate) fn other_letters(at: At, id: &str) -> Diagnostic {
    let message = format!("`{id}` is written here in other letters than elsewhere");
    Diagnostic::new(Code::Contradiction, at, message)
        .help("AWS writes ids in small letters; save its answers as they are")
}

/// `purpose` is what the network was for; whether there can be none is for `code` to say.
#[cfg(feature = "json")]
pub(crate) fn no_vpc_answered(code: Code, purpose: &str) -> Diagnostic {
    let message = format!("the answers tell of no VPC, so that there is no network to {purpose}");
    Diagnostic::new(code, None, message)
        .help("`flowcast import aws --commands` prints the calls that tell of one")
}

pub(crate) fn not_collected(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::NotCollected, at, message).help(help)
}

pub(crate) fn empty_document(at: At) -> Diagnostic {
    Diagnostic::new(Code::YamlSyntax, at, "the document is empty")
        .help("a scenario needs at least `vpcs`; see scenarios/ for examples")
}

pub(crate) fn wrong_type(at: At, expected: &str, found: &str) -> Diagnostic {
    let help = match found {
        "nothing" => "write a value, or leave the key out",
        _ if expected.contains("mapping") => "a mapping is written `{key: value}`, or as lines `key: value`",
        "a mapping" if expected == "a list" => {
            "begin it with `- `, as one item of a list, or put it in brackets: `[{name: …}]`"
        }
        _ if expected == "a list" => "a list is written `[one, two]`, or as lines that begin with `- `",
        "a list" => "write a single value",
        "a mapping" => "write a value without keys of its own; text with a colon may need quotes",
        "a boolean" => "if it is meant as text, put it in quotes",
        _ => "write it in digits, or as `true` or `false`, without quotes",
    };
    Diagnostic::new(Code::WrongType, at, format!("expected {expected}, found {found}")).help(help)
}

pub(crate) fn unknown_key(
    at: At,
    key: &str,
    owner: &str,
    nearest: Option<&str>,
    known: &[&str],
) -> Diagnostic {
    let help = match nearest {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("keys of {owner}: {}", known.join(", ")),
    };
    Diagnostic::new(Code::UnknownKey, at, format!("{owner} has no key `{}`", short(key))).help(help)
}

pub(crate) fn duplicate_key(at: At, key: &str, first: At) -> Diagnostic {
    Diagnostic::new(Code::DuplicateKey, at, format!("the key `{}` is written twice", short(key)))
        .related(first, "first written here")
        .help("remove one of them")
}

pub(crate) fn missing_key(at: At, owner: &str, key: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, at, format!("{owner} needs the key `{key}`"))
        .help(format!("add `{key}: …`"))
}

/// None of `keys` is there; the first is the usual one.
pub(crate) fn missing_one_of(at: At, owner: &str, keys: &[&str]) -> Diagnostic {
    let [usual, others @ ..] = keys else { return missing_key(at, owner, "") };
    let missing = missing_key(at, owner, usual);
    if others.is_empty() {
        missing
    } else {
        missing.help(format!("add `{usual}: …`, or {}", quoted(others)))
    }
}

pub(crate) fn no_vpc(at: At) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, at, "a scenario needs a VPC")
        .help("e.g. `vpcs: [{name: lab, cidr_block: 10.0.0.0/16}]`")
}

pub(crate) fn no_address(at: At, interface: &str) -> Diagnostic {
    Diagnostic::new(Code::MissingKey, at, format!("`{interface}` has no address"))
        .help("in a subnet without IPv4 an interface needs `ipv6_addresses`")
}

pub(crate) fn key_choice(at: At, owner: &str, keys: &[&str], found: &[&str]) -> Diagnostic {
    let all = format!("the keys are {}", quoted(keys));
    let (message, help) = match (found, keys.len()) {
        ([], ..=4) => (format!("{owner} needs one of {}", quoted(keys)), "add one of them".to_owned()),
        ([], _) => (format!("{owner} needs one of {} keys, and has none", keys.len()), all),
        _ => (
            format!("{owner} has {}, which exclude each other", quoted(found)),
            "keep one of them".to_owned(),
        ),
    };
    Diagnostic::new(Code::KeyChoice, at, message).help(help)
}

pub(crate) fn keys_exclude(at: At, first: &str, second: &str) -> Diagnostic {
    let message = format!("`{first}` and `{second}` exclude each other");
    Diagnostic::new(Code::KeyChoice, at, message).help("keep one of them")
}

pub(crate) fn invalid_value(at: At, message: impl Display, help: &str) -> Diagnostic {
    Diagnostic::new(Code::InvalidValue, at, message.to_string()).help(help)
}

pub(crate) fn host_bits(at: At, written: &str, canonical: impl Display) -> Diagnostic {
    Diagnostic::new(Code::HostBits, at, format!("`{written}` has host bits and is read as {canonical}"))
        .help(format!("AWS stores {canonical}; write it so"))
}

pub(crate) fn duplicate_name(at: At, kind: &str, name: &str, first: At) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, at, format!("another {kind} has the name or id `{name}`"))
        .related(first, "the other one")
        .help("names and ids are unique within a kind; give one a `name` of its own")
}

pub(crate) fn unknown_reference<'a>(
    at: At,
    kind: &str,
    name: &str,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let known: Vec<&str> = known.take(MOST_NAMES).collect();
    let everybody = everybody(name).filter(|_| kind.contains("prefix list")).map(str::to_owned);
    let help = everybody.or_else(|| did_you_mean(name, known.iter().copied()));
    let help = help.unwrap_or_else(|| declared(&known));
    let mut problem =
        Diagnostic::new(Code::UnknownReference, at, format!("no {kind} is called `{}`", short(name)));
    problem.dangling = Some(name.into());
    problem.help(help)
}

/// An event names in a section what is declared by a key of another resource.
pub(crate) fn declared_elsewhere(
    at: Origin,
    (section, name): (&str, &str),
    (of, owner, key): (&str, &str, &str),
) -> Diagnostic {
    let (name, owner) = (short(name), short(owner));
    let message = format!("`{name}` is declared by `{key}` of `{owner}`, not under `{section}`");
    let help = format!("take it away there: `change: {{{of}: [{{name: {owner}, {key}: null}}]}}`");
    Diagnostic::new(Code::UnknownReference, Some(at), message).help(help)
}

/// How everybody is written, if that is what somebody means by `word` at the end of a rule.
pub(crate) fn everybody(word: &str) -> Option<&'static str> {
    const WORDS: &[&str] = &[
        "*",
        "all",
        "any",
        "anybody",
        "anyone",
        "anywhere",
        "everybody",
        "everyone",
        "everywhere",
        "internet",
    ];
    let is_meant = WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    is_meant.then_some("everybody is `0.0.0.0/0`, and with IPv6 `::/0` in a rule of its own")
}

/// What there is, by name where it has one.
fn declared(known: &[&str]) -> String {
    let (ids, names): (BTreeSet<&str>, BTreeSet<&str>) = known.iter().partition(|known| is_id(known));
    // Where somebody wrote names, the ids beside them are made up.
    let of_names = names.iter().any(|name| *name != super::INTERNET);
    let all: Vec<&str> = names.iter().chain(ids.iter().filter(|_| !of_names)).copied().collect();
    if all.is_empty() {
        return "there is none; declare it first".to_owned();
    }
    format!("declared: {}", a_few(&all))
}

/// Names of keys in quotes.
#[cfg(feature = "json")]
pub(crate) fn quoted_keys(keys: &[String]) -> String {
    quoted(&keys.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Names in quotes: the first of many.
pub(crate) fn a_few<S: AsRef<str>>(all: &[S]) -> String {
    const MOST_LISTED: usize = 6;
    let listed: Vec<&str> = all.iter().map(AsRef::as_ref).take(MOST_LISTED).collect();
    match all.len() - listed.len() {
        0 => quoted(&listed),
        more => format!("{} and {more} more", quoted(&listed)),
    }
}

/// A name that several share, and the ids that tell them apart.
pub(crate) fn shared_name(at: At, name: &str, ids: &[&str]) -> Diagnostic {
    let message = format!("{} instances or network interfaces are called `{}`", ids.len(), short(name));
    let ids: BTreeSet<&str> = ids.iter().copied().collect();
    let ids: Vec<&str> = ids.into_iter().collect();
    Diagnostic::new(Code::AmbiguousReference, at, message)
        .help(format!("name one by its id: {}", a_few(&ids)))
}

pub(crate) fn ambiguous_reference(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::AmbiguousReference, at, message).help(help)
}

pub(crate) fn outside_block(at: At, what: impl Display, outer: impl Display, of: &str) -> Diagnostic {
    Diagnostic::new(Code::OutsideBlock, at, format!("{what} does not lie in {outer} of {of}"))
        .help(format!("use one inside {outer}"))
}

/// Blocks that two attached VPCs bring into one table, each with its attachment: one of them holds the other.
pub(crate) fn propagated_twice(
    at: At,
    (attachment, block): (&str, impl Display),
    (other, there): (impl Display, At),
) -> Diagnostic {
    let message = format!("`{attachment}` propagates {block} although there is {other} already");
    Diagnostic::new(Code::Undecided, at, message)
        .related(there, "the other one")
        .help("AWS propagates the block of the VPC alone that was attached first; write a static route, or propagate one")
}

pub(crate) fn overlap(at: At, what: impl Display, other: impl Display, owner: &str, there: At) -> Diagnostic {
    Diagnostic::new(Code::Overlap, at, format!("{what} overlaps {other} of `{owner}`"))
        .related(there, "the other block")
        .help("use blocks without a common address")
}

pub(crate) fn reserved_address(at: At, address: impl Display, subnet: &str) -> Diagnostic {
    Diagnostic::new(Code::ReservedAddress, at, format!("{address} is reserved by AWS in subnet `{subnet}`"))
        .help("the first four addresses and the last of a subnet cannot be assigned")
}

pub(crate) fn address_in_use(at: At, address: impl Display, owner: &str, there: At) -> Diagnostic {
    Diagnostic::new(Code::AddressInUse, at, format!("{address} already belongs to `{owner}`"))
        .related(there, "assigned here")
        .help("give each interface an address of its own")
}

pub(crate) fn subnet_full(at: At, interface: &str, subnet: &str) -> Diagnostic {
    let message = format!("subnet `{subnet}` has no free IPv4 address for `{interface}`");
    Diagnostic::new(Code::SubnetFull, at, message).help("state a `private_ip`, or widen the subnet")
}

pub(crate) fn duplicate_rule_number(at: At, number: impl Display, owner: &str, first: At) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateRuleNumber,
        at,
        format!("`{owner}` already has an entry {number} in this direction"),
    )
    .related(first, "the first one")
    .help("IPv4 and IPv6 entries share the numbers 1 to 32766 of a direction")
}

pub(crate) fn duplicate_route(at: At, destination: impl Display, table: &str, first: At) -> Diagnostic {
    Diagnostic::new(Code::DuplicateRoute, at, format!("`{table}` already has a route to {destination}"))
        .related(first, "the first one")
        .help("remove one of them")
}

pub(crate) fn impossible_route(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ImpossibleRoute, at, message).help(help)
}

pub(crate) fn mismatch(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::Mismatch, at, message).help(help)
}

pub(crate) fn connection_ends(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::ConnectionEnds, at, message).help(help)
}

pub(crate) fn implausible(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::Implausible, at, message).help(help)
}

pub(crate) fn no_effect(at: At, message: String, help: &str) -> Diagnostic {
    Diagnostic::new(Code::NoEffect, at, message).help(help)
}

pub(crate) fn not_modelled(at: At, message: impl Display, help: &str) -> Diagnostic {
    Diagnostic::new(Code::NotModelled, at, message.to_string()).help(help)
}

/// A hint with the nearest known name, when one is near.
pub fn did_you_mean<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(name, known).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// Names that are compared with a wrong one, so that a file full of dangling names does not take minutes.
const MOST_NAMES: usize = 500;

/// In longer names a slip leaves the likeness high.
const SHORT: usize = 8;

/// From which likeness on a name is taken for another one.
const LIKE: f64 = 0.8;

/// The known name that `name` most resembles, if it resembles one.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const LONGEST: usize = 64; // distances of longer names cost much and help nobody
    let near = |candidate: &&str| candidate.len() <= LONGEST && name.len() <= LONGEST;
    // Of short names one slip of the fingers changes much.
    let is_short = (3..=SHORT).contains(&name.len());
    let is_slip = |candidate: &str| {
        is_short && candidate.len().abs_diff(name.len()) <= 1 && strsim::osa_distance(name, candidate) == 1
    };
    let score = |candidate: &str| {
        let likeness = strsim::jaro_winkler(name, candidate);
        if likeness <= LIKE && is_slip(candidate) { f64::midpoint(LIKE, 1.0) } else { likeness }
    };
    let scored = known.take(MOST_NAMES).filter(near).map(|candidate| (score(candidate), candidate));
    let best =
        scored.filter(|(score, _)| *score > LIKE).max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    best.map(|(_, candidate)| candidate)
}

/// A name from outside, cut when it is longer than any that is meant.
fn short(name: &str) -> String {
    cut(name, 100)
}

/// Whether a name is an id as AWS writes them, which nobody types from memory.
fn is_id(name: &str) -> bool {
    let is_hexadecimal =
        |digits: &str| digits.len() == 17 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    name.rsplit_once('-').is_some_and(|(_, digits)| is_hexadecimal(digits))
}

/// The first `longest` characters.
pub(crate) fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn quoted(keys: &[&str]) -> String {
    keys.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
}
