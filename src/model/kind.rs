//! Kinds of resources that a reader may not have been given: what rests on them is `unknown`.

/// A kind of resource whose absence changes verdicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Route tables: without them nothing is known but the local routes.
    RouteTables,
    /// Network ACLs.
    NetworkAcls,
    /// Network interfaces: without them an address may belong to somebody who was not collected.
    NetworkInterfaces,
    /// Internet gateways: without them nobody knows whether one is attached.
    InternetGateways,
    /// Egress-only internet gateways.
    EgressOnlyInternetGateways,
}

/// A row of the table of kinds.
#[derive(Debug, Clone, Copy)]
pub struct KindEntry {
    /// The kind.
    pub kind: Kind,
    /// Its name in scenarios: `route_tables`.
    pub name: &'static str,
    /// In words: `route tables`.
    pub doc: &'static str,
    /// The call that tells of them.
    pub call: &'static str,
}

/// Every kind.
pub static KINDS: &[KindEntry] = &[
    KindEntry {
        kind: Kind::RouteTables,
        name: "route_tables",
        doc: "route tables",
        call: "describe-route-tables",
    },
    KindEntry {
        kind: Kind::NetworkAcls,
        name: "network_acls",
        doc: "network ACLs",
        call: "describe-network-acls",
    },
    KindEntry {
        kind: Kind::NetworkInterfaces,
        name: "network_interfaces",
        doc: "network interfaces",
        call: "describe-network-interfaces",
    },
    KindEntry {
        kind: Kind::InternetGateways,
        name: "internet_gateways",
        doc: "internet gateways",
        call: "describe-internet-gateways",
    },
    KindEntry {
        kind: Kind::EgressOnlyInternetGateways,
        name: "egress_only_internet_gateways",
        doc: "egress-only internet gateways",
        call: "describe-egress-only-internet-gateways",
    },
];

impl Kind {
    /// The kind's row.
    pub fn entry(self) -> &'static KindEntry {
        const FIRST: &KindEntry =
            &KindEntry { kind: Kind::RouteTables, name: "", doc: "resources", call: "" };
        KINDS.iter().find(|entry| entry.kind == self).unwrap_or(FIRST)
    }

    /// All kinds and their names in scenarios.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("route_tables", Self::RouteTables),
        ("network_acls", Self::NetworkAcls),
        ("network_interfaces", Self::NetworkInterfaces),
        ("internet_gateways", Self::InternetGateways),
        ("egress_only_internet_gateways", Self::EgressOnlyInternetGateways),
    ];
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_names_agree() {
        let rows: Vec<_> = KINDS.iter().map(|entry| (entry.name, entry.kind)).collect();
        assert_eq!(rows, Kind::NAMES);
        assert!(KINDS.iter().all(|entry| entry.kind.entry().call == entry.call));
    }
}
