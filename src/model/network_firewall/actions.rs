//! What rules and defaults of a firewall policy do, and how AWS calls it.

use crate::model::by_name::display_by_name;

/// What the stateless engine does with a packet.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum StatelessAction {
    /// `aws:pass`
    Pass,
    /// `aws:drop`
    Drop,
    /// `aws:forward_to_sfe`
    #[default]
    Forward,
}

impl StatelessAction {
    /// All actions as scenarios name them, which are AWS's words without `aws:`.
    pub const NAMES: [(&'static str, Self); 3] =
        [("pass", Self::Pass), ("drop", Self::Drop), ("forward_to_sfe", Self::Forward)];
}

/// What a stateful rule does, in the order of actions.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StatefulAction {
    /// The whole flow passes.
    Pass,
    /// The packet is dropped.
    Drop,
    /// The same, and TCP is answered with RST.
    Reject,
    /// It is told, and the next rules decide.
    Alert,
}

impl StatefulAction {
    /// All actions.
    pub const NAMES: [(&'static str, Self); 4] =
        [("pass", Self::Pass), ("drop", Self::Drop), ("reject", Self::Reject), ("alert", Self::Alert)];
}

/// How the stateful engine orders its rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RuleOrder {
    /// `DEFAULT_ACTION_ORDER`: by action, `pass` first.
    #[default]
    Action,
    /// `STRICT_ORDER`: by priority of the group, and as they stand in it.
    Strict,
}

impl RuleOrder {
    /// All orders.
    pub const NAMES: [(&'static str, Self); 2] = [("action", Self::Action), ("strict", Self::Strict)];
}

/// What the stateful engine does in strict order with what no rule decides.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html#suricata-strict-rule-evaluation-order>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StatefulDefault {
    /// No action that drops.
    #[default]
    Pass,
    /// `aws:drop_strict`: every packet is dropped.
    DropStrict,
    /// `aws:drop_established`, or the same for what applications say: the connection opens, and what follows is dropped.
    DropEstablished,
}

impl StatefulDefault {
    /// All defaults as scenarios name them.
    pub const NAMES: [(&'static str, Self); 3] = [
        ("none", Self::Pass),
        ("drop_strict", Self::DropStrict),
        ("drop_established", Self::DropEstablished),
    ];
}

/// What becomes of TCP in the middle of a connection that the stateful engine did not see begin.
/// AWS: <https://docs.aws.amazon.com/network-firewall/latest/developerguide/stream-exception-policy.html>
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StreamExceptionPolicy {
    /// It is dropped.
    #[default]
    Drop,
    /// Rules are tested without what came before.
    Continue,
    /// It is dropped, and answered with RST.
    Reject,
}

impl StreamExceptionPolicy {
    /// All policies.
    pub const NAMES: [(&'static str, Self); 3] =
        [("drop", Self::Drop), ("continue", Self::Continue), ("reject", Self::Reject)];
}

display_by_name!(StatelessAction, StatefulAction, RuleOrder, StatefulDefault, StreamExceptionPolicy);
