//! Traffic between an instance and the services of its own VPC, which no rule can stop.
//!
//! Security groups and network ACLs do not see it, and most of it is never logged.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html>,
//! <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html>

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::network::{Subnet, Vpc};
use crate::net::{Cidr, Family, Header, Protocol};

/// A row of the table of reserved traffic.
#[derive(Debug)]
pub struct ReservedTraffic {
    /// Stable name.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Whether security groups and network ACLs let it pass unseen.
    pub exempt: bool,
    /// Whether flow logs show it.
    pub logged: bool,
    /// What of it is documented to be answered, in words.
    pub answered: &'static str,
    /// Whether a packet like this one is documented to be answered.
    pub answers: fn(&Header) -> bool,
    /// The page that says so.
    pub source: &'static str,
    /// The name of an assumption that the row rests on.
    pub assumption: Option<&'static str>,
    /// Whether a packet sent by an interface of `subnet` is such traffic. Replies are tested reversed.
    pub covers: fn(&Header, &Vpc, &Subnet) -> bool,
}

const LIMITS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html";
const ACLS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html";
const ROUTES: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html";

const fn link_local(third: u8, fourth: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(169, 254, third, fourth))
}

/// An address of `fd00:ec2::/32`, where the link-local services have their IPv6 twins.
const fn twin(last: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, last))
}

/// Every kind of reserved traffic, first match first.
pub static RESERVED: &[ReservedTraffic] = &[
    ReservedTraffic {
        name: "amazon-dns",
        doc: "DNS queries to Amazon's resolver: base of the VPC plus two, or 169.254.169.253",
        exempt: true,
        logged: false,
        answered: "yes",
        answers: |_| true,
        source: LIMITS,
        assumption: None,
        covers: |header, vpc, _| {
            let is_resolver =
                || vpc.primary_cidr_block().is_some_and(|block| block.is_nth(2, header.destination));
            header.destination_port() == Some(53)
                && (header.destination == link_local(169, 253) || is_resolver())
        },
    },
    ReservedTraffic {
        name: "amazon-dns-ipv6",
        doc: "DNS queries to Amazon's resolver at fd00:ec2::253",
        exempt: true,
        logged: false,
        answered: "yes",
        answers: |_| true,
        source: LIMITS,
        assumption: Some("ipv6-link-local-services"),
        covers: |header, _, _| header.destination_port() == Some(53) && header.destination == twin(0x253),
    },
    ReservedTraffic {
        name: "instance-metadata",
        doc: "instance metadata at 169.254.169.254",
        exempt: true,
        logged: false,
        answered: "TCP 80",
        answers: |header| is(header, Protocol::TCP, 80),
        source: LIMITS,
        assumption: None,
        covers: |header, _, _| header.destination == link_local(169, 254),
    },
    ReservedTraffic {
        name: "instance-metadata-ipv6",
        doc: "instance metadata at fd00:ec2::254",
        exempt: true,
        logged: false,
        answered: "TCP 80",
        answers: |header| is(header, Protocol::TCP, 80),
        source: LIMITS,
        assumption: Some("ipv6-link-local-services"),
        covers: |header, _, _| header.destination == twin(0x254),
    },
    ReservedTraffic {
        name: "time-sync",
        doc: "Amazon Time Sync at 169.254.169.123",
        exempt: true,
        logged: false,
        answered: "UDP 123",
        answers: |header| is(header, Protocol::UDP, 123),
        source: LIMITS,
        assumption: None,
        covers: |header, _, _| header.destination == link_local(169, 123),
    },
    ReservedTraffic {
        name: "time-sync-ipv6",
        doc: "Amazon Time Sync at fd00:ec2::123",
        exempt: true,
        logged: false,
        answered: "UDP 123",
        answers: |header| is(header, Protocol::UDP, 123),
        source: LIMITS,
        assumption: Some("ipv6-link-local-services"),
        covers: |header, _, _| header.destination == twin(0x123),
    },
    ReservedTraffic {
        name: "windows-activation",
        doc: "Windows licence activation with Amazon KMS: TCP 1688 to 169.254.169.250 or .251",
        exempt: true,
        logged: false,
        answered: "yes",
        answers: |_| true,
        source: LIMITS,
        assumption: None,
        covers: |header, _, _| {
            header.destination_port() == Some(1688)
                && [link_local(169, 250), link_local(169, 251)].contains(&header.destination)
        },
    },
    ReservedTraffic {
        name: "dhcp",
        doc: "DHCP and DHCPv6 with the VPC: to everybody, to the default router, or to link-local addresses",
        exempt: true,
        logged: false,
        answered: "yes",
        answers: |_| true,
        source: LIMITS,
        assumption: Some("dhcp-servers"),
        covers: |header, _, subnet| {
            let ports = (header.source_port(), header.destination_port());
            let is_dhcp = header.protocol == Protocol::UDP
                && matches!(ports, (Some(68), Some(67)) | (Some(546), Some(547)));
            let to_vpc = match header.destination {
                IpAddr::V4(v4) => {
                    v4.is_broadcast() || v4.is_link_local() || is_router(header.destination, subnet)
                }
                IpAddr::V6(v6) => v6.is_multicast() || v6.is_unicast_link_local(),
            };
            is_dhcp && to_vpc
        },
    },
    ReservedTraffic {
        name: "ecs-metadata",
        doc: "ECS task metadata at 169.254.170.2",
        exempt: true,
        logged: true,
        answered: "TCP 80",
        answers: |header| is(header, Protocol::TCP, 80),
        source: ACLS,
        assumption: Some("ecs-metadata-logged"),
        covers: |header, _, _| header.destination == link_local(170, 2),
    },
    ReservedTraffic {
        name: "default-router",
        doc: "the reserved address of the default VPC router: base of the subnet plus one",
        exempt: true,
        logged: false,
        answered: "no",
        answers: |_| false,
        source: LIMITS,
        assumption: None,
        covers: |header, _, subnet| is_router(header.destination, subnet),
    },
];

