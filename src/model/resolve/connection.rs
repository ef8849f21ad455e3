//! The two ends of a connection: from names and addresses to a packet.

use std::net::IpAddr;

use super::ends::Named;
use crate::diagnostic::{Diagnostic, problems};
use crate::model::inventory::{self, Reference};
use crate::model::{
    Connection, CustomerNetwork, Endpoint, Gateway, Icmp, Index, Network, NetworkInterface, Request, Stray,
    Traffic, port_choice,
};
use crate::net::{Family, IcmpType, PortRange, Protocol, is_private};

impl Network {
    /// Finds the ends of `read` and the packet that opens it.
    ///
    /// # Errors
    /// A diagnostic when an end is unknown, ambiguous, or has no address of the other's family.
    pub fn connection(&self, read: &inventory::Connection) -> Result<Connection, Diagnostic> {
        let from = self.named(&read.from)?;
        let to = self.named_to(&read.to, &from)?;
        let family = self.family(&from, &to, read)?;
        let (destination, to_end) = self.destination(&to, &from, family, read)?;
        let alternatives = self.alternatives(&to, &from, family, destination, read);
        let doubt = self.name_doubt(&read.to.value, &from, &to);
        let (source, from_end) = self.source(&from, to_end, family, read)?;
        let near_alternatives = match &from {
            Named::Managed(service) => {
                let all = self.managed_sources(*service, family, to_end, read)?;
                all.into_iter().filter(|(_, end)| *end != from_end).collect()
            }
            _ => Vec::new(),
        };
        self.check_ends(from_end, to_end, destination, read)?;
        let broadcast = matches!(source, IpAddr::V4(v4) if v4.is_broadcast());
        let is_nobodys = self.stray_public_ip(source) == Some(Stray::Unassociated);
        if source.is_multicast() || broadcast || is_nobodys {
            let message = format!("nobody sends from {source}");
            return Err(problems::connection_ends(
                read.from.origin,
                message,
                "use an address that a host can have",
            ));
        }
        if matches!(read.traffic, Traffic::Protocol(Protocol::ICMPV6)) && family == Family::V6 {
            let message = "protocol icmpv6 between IPv6 addresses needs its own key".to_owned();
            let help = "say which message it is, as in `icmp: echo-request`";
            return Err(problems::connection_ends(read.from.origin, message, help));
        }
        let (protocol, port, icmp) = request_of(read.traffic, family);
        let of_service = match &from {
            Named::Managed(service) => self.managed_services[*service].kind.client(),
            _ => None,
        };
        let ephemeral = of_service.unwrap_or(read.ephemeral_ports);
        let range = PortRange::new(ephemeral.from, ephemeral.to).unwrap_or(PortRange::ALL);
        Ok(Connection {
            name: read.name.clone(),
            from: from_end,
            to: to_end,
            labels: [read.from.value.clone(), read.to.value.clone()],
            alternatives,
            near_alternatives,
            doubt,
            request: Request { source, destination, protocol, port, icmp },
            source_ports: match (port, read.source_port) {
                (None, _) => PortRange::single(0),
                (Some(_), Some(port)) => PortRange::single(port),
                (Some(_), None) => range,
            },
            proxies: 0,
            is_health_check: false,
            ephemeral: (port.is_some() && read.source_port.is_none()).then_some(ephemeral),
            at: read.at,
            exchange: read.exchange,
            bursts: read.bursts.clone(),
            port_choice: port_choice(&read.name),
            shares_flow: false,
            origin: read.origin,
        })
    }

