//! What gateways say of the networks on their other side: the internet, a peer, a network on premises.

use super::Describe;
use crate::walk::{DecidedBy, Place, Stage};

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
            DecidedBy::NotAvailable => format!("{} is not available", self.owner()),
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
                Some(service) => format!("what is behind {service} is not simulated"),
                None => format!("the onward connection of {} is not simulated", self.owner()),
            },
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
}
