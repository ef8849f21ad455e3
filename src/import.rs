//! What AWS answered, as the scenario that says the same.

use std::path::Path;

use crate::diagnostic::{Code, Diagnostics, Sources, problems};
use crate::files::Files;
use crate::input::{InputFormat, aws};
use crate::load::{LoadError, formats_of};
use crate::model::{Network, Usage};
use crate::sink::scenario_text;

/// A scenario made from what AWS answered.
#[derive(Debug)]
pub struct Imported {
    /// The scenario.
    pub text: String,
    /// What was noticed and does not forbid going on.
    pub warnings: Diagnostics,
    /// The texts that were read.
    pub sources: Sources,
    /// What of them was used.
    pub usage: Usage,
}

/// Reads what AWS answered, in a file or a folder of files, and writes the scenario that gives the same verdicts.
///
/// # Errors
/// [`LoadError`] when nothing can be read, with everything that is wrong in it, or when it is a scenario already.
pub fn import_aws(path: impl AsRef<Path>) -> Result<Imported, LoadError> {
    let path = path.as_ref();
    let files = Files::read(path).map_err(|cause| LoadError::io(path, cause))?;
    let Files { sources, scopes, format, mut problems } = files;
    if format == InputFormat::Scenario {
        let cause = std::io::Error::other("it is a scenario already, which `flowcast run` takes as it is");
        return Err(LoadError::io(path, cause));
    }
    let read = (!problems.has_errors()).then(|| aws::read(&sources, &scopes, &mut problems));
    if read.as_ref().is_some_and(|read| read.inventory.vpcs.is_empty()) {
        problems.push(problems::no_vpc_answered(Code::JsonSyntax, "write"));
    }
    let network = read.as_ref().and_then(|read| Network::resolve(&read.inventory, &mut problems));
    if let Some(read) = &read {
        let _ = formats_of(&read.inventory, &sources, &mut problems);
    }
    match (read, network) {
        (Some(read), Some(_)) if !problems.has_errors() => {
            let text = scenario_text(&read.inventory);
            Ok(Imported { text, warnings: problems, sources, usage: read.usage })
        }
        _ => Err(LoadError::Invalid { problems, sources }),
    }
}