    /// What no interface would ever see cannot be simulated.
    fn check_ends(
        &self,
        from: Endpoint,
        to: Endpoint,
        destination: IpAddr,
        read: &inventory::Connection,
    ) -> Result<(), Diagnostic> {
        match (from, to) {
            (Endpoint::Interface(from), Endpoint::Interface(to)) => {
                let vpc = self.vpc_of(from);
                if from == to && self.interface_at(vpc, destination) == Some(from) {
                    let card = self.interface_label(from).said(self.is_confidential());
                    let message = match read.origin {
                        Some(_) => format!("both ends of `{}` are `{card}`", read.name),
                        None => format!("`from` and `to` are both `{card}`"), // nobody gave it a name
                    };
                    let help = "what a host sends to its own address never reaches its network interface";
                    return Err(problems::connection_ends(read.to.origin, message, help));
                }
                Ok(())
            }
            (Endpoint::Interface(_), _) | (_, Endpoint::Interface(_)) => Ok(()),
            _ if self.vpcs.iter().any(|vpc| vpc.contains(destination)) => Ok(()),
            (Endpoint::Address(address), _) | (_, Endpoint::Address(address))
                if self.stray_public_ip(address).is_some() =>
            {
                Ok(())
            }
            _ => {
                let message = format!("neither end of `{}` is in the network", read.name);
                let help = "name an instance, a network interface or one of their addresses on one end";
                Err(problems::connection_ends(read.from.origin, message, help))
            }
        }
    }

