//! Files and folders of a network: what is read of them, and what is refused before it costs memory.

use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::diagnostic::{Diagnostics, Origin, Sources, problems};
use crate::input::{InputFormat, may_hold_answers};

/// The largest scenario that is read, in bytes; scenarios have kilobytes.
const LARGEST_SCENARIO: u64 = 64 << 20;

/// The most that is read of what AWS answered, in bytes; an account with 10 000 interfaces has ten million.
const LARGEST_ANSWERS: u64 = 512 << 20;

/// As many bytes of a file as tell what it is.
const BEGINNING: usize = 4096;

/// Why neither standard input nor a pipe is read: messages show lines of files, and name the file.
const ONLY_FILES: &str = "it is neither a file nor a folder, and streams are not read; save what a program prints in a file, and name that";

/// Folders within folders; `<account>/<region>/` has two.
const DEEPEST: usize = 8;

/// Files of one folder.
const MOST_FILES: usize = 10_000;

/// Texts that together describe a network.
pub(crate) struct Files {
    pub(crate) sources: Sources,
    /// For each text the account and Region in whose folder it stands, as `123456789012/us-east-1`; where the folders'
    /// names do not say both, the folders stand behind that, as `//prod`.
    pub(crate) scopes: Vec<String>,
    pub(crate) format: InputFormat,
    pub(crate) problems: Diagnostics,
}

impl Files {
    /// Reads a file, or every file in a folder and below.
    ///
    /// # Errors
    /// When the file cannot be read, is too large, or the folder holds nothing to read.
    pub(crate) fn read(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path).map_err(|cause| {
            let is_stdin = path == Path::new("-") && cause.kind() == io::ErrorKind::NotFound;
            if is_stdin { io::Error::new(cause.kind(), ONLY_FILES) } else { cause }
        })?;
        if metadata.is_dir() {
            return Self::read_folder(path);
        }
        if !metadata.is_file() {
            return Err(io::Error::other(ONLY_FILES));
        }
        let name = path.display().to_string();
        let most = |start: &[u8]| match InputFormat::of(&name, text_of(start)) {
            InputFormat::Scenario => LARGEST_SCENARIO,
            InputFormat::AwsJson => LARGEST_ANSWERS,
        };
        let bytes = read_file(path, most)?;
        Ok(Self::of(&name, bytes))
    }

    /// One text, of bytes that should be UTF-8.
    pub(crate) fn of(name: &str, bytes: Vec<u8>) -> Self {
        let mut files = Self::none(InputFormat::Scenario);
        files.add(name, Text::of(bytes), String::new(), true);
        files
    }

    fn none(format: InputFormat) -> Self {
        Self { sources: Sources::default(), scopes: Vec::new(), format, problems: Diagnostics::default() }
    }

    /// Answers of AWS under any file names, those of an account and Region in a folder of theirs or not.
    fn read_folder(folder: &Path) -> io::Result<Self> {
        let mut paths = Vec::new();
        collect(folder, 0, &mut paths)?;
        paths.sort();
        let mut files = Self::none(InputFormat::AwsJson);
        let (paths, too_many) = first_of(paths, LARGEST_ANSWERS)?;
        let texts: Vec<io::Result<Option<Text>>> = paths.par_iter().map(|path| read_json(path)).collect();
        let texts: Vec<Option<Text>> = texts.into_iter().collect::<io::Result<_>>()?;
        too_many?;
        if let Some(first) = first_scenario(&paths, &texts) {
            return Err(io::Error::other(format!(
                "the folder holds scenarios, not what AWS answered; name one of them, as `{}`",
                first.display()
            )));
        }
        let mut others = Vec::new();
        for (path, text) in paths.into_iter().zip(texts) {
            let name = path.display().to_string();
            match text {
                Some(text) => {
                    let scope = scope_of(path.strip_prefix(folder).unwrap_or(&path));
                    files.add(&name, text, scope, false);
                }
                None => others.push(name),
            }
        }
        if !others.is_empty() {
            let names: Vec<&str> = others.iter().map(String::as_str).collect();
            files.problems.push(problems::not_json(&names));
        }
        if files.scopes.is_empty() {
            return Err(io::Error::other(
                "the folder holds no JSON; save what `aws ec2 describe-...` prints in it",
            ));
        }
        Ok(files)
    }

    fn add(&mut self, name: &str, Text { text, valid }: Text, scope: String, alone: bool) {
        if alone {
            self.format = InputFormat::of(name, &text);
        }
        let source = match self.format {
            InputFormat::Scenario => self.sources.add(name, text),
            InputFormat::AwsJson => self.sources.add_confidential(name, text),
        };
        self.scopes.push(scope);
        if let Some(valid) = valid {
            let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
            let length = narrow(char::REPLACEMENT_CHARACTER.len_utf8());
            let at = Origin { source, start: narrow(valid), length };
            let (message, help) = ("the file is not UTF-8 text", "save it as UTF-8");
            self.problems.push(match self.format {
                InputFormat::Scenario => problems::yaml_syntax(Some(at), message, help),
                InputFormat::AwsJson => problems::json_syntax(Some(at), message, help),
            });
        }
    }
}

/// A text, and how many bytes of it were UTF-8 if not all were.
struct Text {
    text: String,
    valid: Option<usize>,
}

impl Text {
    fn of(bytes: Vec<u8>) -> Self {
        match String::from_utf8(bytes) {
            Ok(text) => Self { text, valid: None },
            // Other bytes are shown as replacement characters; those before keep their places. What comes later is
            // not looked at.
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let bytes = error.as_bytes();
                let shown = bytes.get(..valid.saturating_add(BEGINNING)).unwrap_or(bytes);
                Self { text: String::from_utf8_lossy(shown).into_owned(), valid: Some(valid) }
            }
        }
    }
}

