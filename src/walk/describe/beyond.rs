//! What gateways say of the networks on their other side: the internet, a peer, a network on premises.

use std::net::IpAddr;

use super::Describe;
use crate::model::{Gateway, Index, Network};
use crate::net::{Protocol, embedded_ipv4, embedding};
use crate::walk::{Checkpoint, DecidedBy, Place, Stage};

impl Describe<'_> {
    pub(super) fn beyond(&self) -> String {
        let header = &self.checkpoint.header;
        let (source, destination) = (header.source, header.destination);
        match self.checkpoint.decided_by {
            DecidedBy::NotModelled => {
                let kind = match self.checkpoint.place {
                    Place::Gateway(gateway) => self.network.gateways[gateway].kind.entry().name,
                    _ => "gateway",
                };
                format!("{kind} {} is not simulated", self.owner())
            }
            DecidedBy::BlockPublicAccessUnknown => {
                "what VPC Block Public Access exempts was not collected, or is just changing".to_owned()
            }
            DecidedBy::ForeignAddress => {
                let own_side = self.checkpoint.header.remote(self.checkpoint.direction.opposite());
                format!("{own_side} is none of the addresses of {}", self.owner())
            }
            DecidedBy::Ipv6NotModelled => format!("IPv6 through {} is not simulated", self.owner()),
            DecidedBy::TranslatedOnPremises => {
                let source = self.checkpoint.header.source;
                format!("what {source} is translated to on premises, on its way to the internet, is not known")
            }
            DecidedBy::ExclusionUndocumented => "AWS does not say whether the exclusion of a subnet from VPC Block Public Access exempts a regional NAT gateway, which is in none".to_owned(),
            DecidedBy::Translated { from, to } => self.translated(from, to),
            DecidedBy::TranslationUndocumented => self.untranslated().to_owned(),
            DecidedBy::LeftUntranslated => {
                format!("{destination} is for translators: whether one outside serves it is not known")
            }
            DecidedBy::PublicPool(address) => format!(
                "{address} is of a public pool that a gateway's route table leads to an interface, which is not simulated"
            ),
            DecidedBy::NotAvailable => format!("{} is not available", self.owner()),
            DecidedBy::StateUndocumented(state) => {
                format!("AWS does not say whether {} carries packets while it is `{state}`", self.owner())
            }
            DecidedBy::StateNotCollected => format!("the state of {} was not collected", self.owner()),
            DecidedBy::NoAddressToUse => {
                format!("no address of {} is known that new connections could use", self.owner())
            }
            DecidedBy::ProtocolNotCarried => {
                let carried = match (self.checkpoint.stage, self.service()) {
                    (Stage::VpcEndpoint, Some(_)) => "TCP and UDP",
                    (Stage::VpcEndpoint, None) => "TCP and ICMP echo",
                    _ => "TCP, UDP and ICMP",
                };
                format!("it carries {carried} alone")
            }
            DecidedBy::ServiceBehind => format!("leads to {}", self.service().unwrap_or_default()),
            DecidedBy::OnwardConnection => match self.service() {
                Some(service) if self.is_offered_here(service) => {
                    format!("the load balancer behind {service} has no node in the zone of this interface")
                }
                Some(service) => format!("what is behind {service} is not simulated"),
                None => format!("the onward connection of {} is not simulated", self.owner()),
            },
            DecidedBy::TranslationForgotten => self.forgotten(),
            DecidedBy::OwnSubnet => "a NAT gateway does not serve its own subnet".to_owned(),
            DecidedBy::NoPublicAddress => format!("{source} has no public address"),
            DecidedBy::NoSuchPublicAddress => {
                format!("{destination} is not the public address of an interface behind it")
            }
            DecidedBy::PrivateAddress => {
                format!("private addresses do not cross an internet gateway: {source} -> {destination}")
            }
            DecidedBy::NotOfPeer(peer) => format!(
                "neither {source} nor {destination} lies in VPC {} on its far side: it leads no farther",
                self.network.vpcs[peer].identity
            ),
            DecidedBy::FarEndNotCollected => "nothing is known of the VPC on its far side".to_owned(),
            DecidedBy::ReturnsToSender(peering) => format!(
                "answers what a NAT gateway sent through {}, and returns by it without a route",
                self.network.gateways[peering].identity
            ),
            DecidedBy::ReturnsToLoadBalancer(gateway) => self.returns_to_load_balancer(gateway),
            DecidedBy::NoNetworkBehind => format!("no network behind it has {destination}"),
            DecidedBy::NetworksNotCollected => {
                format!("which networks are behind it is not known: one may have {destination}")
            }
            DecidedBy::NotAnInterface => {
                format!("no interface of the VPC has {destination}, and it leads no farther")
            }
            DecidedBy::ApplianceNotPublic(card) => format!(
                "leads {destination} to {}, which has no public address",
                self.network.interface_label(card)
            ),
            DecidedBy::Redirected(card) => format!(
                "its own route table leads what is for {source} to {}: the packet must leave by it as well",
                self.network.interface_label(card)
            ),
            DecidedBy::NoGatewayBetween => format!("no gateway of {} leads to {destination}", self.owner()),
            _ => String::new(),
        }
    }

    /// The service behind the interface endpoint at the place.
    fn service(&self) -> Option<&str> {
        let Place::Gateway(gateway) = self.checkpoint.place else { return None };
        self.network.gateways[gateway].interface_endpoint().map(|own| own.service.as_str())
    }

    /// Whether a load balancer of the network offers an endpoint service, by AWS's whole name of it.
    fn is_offered_here(&self, service: &str) -> bool {
        let mut offered = self.network.gateways.iter().filter_map(|gateway| gateway.load_balancer());
        offered.any(|own| own.endpoint_service.as_deref() == Some(service))
    }

    /// What a gateway puts in the place of what; of both addresses where it makes one family of the other.
    fn translated(&self, from: IpAddr, to: IpAddr) -> String {
        let header = &self.checkpoint.header;
        let other = match (from, to) {
            (IpAddr::V6(_), IpAddr::V4(_)) => {
                embedded_ipv4(header.destination).map(|v4| (header.destination, IpAddr::V4(v4)))
            }
            (IpAddr::V4(_), IpAddr::V6(_)) => match header.source {
                IpAddr::V4(v4) => Some((header.source, IpAddr::V6(embedding(v4)))),
                IpAddr::V6(_) => None,
            },
            _ => None,
        };
        let other = other.map(|(from, to)| format!(", and {from} to {to}")).unwrap_or_default();
        format!("rewrites {from} to {to}{other}")
    }

    /// Why nothing is known of IPv6 at a NAT gateway.
    fn untranslated(&self) -> &'static str {
        let header = &self.checkpoint.header;
        match embedded_ipv4(header.destination) {
            None => "AWS says that a NAT gateway translates IPv6 to 64:ff9b::/96, and speaks of no other",
            Some(_) if header.protocol == Protocol::ICMPV6 => {
                "AWS does not say that a NAT gateway translates ICMPv6"
            }
            Some(_) => "AWS does not say that a regional NAT gateway translates IPv6",
        }
    }

    /// Why a connection is known no more.
    fn forgotten(&self) -> String {
        let who = match self.checkpoint.stage {
            Stage::NatGateway => "the NAT gateway",
            Stage::VpcEndpoint => "the endpoint",
            _ => "the load balancer",
        };
        let time = match self.checkpoint.place {
            Place::Gateway(at) if self.has_lost_listener(at) => {
                "as long as its listener said, or longer".to_owned()
            }
            _ => format!("{} s or more", idle_seconds(self.network, self.checkpoint)),
        };
        format!("the connection was idle for {time}; {who} answers with RST")
    }

    /// Whether the packet is for a listener of a load balancer that is no more, or is of TLS now.
    fn has_lost_listener(&self, gateway: Index<Gateway>) -> bool {
        self.network.gateways[gateway].load_balancer().is_some()
            && !self.network.passes_tcp_on(gateway, &self.checkpoint.header)
    }
}

/// After how many seconds without packets a gateway has forgotten TCP.
/// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-timeout>
pub(in crate::walk) fn idle_seconds(network: &Network, checkpoint: &Checkpoint) -> u64 {
    let stated = match checkpoint.place {
        Place::Gateway(gateway) => network.tcp_idle_timeout(gateway, &checkpoint.header),
        _ => None,
    };
    stated.map_or(350, |time| time.as_secs())
}