fn is(header: &Header, protocol: Protocol, port: u16) -> bool {
    header.protocol == protocol && header.destination_port() == Some(port)
}

/// Whether `address` is a reserved one of the default router: base of the subnet plus one, or `fe80:ec2::1`.
fn is_router(address: IpAddr, subnet: &Subnet) -> bool {
    const LINK_LOCAL: IpAddr = IpAddr::V6(Ipv6Addr::new(0xfe80, 0xec2, 0, 0, 0, 0, 0, 1));
    address == LINK_LOCAL || subnet.cidr_blocks.iter().any(|block| block.is_nth(1, address))
}

impl ReservedTraffic {
    /// The row for a packet that an interface of `subnet` sends, if any.
    pub fn find(header: &Header, vpc: &Vpc, subnet: &Subnet) -> Option<&'static Self> {
        if !Self::may_be(header, || is_router(header.destination, subnet)) {
            return None;
        }
        RESERVED.iter().find(|row| (row.covers)(header, vpc, subnet))
    }

    /// Whether a packet may be such traffic: nearly every one is for an address of no special kind, where only two
    /// services may be, by their ports, and the router.
    #[inline]
    pub(crate) fn may_be(header: &Header, is_for_router: impl FnOnce() -> bool) -> bool {
        let by_port = matches!(header.destination_port(), Some(53 | 67 | 547));
        by_port || is_special(header.destination) || is_for_router()
    }
}

/// Whether `address` means the same in every network: link-local addresses and their twins, and those of several hosts.
fn is_special(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local() || v4.is_broadcast(),
        IpAddr::V6(v6) => v6.segments()[0] == 0xfd00 || v6.is_multicast() || v6.is_unicast_link_local(),
    }
}