/// The first scenario of a folder in which no JSON looks like answers.
fn first_scenario<'p>(paths: &'p [PathBuf], texts: &[Option<Text>]) -> Option<&'p PathBuf> {
    let beginning = |text: &Text| {
        let bytes = text.text.as_bytes();
        text_of(bytes.get(..BEGINNING).unwrap_or(bytes)).to_owned()
    };
    if texts.iter().flatten().any(|text| may_hold_answers(&beginning(text))) {
        return None;
    }
    let is_scenario = |path: &&PathBuf| path.extension().is_some_and(|end| end == "yaml" || end == "yml");
    paths.iter().find(is_scenario)
}

/// The text of a file in a folder, if it seems to be JSON.
fn read_json(path: &Path) -> io::Result<Option<Text>> {
    let bytes = read_file(path, |_| LARGEST_ANSWERS)?;
    let start = text_of(bytes.get(..BEGINNING).unwrap_or(&bytes)).trim_start_matches('\u{feff}').trim_start();
    let named_so = path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json"));
    let is_json = named_so || start.starts_with(['{', '[']);
    Ok(is_json.then(|| Text::of(bytes)))
}

/// Those of `paths` that together have at most so many bytes, and the error if that are not all.
fn first_of(mut paths: Vec<PathBuf>, most: u64) -> io::Result<(Vec<PathBuf>, io::Result<()>)> {
    let mut total = 0;
    for position in 0..paths.len() {
        let Some(path) = paths.get(position) else { break };
        total += fs::metadata(path)?.len();
        if total > most {
            paths.truncate(position);
            let error = io::Error::other(format!("its files have more than {} MiB", most >> 20));
            return Ok((paths, Err(error)));
        }
    }
    Ok((paths, Ok(())))
}

/// The bytes of a file, if they are not more than its beginning allows. What a file says of its own size is no
/// promise: some below /proc say nothing, and have no end.
fn read_file(path: &Path, most: impl FnOnce(&[u8]) -> u64) -> io::Result<Vec<u8>> {
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    let mut beginning = Vec::new();
    (&file).take(BEGINNING as u64).read_to_end(&mut beginning)?;
    let most = most(&beginning);
    let too_large = || io::Error::other(format!("it has more than {} MiB", most >> 20));
    if size > most {
        return Err(too_large());
    }
    let mut bytes = beginning;
    bytes.reserve_exact(usize::try_from(size).unwrap_or_default().saturating_sub(bytes.len()));
    (&file).take(most + 1 - BEGINNING as u64).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > most { Err(too_large()) } else { Ok(bytes) }
}

/// The text that bytes begin with.
fn text_of(start: &[u8]) -> &str {
    match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => start
            .get(..error.valid_up_to())
            .and_then(|valid| std::str::from_utf8(valid).ok())
            .unwrap_or_default(),
    }
}

/// Every file in `folder` and below; hidden ones and folders behind links are left alone.
fn collect(folder: &Path, depth: usize, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    if depth > DEEPEST {
        return Err(io::Error::other(format!("folders are nested more than {DEEPEST} deep")));
    }
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            collect(&path, depth + 1, paths)?;
        } else if fs::metadata(&path)?.is_file() {
            paths.push(path);
        }
        if paths.len() > MOST_FILES {
            return Err(io::Error::other(format!("it holds more than {MOST_FILES} files")));
        }
    }
    Ok(())
}

/// Whose the answers in a path are, as far as its folders name it: `123456789012/us-east-1`. Where they do not name both,
/// each folder is taken for another account or Region, and stands behind: `//prod`. Nothing without folders.
fn scope_of(path: &Path) -> String {
    let folders: Vec<String> =
        path.parent().into_iter().flatten().map(|part| part.to_string_lossy().into_owned()).collect();
    let find = |is: fn(&str) -> bool| folders.iter().find(|name| is(name)).cloned().unwrap_or_default();
    match (find(is_account), find(is_region)) {
        _ if folders.is_empty() => String::new(),
        (account, region) if account.is_empty() || region.is_empty() => {
            format!("{account}/{region}/{}", folders.join("/"))
        }
        (account, region) => format!("{account}/{region}"),
    }
}

fn is_account(name: &str) -> bool {
    name.len() == 12 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a name has the form of a Region's: `us-gov-west-1`.
fn is_region(name: &str) -> bool {
    let parts: Vec<&str> = name.split('-').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let is_word = |word: &&str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    first.len() == 2 && is_word(first) && !middle.is_empty() && middle.iter().all(is_word) && is_number
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_name_accounts_and_regions() {
        let scope = |path: &str| scope_of(Path::new(path));
        assert_eq!(scope("123456789012/us-east-1/vpcs.json"), "123456789012/us-east-1");
        assert_eq!(scope("123456789012/us-east-1/vpcs/1.json"), "123456789012/us-east-1");
        assert_eq!(scope("demo/us-gov-west-1/vpcs.json"), "/us-gov-west-1/demo/us-gov-west-1");
        assert_eq!(scope("123456789012/vpcs.json"), "123456789012//123456789012");
        assert_eq!(scope("prod/us-east-1.json"), "//prod");
        assert_eq!(scope("us-east-1a/vpcs.json"), "//us-east-1a");
        assert_eq!(scope("vpcs.json"), "");
    }
}
