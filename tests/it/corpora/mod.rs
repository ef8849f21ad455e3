//! Every AWS JSON of several public collections is read, or refused with a message that helps: never a panic, never in
//! silence.
//!
//! The collections are not part of the project. Where they are at hand, the page of the book that tells what was used of
//! them must be what is measured; `UPDATE_GOLDEN=1 cargo test --test it corpora` writes it. A small sample in
//! `tests/data/aws/` is tested everywhere.

mod imported;
pub(crate) mod kept;

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use flowcast::diagnostic::{Diagnostics, Severity, Sources};
use flowcast::{LoadError, Scenario};
use serde_json::Value;

use crate::book::Page;
use crate::shared::shared;

/// A public collection.
struct Corpus {
    /// Its repository on GitHub.
    repository: &'static str,
    /// Where in it AWS's JSON is.
    folders: &'static [&'static str],
    /// What it is.
    what: &'static str,
}

static CORPORA: &[Corpus] = &[
    Corpus {
        repository: "cloud-custodian/cloud-custodian",
        folders: &["tests/data/placebo"],
        what: "recorded answers, wrapped by the recorder, before and after changes",
    },
    Corpus {
        repository: "aws/aws-cli",
        folders: &["extracted/ec2", "extracted/elbv2"],
        what: "answers of all kinds as the documentation shows them",
    },
    Corpus { repository: "boto/botocore", folders: &["botocore"], what: "examples of calls, many in a file" },
    Corpus {
        repository: "duo-labs/cloudmapper",
        folders: &["account-data"],
        what: "an invented account, a file for each call",
    },
    Corpus {
        repository: "cartography-cncf/cartography",
        folders: &["tests/data/aws"],
        what: "invented answers under the names of a test's constants",
    },
    Corpus {
        repository: "np-guard/vpc-network-config-analyzer",
        folders: &["pkg/awsvpc/examples/input"],
        what: "accounts, each in one file of a collector",
    },
    Corpus {
        repository: "batfish/batfish",
        folders: &[
            "test-nat-gateway",
            "test-public-subnet",
            "test-subnet",
            "test-transit-gateway",
            "test-vpc-endpoint-gateway",
            "test-vpc-peering",
        ],
        what: "networks, a file for each call",
    },
];

/// What became of a corpus.
#[derive(Debug, Default)]
struct Tally {
    files: [usize; 2],
    folders: [usize; 2],
    used: usize,
    reported: usize,
    refused: usize,
    /// Files of which something was neither used nor reported, or was lost or changed by importing them.
    silent: Vec<String>,
}

const READ: usize = 0;
const REFUSED: usize = 1;

impl Corpus {
    /// Where it is, if it is at hand.
    fn folders(&self) -> Option<Vec<PathBuf>> {
        let top = shared("data").join(self.repository.replace('/', "+"));
        let folders = self.folders.iter().map(|folder| top.join(folder));
        top.is_dir().then(|| folders.collect())
    }
}

/// Every file below `folder` that is JSON, in order.
pub(crate) fn json_files(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = folder.read_dir().unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        if entry.is_dir() {
            files.extend(json_files(&entry));
        } else if entry.extension().is_some_and(|extension| extension == "json") {
            files.push(entry);
        }
    }
    files
}

/// The resources that a file holds: the items of its lists, and whatever else stands under a key.
fn resources(text: &[u8]) -> usize {
    // What recorders and paging add is no resource.
    const BESIDE: [&str; 11] = [
        "ResponseMetadata",
        "NextToken",
        "UpdateToken",
        "status_code",
        "collector_version",
        "provider",
        "config-file-git-sha1",
        "AdditionalRoutesAvailable",
        // The other part of what it stands beside.
        "FirewallStatus",
        "FirewallPolicyResponse",
        "RuleGroupResponse",
    ];
    let Ok(value) = serde_json::from_slice::<Value>(text) else { return 1 };
    let object = value.get("data").unwrap_or(&value).as_object();
    let members = object.into_iter().flatten().filter(|(key, _)| !BESIDE.contains(&key.as_str()));
    members.map(|(_, member)| member.as_array().map_or(usize::from(!member.is_null()), Vec::len)).sum()
}

/// Loads a file or folder; a refusal must help whoever gets it.
fn load(path: &Path) -> Option<Scenario> {
    match Scenario::load(path) {
        Ok(scenario) => {
            helps(&scenario.warnings, &scenario.sources, path);
            Some(scenario)
        }
        Err(LoadError::Invalid { problems, sources }) => {
            let errors = problems.iter().filter(|problem| problem.severity() == Severity::Error);
            assert!(errors.count() > 0, "{}: refused without an error", path.display());
            helps(&problems, &sources, path);
            None
        }
        Err(error @ LoadError::Io { .. }) => panic!("{error}"),
    }
}

/// Each problem has a message and says what to do; what forbids going on has a place in a file.
fn helps(problems: &Diagnostics, sources: &Sources, path: &Path) {
    for problem in problems {
        let place = || format!("{}: {problem:?}", path.display());
        assert!(problem.message.len() > 10, "{}", place());
        assert!(problem.help.as_ref().is_some_and(|help| help.len() > 10), "no help: {}", place());
        let Some(at) = problem.at else {
            assert_eq!(problem.severity(), Severity::Warning, "no place: {}", place());
            continue;
        };
        let source = sources.iter().nth(at.source as usize).unwrap_or_else(|| panic!("{}", place()));
        assert!((at.start as usize) <= source.text.len(), "beyond the file: {}", place());
        let (line, column) = source.position(at.start);
        assert!(line >= 1 && column >= 1, "{}", place());
    }
}

