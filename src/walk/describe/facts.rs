//! Facts that are no rule of anybody's: addresses, gateways, hosts, and what is not simulated.

use std::net::IpAddr;

use super::{Describe, Reason, fact};
use crate::model::{BlockMode, Kind, Listener, Tracking};
use crate::net::Protocol;
use crate::walk::{DecidedBy, Decision};

impl Describe<'_> {
    pub(super) fn fact(&self) -> Reason {
        let (kind, id) = self.kind_and_id();
        let origin = self.table().and_then(|table| table.identity.origin);
        Reason { origin, assumption: self.assumption(), ..fact(kind, id, self.owner(), self.text()) }
    }

    /// The kind of fact, and its short name.
    fn kind_and_id(&self) -> (&'static str, &'static str) {
        match self.checkpoint.decided_by {
            DecidedBy::TrackedFlow { .. } => ("tracked-flow", ""),
            DecidedBy::NoRoute => ("no-route", "no-route"),
            DecidedBy::NeverForwarded => ("no-route", "never-forwarded"),
            DecidedBy::NoMulticast => ("no-route", "no-multicast"),
            DecidedBy::OwnAddress { checked: true } => ("own-address", "own-address"),
            DecidedBy::OwnAddress { checked: false } => ("own-address", "check-off"),
            DecidedBy::ForeignAddress => ("foreign-address", "foreign-address"),
            DecidedBy::Translated { .. } => ("translation", "translated"),
            DecidedBy::Unchanged => ("unchanged", "unchanged"),
            DecidedBy::NoPublicAddress
            | DecidedBy::NoSuchPublicAddress
            | DecidedBy::ApplianceNotPublic(_) => ("no-public-address", "no-public-address"),
            DecidedBy::SpoofedSource => ("spoofed-source", "spoofed-source"),
            DecidedBy::PrivateAddress => ("private-address", "private-address"),
            DecidedBy::NoInternetGateway => ("no-internet-gateway", "no-internet-gateway"),
            DecidedBy::WrongFamily => ("wrong-family", "wrong-family"),
            DecidedBy::NotInitiatedInside => ("not-initiated-inside", "not-initiated-inside"),
            DecidedBy::NotAvailable => ("not-available", "not-available"),
            DecidedBy::ProtocolNotCarried => ("protocol-not-carried", "protocol-not-carried"),
            DecidedBy::TranslationForgotten => ("translation-forgotten", ""),
            DecidedBy::OwnSubnet => ("own-subnet", "own-subnet"),
            DecidedBy::Leaves => ("leaves", "leaves"),
            DecidedBy::ServiceBehind => ("service", "service"),
            DecidedBy::Forwards => ("forwards", "forwards"),
            DecidedBy::NotOfPeer(_) => ("not-of-peer", "not-of-peer"),
            DecidedBy::ReturnsToSender(_) => ("returns-to-sender", "returns-to-sender"),
            DecidedBy::ReturnsToLoadBalancer(_) => ("returns-to-load-balancer", "returns-to-load-balancer"),
            DecidedBy::NoNetworkBehind => ("no-network-behind", "no-network-behind"),
            DecidedBy::NotAnInterface => ("not-an-interface", "not-an-interface"),
            DecidedBy::NoGatewayBetween => ("no-gateway", "no-gateway"),
            DecidedBy::Redirected(_) => ("traffic-redirection", "traffic-redirection"),
            DecidedBy::NotModelled
            | DecidedBy::TranslationUndocumented
            | DecidedBy::LeftUntranslated
            | DecidedBy::PublicPool(_)
            | DecidedBy::PeerGroupNotModelled
            | DecidedBy::UnseenFlow
            | DecidedBy::ManagedInterface
            | DecidedBy::OnwardConnection
            | DecidedBy::ForwardingNotModelled
            | DecidedBy::SeveralInterfaces
            | DecidedBy::StateUndocumented(_)
            | DecidedBy::EntryNotModelled
            | DecidedBy::Ipv6NotModelled
            | DecidedBy::TranslatedOnPremises => ("not-modelled", "not-modelled"),
            DecidedBy::NotCollected(kind) => ("not-collected", kind.entry().name),
            DecidedBy::PublicAddressUnplaced(_) => ("not-collected", Kind::NetworkInterfaces.entry().name),
            DecidedBy::GroupNotCollected(_)
            | DecidedBy::UnlistedRule { .. }
            | DecidedBy::UnlistedRoute(_)
            | DecidedBy::ServiceMayBeListed { .. }
            | DecidedBy::ServiceMayBeRouted(_)
            | DecidedBy::FarEndNotCollected
            | DecidedBy::CheckNotCollected
            | DecidedBy::InstanceNotListed
            | DecidedBy::StateNotCollected
            | DecidedBy::NoAddressToUse
            | DecidedBy::ReferencingNotCollected
            | DecidedBy::NetworksNotCollected => ("not-collected", "not-collected"),
            DecidedBy::BlockPublicAccess => ("block-public-access", "block-public-access"),
            DecidedBy::BlockPublicAccessUnknown => ("not-collected", "block-public-access"),
            DecidedBy::ExclusionUndocumented => ("not-modelled", "block-public-access"),
            DecidedBy::NameNotKnown(_) => ("name-not-known", "name-not-known"),
            DecidedBy::Service(fact) => fact.kind(),
            DecidedBy::NotRunning => ("not-running", "not-running"),
            DecidedBy::NotAttached => ("not-attached", "not-attached"),
            DecidedBy::DenyAllIgwTraffic => ("deny-all-igw-traffic", "deny-all-igw-traffic"),
            DecidedBy::SomebodyElse => ("somebody-else", "somebody-else"),
            DecidedBy::NotAsAsked => ("not-as-asked", "not-as-asked"),
            DecidedBy::HopBudget => ("loop", "loop"),
            DecidedBy::Delivered => ("delivered", "delivered"),
            DecidedBy::LeftNetwork => ("left", "left"),
            DecidedBy::NobodyHasAddress => ("nobody", "nobody"),
            DecidedBy::Reserved(row) | DecidedBy::AnswerUndocumented(row) => ("reserved", row.name),
            DecidedBy::Host(_) => ("host", "listener"),
            DecidedBy::SecurityGroupRule { .. }
            | DecidedBy::NoSecurityGroupRule
            | DecidedBy::NetworkAclEntry(_)
            | DecidedBy::Route(_)
            | DecidedBy::ArbitraryRoute(_)
            | DecidedBy::TransitGateway(_)
            | DecidedBy::LoadBalancer(_)
            | DecidedBy::Lattice(_)
            | DecidedBy::Inspection(_)
            | DecidedBy::Mirrored(_) => ("rule", ""),
        }
    }

    fn text(&self) -> String {
        let header = &self.checkpoint.header;
        let (source, destination) = (header.source, header.destination);
        let fixed = match self.checkpoint.decided_by {
            DecidedBy::NoRoute => return format!("no route to {destination}"),
            DecidedBy::NeverForwarded => {
                return format!("{destination} belongs to AWS's own services; no route forwards there");
            }
            DecidedBy::SpoofedSource => return format!("{source} is no interface's own address"),
            DecidedBy::PublicAddressUnplaced(address) => {
                return format!("network interfaces were not collected: that of {address} is not known");
            }
            DecidedBy::ForwardingNotModelled
            | DecidedBy::SeveralInterfaces
            | DecidedBy::NameNotKnown(_)
            | DecidedBy::NotAsAsked
            | DecidedBy::AnswerUndocumented(_)
            | DecidedBy::EntryNotModelled => return self.not_simulated(),
            DecidedBy::Delivered => return format!("has {destination}"),
            DecidedBy::LeftNetwork => return format!("{destination} lies outside the network"),
            DecidedBy::NobodyHasAddress => return self.nobody(destination),
            DecidedBy::Reserved(row) => return format!("{}: no rule sees it", row.doc),
            DecidedBy::NotCollected(_)
            | DecidedBy::GroupNotCollected(_)
            | DecidedBy::UnlistedRule { .. }
            | DecidedBy::ServiceMayBeListed { .. }
            | DecidedBy::ServiceMayBeRouted(_)
            | DecidedBy::ReferencingNotCollected
            | DecidedBy::UnlistedRoute(_) => return self.missing(),
            DecidedBy::Service(fact) => return self.service_fact(fact),
            DecidedBy::ManagedInterface => "AWS manages the interface, and its traffic is not simulated",
            DecidedBy::Leaves => "leaves by its interface",
            DecidedBy::Forwards => "forwards it",
            DecidedBy::NotModelled
            | DecidedBy::ServiceBehind
            | DecidedBy::OnwardConnection
            | DecidedBy::NotAvailable
            | DecidedBy::StateUndocumented(_)
            | DecidedBy::StateNotCollected
            | DecidedBy::NoAddressToUse
            | DecidedBy::ProtocolNotCarried
            | DecidedBy::OwnSubnet
            | DecidedBy::TranslationForgotten
            | DecidedBy::NoPublicAddress
            | DecidedBy::NoSuchPublicAddress
            | DecidedBy::PrivateAddress
            | DecidedBy::NotOfPeer(_)
            | DecidedBy::FarEndNotCollected
            | DecidedBy::ReturnsToSender(_)
            | DecidedBy::ReturnsToLoadBalancer(_)
            | DecidedBy::NoNetworkBehind
            | DecidedBy::NetworksNotCollected
            | DecidedBy::NotAnInterface
            | DecidedBy::NoGatewayBetween
            | DecidedBy::ApplianceNotPublic(_)
            | DecidedBy::Redirected(_)
            | DecidedBy::Translated { .. }
            | DecidedBy::TranslationUndocumented
            | DecidedBy::LeftUntranslated
            | DecidedBy::PublicPool(_)
            | DecidedBy::BlockPublicAccessUnknown
            | DecidedBy::Ipv6NotModelled
            | DecidedBy::TranslatedOnPremises
            | DecidedBy::ForeignAddress
            | DecidedBy::ExclusionUndocumented => return self.beyond(),
            DecidedBy::CheckNotCollected => "whether it checks sources and destinations was not collected",
            DecidedBy::InstanceNotListed => "its instance is not among the account's",
            DecidedBy::NotRunning => "the instance does not run",
            DecidedBy::NotAttached => "the interface is attached to nothing",
            DecidedBy::DenyAllIgwTraffic => "AWS keeps the internet away from the interface",
            DecidedBy::BlockPublicAccess => return self.block_public_access(),
            DecidedBy::TrackedFlow { tracking, answers } => tracked(tracking, answers),
            DecidedBy::NoMulticast => "a VPC forwards neither broadcast nor multicast",
            DecidedBy::OwnAddress { checked: true } => "its own address",
            DecidedBy::OwnAddress { checked: false } => "the check is off",
            DecidedBy::Unchanged => "passes it as it is",
            DecidedBy::NoInternetGateway => "no internet gateway is attached to the VPC",
            DecidedBy::WrongFamily => "carries IPv6 only",
            DecidedBy::NotInitiatedInside => "lets in only answers to what left through it",
            DecidedBy::SomebodyElse => "the packet comes to somebody else, who does not want it",
            DecidedBy::PeerGroupNotModelled => {
                "only rules that name a group of another VPC match, and how it is joined is not simulated"
            }
            DecidedBy::UnseenFlow => {
                "AWS does not say whether it passes answers to connections that it did not see begin"
            }
            DecidedBy::HopBudget => "the path does not end",
            DecidedBy::Host(listener) => self.host(listener),
            DecidedBy::SecurityGroupRule { .. }
            | DecidedBy::NoSecurityGroupRule
            | DecidedBy::NetworkAclEntry(_)
            | DecidedBy::Route(_)
            | DecidedBy::ArbitraryRoute(_)
            | DecidedBy::TransitGateway(_)
            | DecidedBy::LoadBalancer(_)
            | DecidedBy::Lattice(_)
            | DecidedBy::Inspection(_)
            | DecidedBy::Mirrored(_) => "",
        };
        fixed.to_owned()
    }

    /// What the host does with the packet.
    fn host(&self, listener: Listener) -> &'static str {
        let protocol = self.checkpoint.header.protocol;
        match listener {
            _ if !protocol.has_ports() && self.checkpoint.decision == Decision::Drop => {
                "the host drops it silently"
            }
            _ if !protocol.has_ports() => "the host itself answers",
            Listener::Listening => "a program listens",
            Listener::Silent => "nobody listens, and the host drops silently",
            Listener::Refusing if protocol == Protocol::UDP => "nobody listens: no datagram answers",
            Listener::Refusing => "nobody listens: the host answers with RST",
        }
    }

    /// What was not collected, and might decide otherwise.
    fn missing(&self) -> String {
        match self.checkpoint.decided_by {
            DecidedBy::NotCollected(kind) => self.not_collected(kind),
            DecidedBy::GroupNotCollected(group) => {
                let group = &self.network.security_groups[group].identity;
                format!("the rules of {group} were not collected")
            }
            DecidedBy::ReferencingNotCollected => {
                "whether rules can name security groups across the transit gateway was not collected"
                    .to_owned()
            }
            DecidedBy::UnlistedRule { group, rule } => {
                let direction = self.checkpoint.direction;
                let rules = self.network.security_groups[group].rules.get(direction);
                let rule = rules.get(rule).map(|rule| rule.describe(direction)).unwrap_or_default();
                format!("{rule}: the entries of the prefix list were not collected")
            }
            DecidedBy::ServiceMayBeListed { group, rule } => {
                let direction = self.checkpoint.direction;
                let rules = self.network.security_groups[group].rules.get(direction);
                let rule = rules.get(rule);
                let label = rule.map(|rule| rule.peer_label.as_str()).unwrap_or_default();
                let rule = rule.map(|rule| rule.describe(direction)).unwrap_or_default();
                format!("{rule}: {}", self.whose_list(label))
            }
            DecidedBy::ServiceMayBeRouted(position) => {
                let route = self.table().and_then(|table| table.routes.get(position));
                let list = route.and_then(|route| route.prefix_list.as_ref());
                let list = list.map(ToString::to_string).unwrap_or_default();
                let target = route.map(|route| route.target_label.as_str()).unwrap_or_default();
                format!("{list} -> {target} may carry it: {}", self.whose_list(&list))
            }
            DecidedBy::UnlistedRoute(position) => {
                let route = self.table().and_then(|table| table.unlisted.get(position));
                let (list, target) = route
                    .map(|route| (route.prefix_list.as_ref(), route.target_label.as_str()))
                    .unwrap_or_default();
                let list = list.map(ToString::to_string).unwrap_or_default();
                format!("{list} -> {target} may carry it: the list's entries were not collected")
            }
            _ => String::new(),
        }
    }

    /// That a list may be a service's, and how it would be known.
    fn whose_list(&self, list: &str) -> String {
        let card = self.interface().or(self.checkpoint.interface);
        let region = card.map(|card| self.network.vpcs[self.network.vpc_of(card)].region.as_str());
        format!(
            "whether {list} has the addresses of the service is not known; AWS's own lists have names like \
             com.amazonaws.{}.s3",
            region.unwrap_or("us-east-1")
        )
    }

    fn not_collected(&self, kind: Kind) -> String {
        let header = &self.checkpoint.header;
        let doc = kind.entry().doc;
        match kind {
            Kind::NetworkInterfaces => {
                format!("{doc} were not collected: somebody may have {}", header.destination)
            }
            Kind::RouteTables => {
                format!("{doc} were not collected: no local route leads to {}", header.destination)
            }
            _ => format!("{doc} were not collected"),
        }
    }

    fn assumption(&self) -> Option<&'static str> {
        match self.checkpoint.decided_by {
            DecidedBy::ForeignAddress => Some("source-check-unlogged"),
            DecidedBy::ReturnsToLoadBalancer(_) => Some("load-balancer-returns"),
            DecidedBy::Reserved(row) => row.assumption,
            DecidedBy::Host(Listener::Refusing) if self.checkpoint.header.protocol == Protocol::UDP => {
                Some("udp-closed-port")
            }
            _ => None,
        }
    }

    /// The mode that is in force in the subnet.
    fn block_public_access(&self) -> String {
        let mode = self.checkpoint.interface.map(|card| self.network.block_mode_at(card));
        if mode == Some(BlockMode::Ingress) {
            return "VPC Block Public Access keeps out what comes in: `block-ingress`, or but for an exclusion `allow-egress`".to_owned();
        }
        let name =
            BlockMode::NAMES.iter().find(|(_, known)| Some(*known) == mode).map_or("on", |(name, _)| name);
        format!("VPC Block Public Access is `{name}`")
    }

    /// That nobody has an address, and who elsewhere has the same.
    fn nobody(&self, address: IpAddr) -> String {
        match self.network.interfaces_with(address).first() {
            None => format!("no interface has {address}"),
            Some(&elsewhere) => format!(
                "no interface of this VPC has {address}; {} of VPC {} has it",
                self.network.interface_label(elsewhere),
                self.network.vpcs[self.network.vpc_of(elsewhere)].identity
            ),
        }
    }
}

/// That a packet belongs to a flow that security groups track.
const fn tracked(tracking: Tracking, answers: bool) -> &'static str {
    match (tracking, answers) {
        (Tracking::Automatic, true) => "answers an automatically tracked flow",
        (Tracking::Automatic, false) => "belongs to an automatically tracked flow",
        (_, true) => "answers a tracked flow",
        (_, false) => "belongs to a tracked flow",
    }
}
