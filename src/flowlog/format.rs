//! Formats: AWS's `${field}` text and the list of fields it stands for.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-custom>

use std::error::Error;
use std::fmt;
use std::str::FromStr;

use super::{FIELDS, Field, Row, Value};
use crate::model::FlowLogKind;

/// The fields of a record, in order.
#[derive(Debug, Clone, PartialEq)]
pub struct LogFormat {
    fields: Vec<&'static Field>,
}

/// Text that is no format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogFormatError {
    /// There is no field in it.
    Empty,
    /// A word that is not of the form `${field}`.
    Malformed(String),
    /// A field that no flow logs have.
    UnknownField(String),
    /// A field that flow logs of this kind do not have.
    OtherKind(&'static str, FlowLogKind),
}

impl fmt::Display for LogFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("the format names no field"),
            Self::Malformed(word) => write!(f, "`{word}` is not of the form `${{field}}`"),
            Self::UnknownField(name) => write!(f, "flow logs have no field `{name}`"),
            Self::OtherKind(name, kind) => write!(f, "{} flow logs have no field `{name}`", kind.name()),
        }
    }
}

impl Error for LogFormatError {}

impl LogFormatError {
    /// The same without the words that were read, which may be somebody's secret.
    pub(crate) fn unquoted(&self) -> &'static str {
        match self {
            Self::Empty => "the format names no field",
            Self::Malformed(_) => "a word of the format is not of the form `${field}`",
            Self::UnknownField(_) => "the format names a field that flow logs do not have",
            Self::OtherKind(_, FlowLogKind::Vpc) => "the format names a field that VPC flow logs do not have",
            Self::OtherKind(_, FlowLogKind::TransitGateway) => {
                "the format names a field that transit gateway flow logs do not have"
            }
        }
    }
}

impl LogFormat {
    /// The format that flow logs of `kind` have when nobody states one: of VPCs all fields of version 2, of transit
    /// gateways all that they have, both in the order of AWS's page.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html#flow-logs-default>
    pub fn default_of(kind: FlowLogKind) -> Self {
        let mut fields: Vec<&'static Field> =
            FIELDS.iter().filter(|field| field.kinds.contain(kind)).collect();
        match kind {
            FlowLogKind::Vpc => fields.retain(|field| field.version == 2),
            FlowLogKind::TransitGateway => fields.sort_by_key(|field| field.kinds.transit_gateway),
        }
        Self { fields }
    }

    /// Reads the format of a flow log of `kind`.
    ///
    /// # Errors
    /// For words that are no fields of that kind.
    pub fn parse(text: &str, kind: FlowLogKind) -> Result<Self, LogFormatError> {
        let field = |word: &str| {
            let name = word.strip_prefix("${").and_then(|rest| rest.strip_suffix('}'));
            let name =
                name.filter(|name| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
            let name = name.ok_or_else(|| LogFormatError::Malformed(word.to_owned()))?;
            let field = FIELDS.iter().find(|field| field.name == name);
            let field = field.ok_or_else(|| LogFormatError::UnknownField(name.to_owned()))?;
            let has_it = field.kinds.contain(kind);
            has_it.then_some(field).ok_or(LogFormatError::OtherKind(field.name, kind))
        };
        let fields: Vec<&'static Field> = text.split_whitespace().map(field).collect::<Result<_, _>>()?;
        if fields.is_empty() { Err(LogFormatError::Empty) } else { Ok(Self { fields }) }
    }

    /// The fields, in order.
    pub fn fields(&self) -> &[&'static Field] {
        &self.fields
    }

    /// The value of the `version` field: the highest version among the fields.
    pub fn version(&self) -> u8 {
        self.fields.iter().map(|field| field.version).max().unwrap_or(2)
    }

    /// Names of the fields, separated by spaces: the first line of a file in Amazon S3.
    pub fn header(&self) -> String {
        self.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(" ")
    }

    /// The values of a record, in order.
    pub fn values<'a>(&self, row: &Row<'a>) -> impl Iterator<Item = (&'static Field, Value<'a>)> {
        self.fields.iter().map(move |field| (*field, field.value_of(row)))
    }
}

impl Default for LogFormat {
    /// That of VPC flow logs.
    fn default() -> Self {
        Self::default_of(FlowLogKind::Vpc)
    }
}

impl fmt::Display for LogFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, field) in self.fields.iter().enumerate() {
            let space = if position > 0 { " " } else { "" };
            write!(f, "{space}${{{}}}", field.name)?;
        }
        Ok(())
    }
}

impl FromStr for LogFormat {
    type Err = LogFormatError;

    /// Reads the format of a VPC flow log.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text, FlowLogKind::Vpc)
    }
}