/// Blocks whose packets no route forwards, however broad: `169.254.168.0/22` and `fd00:ec2::/32`.
pub(crate) fn is_never_forwarded(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.octets()[..2] == [169, 254] && (168..172).contains(&v4.octets()[2]),
        IpAddr::V6(v6) => v6.segments()[..2] == [0xfd00, 0xec2],
    }
}

/// As [`is_never_forwarded`], for the destination of a route. The page that says so: [`NEVER_FORWARDED_SOURCE`].
pub(crate) fn overlaps_never_forwarded(block: &Cidr) -> bool {
    let narrow = match block.family() {
        Family::V4 => block.prefix_length() >= 22,
        Family::V6 => block.prefix_length() >= 32,
    };
    narrow && is_never_forwarded(block.first())
}

/// Where AWS says which blocks are never forwarded.
pub(crate) const NEVER_FORWARDED_SOURCE: &str = ROUTES;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_that_are_never_forwarded() {
        for (address, expected) in [
            ("169.254.168.0", true),
            ("169.254.171.255", true),
            ("169.254.172.0", false),
            ("fd00:ec2::253", true),
        ] {
            assert_eq!(is_never_forwarded(address.parse().unwrap()), expected, "{address}");
        }
        assert!(!overlaps_never_forwarded(&"169.254.0.0/16".parse().unwrap()));
    }

    #[test]
    fn what_is_passed_over_is_covered_by_no_row() {
        let identity = crate::model::Identity::default("vpc", "v".to_owned(), None);
        let blocks: Vec<Cidr> = ["10.0.0.0/28", "2001:db8::/64"].map(|text| text.parse().unwrap()).into();
        let vpc = Vpc {
            identity: identity.clone(),
            account: String::new(),
            region: String::new(),
            cidr_blocks: blocks.clone(),
            not_collected: Vec::new(),
            encryption_controls: None,
            internet_gateway: None,
        };
        let subnet = Subnet {
            identity,
            vpc: crate::model::Index::new(0),
            cidr_blocks: blocks,
            availability_zone_id: String::new(),
            network_acl: crate::model::Index::new(0),
            route_table: crate::model::Index::new(0),
            block_public_access: crate::model::BlockMode::Off,
        };
        let near =
            (0..16).flat_map(|host| [IpAddr::V4(Ipv4Addr::new(10, 0, 0, host)), link_local(170, host)]);
        let services = [123, 250, 251, 253, 254].map(|host| link_local(169, host));
        let v6 = [
            "2001:db8::1",
            "2001:db8::2",
            "fe80:ec2::1",
            "fe80::1",
            "ff02::1:2",
            "fd00:ec2::253",
            "fd00:ec2::254",
        ];
        let others = ["fd00:ec2::123", "255.255.255.255", "169.254.170.2", "224.0.0.1"];
        let all = near.chain(services).chain(v6.into_iter().chain(others).map(|text| text.parse().unwrap()));
        let mut covered = 0;
        for destination in all {
            for protocol in [Protocol::TCP, Protocol::UDP] {
                for (source, port) in [(68, 67), (546, 547), (1, 53), (1, 80), (1, 123), (1, 1688), (1, 9)] {
                    let payload = crate::net::Payload::Ports { source, destination: port };
                    let header = Header { source: destination, destination, protocol, payload };
                    let row =
                        RESERVED.iter().find(|row| (row.covers)(&header, &vpc, &subnet)).map(|row| row.name);
                    let found = ReservedTraffic::find(&header, &vpc, &subnet).map(|row| row.name);
                    assert_eq!(found, row, "{header}");
                    covered += usize::from(row.is_some());
                }
            }
        }
        assert!(covered > 100, "{covered}");
    }

    #[test]
    fn names_are_unique() {
        for (position, row) in RESERVED.iter().enumerate() {
            assert!(RESERVED[..position].iter().all(|other| other.name != row.name), "{}", row.name);
        }
    }
}