    /// The addresses of an endpoint or a load balancer in a family, with the interfaces that have them.
    fn addresses_of(
        &self,
        endpoint: Index<Gateway>,
        family: Family,
    ) -> impl Iterator<Item = (IpAddr, Index<NetworkInterface>)> + '_ {
        let balanced = self.gateways[endpoint].load_balancer();
        let nodes = balanced.map(|own| self.addresses_of_load_balancer(own, family));
        let own = self.gateways[endpoint].interface_endpoint();
        let cards = own.into_iter().flat_map(|own| own.network_interfaces.iter().copied());
        let of_endpoint = cards
            .filter_map(move |card| Some((self.network_interfaces[card].primary_address(family)?, card)));
        nodes.into_iter().flatten().chain(of_endpoint)
    }

    /// What else the far end stands for than `destination`: of the addresses of an endpoint or a load balancer a client gets
    /// one after the other.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>
    fn alternatives(
        &self,
        to: &Named,
        from: &Named,
        family: Family,
        destination: IpAddr,
        read: &inventory::Connection,
    ) -> Vec<(IpAddr, Endpoint)> {
        if let Named::Managed(service) = to {
            let all = self.managed_destinations(*service, family, from, &read.to).unwrap_or_default();
            return all.into_iter().filter(|(address, _)| *address != destination).collect();
        }
        let Named::Endpoint(endpoint) = to else { return Vec::new() };
        let others = self.addresses_of(*endpoint, family).filter(|(address, _)| *address != destination);
        others.map(|(address, card)| (address, Endpoint::Interface(card))).collect()
    }

    fn family(&self, from: &Named, to: &Named, read: &inventory::Connection) -> Result<Family, Diagnostic> {
        let stated = |end: &Named| match end {
            Named::Address(address) | Named::Interface(_, Some(address)) => Some(Family::of(*address)),
            Named::Interface(_, None)
            | Named::CustomerNetwork(_)
            | Named::Endpoint(_)
            | Named::Managed(_)
            | Named::Lattice(_)
            | Named::Service
            | Named::Internet => None,
        };
        let source = read.source_address.as_ref().map(|address| Family::of(address.value));
        let all: Vec<Family> =
            [stated(to), stated(from), source, read.family].into_iter().flatten().collect();
        if let [first, rest @ ..] = all.as_slice() {
            if rest.iter().any(|other| other != first) {
                let message = "the ends of the connection have addresses of different families".to_owned();
                return Err(problems::connection_ends(read.origin, message, "use IPv4 or IPv6 on both ends"));
            }
            return Ok(*first);
        }
        let has = |end: &Named, family| match end {
            Named::Interface(index, _) => self.network_interfaces[*index].primary_address(family).is_some(),
            Named::CustomerNetwork(customer) => self.somebody_in(*customer, family).is_some(),
            Named::Endpoint(endpoint) => self.addresses_of(*endpoint, family).next().is_some(),
            Named::Managed(service) => self.managed_has(*service, family),
            Named::Address(_) | Named::Lattice(_) | Named::Service | Named::Internet => true,
        };
        let both = |family: &Family| has(from, *family) && has(to, *family);
        [Family::V4, Family::V6].into_iter().find(both).ok_or_else(|| {
            let message =
                format!("`{}` and `{}` have no address family in common", read.from.value, read.to.value);
            problems::connection_ends(read.origin, message, "give both an IPv4 or an IPv6 address")
        })
    }

    fn destination(
        &self,
        to: &Named,
        from: &Named,
        family: Family,
        read: &inventory::Connection,
    ) -> Result<(IpAddr, Endpoint), Diagnostic> {
        match to {
            Named::Internet => {
                let address = self.internet(family, || self.somewhere(family));
                Ok((address, Endpoint::Internet(address)))
            }
            Named::Service => {
                let address = self.internet(family, || self.somewhere(family));
                Ok((address, Endpoint::Service(address)))
            }
            Named::Endpoint(endpoint) => {
                let first = self.addresses_of(*endpoint, family).next();
                let (address, card) = first.ok_or_else(|| {
                    let message = format!(
                        "`{}` has no {family} address",
                        self.gateways[*endpoint].identity.said(self.is_confidential())
                    );
                    problems::connection_ends(read.to.origin, message, "give it a subnet of that family")
                })?;
                Ok((address, Endpoint::Interface(card)))
            }
            Named::Lattice(service) => {
                let own = self.gateways[*service].lattice_service();
                let own = own.ok_or_else(|| self.nobody_called(&read.to))?;
                let address = own.address(family);
                Ok((address, Endpoint::Address(address)))
            }
            Named::Managed(service) => {
                let all = self.managed_destinations(*service, family, from, &read.to)?;
                all.first().copied().ok_or_else(|| self.nobody_called(&read.to))
            }
            Named::CustomerNetwork(customer) => {
                let address = self.somebody_in(*customer, family);
                let address = address.ok_or_else(|| self.no_address_in(*customer, family, &read.to))?;
                Ok((address, Endpoint::Address(address)))
            }
            Named::Address(address) => {
                let behind =
                    self.behind_public_ip(*address).map(|(interface, _)| Endpoint::Interface(interface));
                Ok((*address, behind.unwrap_or(Endpoint::Address(*address))))
            }
            Named::Interface(index, stated) => {
                let interface = &self.network_interfaces[*index];
                let own = stated.or_else(|| interface.primary_address(family));
                let own = own.ok_or_else(|| self.no_address(*index, family, &read.to))?;
                // From outside, a host is known by its public address; whoever writes the private one means it.
                let is_card = matches!(from, Named::Interface(..) | Named::Managed(_));
                let outside = stated.is_none() && !is_card && !self.is_inside(from);
                let address = if outside { interface.public_ip(own).unwrap_or(own) } else { own };
                Ok((address, Endpoint::Interface(*index)))
            }
        }
    }

    fn source(
        &self,
        from: &Named,
        to: Endpoint,
        family: Family,
        read: &inventory::Connection,
    ) -> Result<(IpAddr, Endpoint), Diagnostic> {
        let stated = read.source_address.as_ref().map(|address| address.value);
        match from {
            // `named` never says of a client that it is a service.
            Named::Internet | Named::Service | Named::Endpoint(_) | Named::Lattice(_) => {
                let address = stated.unwrap_or_else(|| self.internet(family, || self.somewhere(family)));
                Ok((address, Endpoint::Internet(address)))
            }
            Named::Managed(service) => {
                let all = self.managed_sources(*service, family, to, read)?;
                all.first().copied().ok_or_else(|| self.nobody_called(&read.from))
            }
            Named::Interface(index, own) => {
                let primary = self.network_interfaces[*index].primary_address(family);
                let address = stated.or(*own).or(primary);
                let address = address.ok_or_else(|| self.no_address(*index, family, &read.from))?;
                Ok((address, Endpoint::Interface(*index)))
            }
            Named::CustomerNetwork(customer) => {
                let address = stated.or_else(|| self.somebody_in(*customer, family));
                let address = address.ok_or_else(|| self.no_address_in(*customer, family, &read.from))?;
                Ok((address, Endpoint::Address(address)))
            }
            Named::Address(address) => {
                if let Some((interface, private)) = self.behind_public_ip(*address) {
                    return Ok((stated.unwrap_or(private), Endpoint::Interface(interface)));
                }
                // Addresses of the internet that another VPC uses as its own belong, out there, to somebody else.
                let other = |vpc| matches!(to, Endpoint::Interface(to) if self.vpc_of(to) != vpc);
                let mut holders = self.vpcs.enumerate().filter(|(_, vpc)| vpc.contains(*address));
                if holders.any(|(vpc, _)| is_private(*address) || !other(vpc)) {
                    let message = format!("{address} lies in a VPC, and no network interface has it");
                    let help = "declare an instance with this `private_ip`";
                    return Err(problems::connection_ends(read.from.origin, message, help));
                }
                Ok((stated.unwrap_or(*address), Endpoint::Address(*address)))
            }
        }
    }

    /// Whether a named end is an address of the network.
    fn is_inside(&self, end: &Named) -> bool {
        match end {
            Named::Address(address) => {
                self.behind_public_ip(*address).is_some() || self.customer_network_of(*address).is_some()
            }
            Named::CustomerNetwork(_) => true,
            Named::Interface(..)
            | Named::Endpoint(_)
            | Named::Managed(_)
            | Named::Lattice(_)
            | Named::Service
            | Named::Internet => false,
        }
    }

    /// The first address of a customer network that a host can have.
    fn somebody_in(&self, customer: Index<CustomerNetwork>, family: Family) -> Option<IpAddr> {
        let blocks = &self.customer_networks[customer].cidr_blocks;
        let block = blocks.iter().find(|block| block.family() == family)?;
        if block.is_host() { Some(block.first()) } else { block.nth(1) }
    }

    fn no_address_in(
        &self,
        customer: Index<CustomerNetwork>,
        family: Family,
        named: &Reference,
    ) -> Diagnostic {
        let message = format!("`{}` has no {family} address", self.customer_networks[customer].identity);
        problems::connection_ends(named.origin, message, "give the network a block of the other end's family")
    }

    fn no_address(&self, index: Index<NetworkInterface>, family: Family, named: &Reference) -> Diagnostic {
        let message =
            format!("`{}` has no {family} address", self.interface_label(index).said(self.is_confidential()));
        problems::connection_ends(
            named.origin,
            message,
            "give the interface an address of the other end's family",
        )
    }

    /// Whether a public address is somebody's in the account, known or not.
    pub(super) fn has_public_ip(&self, address: IpAddr) -> bool {
        self.behind_public_ip(address).is_some() || self.stray_public_ip(address).is_some()
    }
}

/// Protocol, server's port and ICMP message of the opening packet.
fn request_of(traffic: Traffic, family: Family) -> (Protocol, Option<u16>, Option<IcmpType>) {
    match traffic {
        Traffic::Tcp(port) => (Protocol::TCP, Some(port), None),
        Traffic::Udp(port) => (Protocol::UDP, Some(port), None),
        Traffic::Icmp(message) => {
            let (protocol, echo) = match family {
                Family::V4 => (Protocol::ICMP, 8),
                Family::V6 => (Protocol::ICMPV6, 128),
            };
            let icmp = match message {
                Icmp::EchoRequest => IcmpType { kind: echo, code: 0 },
                Icmp::Number(icmp) => icmp,
            };
            (protocol, None, Some(icmp))
        }
        Traffic::Protocol(protocol) => (protocol, None, None),
    }
}
