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
    /// Service networks of VPC Lattice: without them nobody knows which services a VPC may use.
    ServiceNetworks,
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
    /// The AWS CLI's call that tells of them, without `aws`.
    pub call: &'static str,
}

/// Every kind.
pub static KINDS: &[KindEntry] = &[
    KindEntry {
        kind: Kind::RouteTables,
        name: "route_tables",
        doc: "route tables",
        call: "ec2 describe-route-tables",
    },
    KindEntry {
        kind: Kind::NetworkAcls,
        name: "network_acls",
        doc: "network ACLs",
        call: "ec2 describe-network-acls",
    },
    KindEntry {
        kind: Kind::NetworkInterfaces,
        name: "network_interfaces",
        doc: "network interfaces",
        call: "ec2 describe-network-interfaces",
    },
    KindEntry {
        kind: Kind::InternetGateways,
        name: "internet_gateways",
        doc: "internet gateways",
        call: "ec2 describe-internet-gateways",
    },
    KindEntry {
        kind: Kind::EgressOnlyInternetGateways,
        name: "egress_only_internet_gateways",
        doc: "egress-only internet gateways",
        call: "ec2 describe-egress-only-internet-gateways",
    },
    KindEntry {
        kind: Kind::ServiceNetworks,
        name: "vpc_lattice_service_networks",
        doc: "service networks of VPC Lattice",
        call: "vpc-lattice list-service-networks",
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
    pub const NAMES: [(&'static str, Self); 6] = [
        ("route_tables", Self::RouteTables),
        ("network_acls", Self::NetworkAcls),
        ("network_interfaces", Self::NetworkInterfaces),
        ("internet_gateways", Self::InternetGateways),
        ("egress_only_internet_gateways", Self::EgressOnlyInternetGateways),
        ("vpc_lattice_service_networks", Self::ServiceNetworks),
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