/// Reads every file alone and every folder that holds files as a network.
fn tally(folders: &[PathBuf]) -> Tally {
    let files: Vec<PathBuf> = folders.iter().flat_map(|folder| json_files(folder)).collect();
    assert!(!files.is_empty(), "{folders:?} hold nothing");
    let mut tally = Tally::default();
    for file in &files {
        let text = std::fs::read(file).unwrap();
        let resources = resources(&text);
        match load(file) {
            Some(scenario) => {
                let (used, unused) = (scenario.usage.used(), scenario.usage.unused());
                if used + unused < resources {
                    tally.silent.push(format!("{}: {used} + {unused} of {resources}", file.display()));
                }
                tally.silent.extend(kept::missing(file, &text, &scenario.network));
                if let Some((again, different)) = imported::again(file, &scenario) {
                    tally.silent.extend(different);
                    tally.silent.extend(kept::missing(file, &text, &again.network));
                }
                tally.files[READ] += 1;
                tally.used += used;
                tally.reported += unused;
            }
            None => {
                tally.files[REFUSED] += 1;
                tally.refused += resources.max(1);
            }
        }
    }
    let folders: BTreeSet<_> = files.iter().filter_map(|file| file.parent()).collect();
    for folder in folders {
        let scenario = load(folder);
        let again = scenario.as_ref().and_then(|scenario| imported::again(folder, scenario));
        tally.silent.extend(again.into_iter().flat_map(|(_, different)| different));
        tally.folders[if scenario.is_some() { READ } else { REFUSED }] += 1;
        for (file, scenario) in json_files(folder).iter().zip(scenario.iter().cycle()) {
            tally.silent.extend(kept::missing(file, &std::fs::read(file).unwrap(), &scenario.network));
        }
    }
    tally
}

#[test]
fn every_file_of_the_collections_is_read_or_refused() {
    let here: Vec<_> = CORPORA.iter().filter_map(|corpus| Some((corpus, corpus.folders()?))).collect();
    if here.len() < CORPORA.len() {
        println!("skipped: {} of {} collections are at hand", here.len(), CORPORA.len());
        return;
    }
    let introduction = "What flowcast makes of AWS's JSON in public collections. Each file is read by itself, and each \
                        folder that holds files as one network. *Used* are the resources that the network consists \
                        of, *reported* those that are read, counted and change nothing, *refused* those in files that \
                        are refused as a whole, with a message that says where and what to do: for one resource that \
                        cannot be as it is described, or because nothing in the file is an answer that is known. \
                        Folders of recordings before and after a change contradict themselves and are refused.";
    let columns = [
        "collection",
        "what it holds",
        "files",
        "files refused",
        "folders",
        "folders refused",
        "resources",
        "used",
        "reported",
        "refused",
    ];
    let mut page = Page::new("Real inputs", introduction, &columns);
    for (corpus, folders) in here {
        let tally = tally(&folders);
        assert!(tally.silent.is_empty(), "{:#?}", tally.silent);
        let all = tally.used + tally.reported + tally.refused;
        let share = |part: usize| format!("{part} ({:.0} %)", 100.0 * share_of(part, all));
        page.row(&[
            format!("[{0}](https://github.com/{0})", corpus.repository),
            corpus.what.to_owned(),
            (tally.files[READ] + tally.files[REFUSED]).to_string(),
            tally.files[REFUSED].to_string(),
            (tally.folders[READ] + tally.folders[REFUSED]).to_string(),
            tally.folders[REFUSED].to_string(),
            all.to_string(),
            share(tally.used),
            share(tally.reported),
            share(tally.refused),
        ]);
    }
    page.compare("corpora");
}

#[expect(clippy::cast_precision_loss, reason = "thousands, not quadrillions")]
fn share_of(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// What becomes of each file of the sample, reviewed by eye.
#[test]
fn every_file_of_the_sample_is_as_reviewed() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/aws");
    let mut text = String::new();
    for file in json_files(&folder) {
        let name = file.strip_prefix(&folder).unwrap().display();
        let _ = match Scenario::load(&file) {
            Ok(scenario) => {
                helps(&scenario.warnings, &scenario.sources, &file);
                let missing = kept::missing(&file, &std::fs::read(&file).unwrap(), &scenario.network);
                assert!(missing.is_empty(), "{missing:#?}");
                let rows = scenario
                    .usage
                    .rows()
                    .map(|(key, row)| format!("  {key}: {} used, {} not\n", row.used, row.unused));
                write!(text, "{name}: read\n{}", rows.collect::<String>())
            }
            Err(LoadError::Invalid { problems, sources }) => {
                helps(&problems, &sources, &file);
                let messages =
                    problems.iter().map(|problem| format!("  {}: {}\n", problem.code, problem.message));
                write!(text, "{name}: refused\n{}", messages.collect::<String>())
            }
            Err(error @ LoadError::Io { .. }) => panic!("{error}"),
        };
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/aws"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("sample", text));
}
