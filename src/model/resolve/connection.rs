//! The two ends of a connection: from names and addresses to a packet.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::diagnostic::{Diagnostic, Diagnostics, INTERNET, problems};
use crate::model::inventory::{self, Inventory, Reference};
use crate::model::network_acl::NetworkAcl;
use crate::model::{
    Connection, CustomerNetwork, Endpoint, Gateway, GatewayForm, GatewayKind, Icmp, Index, InterfaceEndpoint,
    NamedEnd, Network, NetworkInterface, Request, SecurityGroup, Stray, Traffic, looks_like_id,
    private_dns_names, said,
};
use crate::net::{AddressMatch, Cidr, Direction, Family, IcmpType, Match, PortRange, Protocol, is_private};

/// What an end can be, for messages.
const ENDS: &str = "instance, network interface, endpoint or address";

/// An end as it was named, before the family of the addresses is settled.
pub(super) enum Named {
    Interface(Index<NetworkInterface>, Option<IpAddr>),
    Address(IpAddr),
    /// Any address of a network on premises.
    CustomerNetwork(Index<CustomerNetwork>),
    /// An interface endpoint, by any of its interfaces.
    Endpoint(Index<Gateway>),
    /// A service at its public addresses, which nothing in the network names.
    Service,
    Internet,
}

impl Inventory {
    /// Which of `connections` have ends that something has the names of; tells of the others, even when the rest of
    /// the network cannot be resolved.
    pub(crate) fn check_ends(
        &self,
        connections: &[inventory::Connection],
        problems: &mut Diagnostics,
    ) -> Vec<bool> {
        if connections.is_empty() {
            return Vec::new(); // as in answers of AWS, which can have very many names
        }
        let instances = self.instances.iter().map(|instance| &instance.identity);
        let interfaces = self.network_interfaces.iter().map(|interface| &interface.identity);
        let customers = self.customer_networks.iter().map(|customer| &customer.identity);
        let ends = instances.chain(interfaces).chain(customers);
        let identities = ends.flat_map(|identity| [identity.name.as_str(), identity.id.as_str()]);
        let known: BTreeSet<&str> = identities.chain([INTERNET]).collect();
        let mut is_known = |end: &Reference| {
            let text = end.value.as_str();
            let is_known =
                known.contains(text) || text.parse::<IpAddr>().is_ok() || self.may_be_service(text);
            if let Some(problem) = self.gateway_as_end(end).filter(|_| !is_known) {
                problems.push(problem);
            } else if !is_known {
                let shared = self.shared_names.get(text).map(Vec::as_slice);
                problems.push(unknown_end(end, shared, self.is_confidential, known.iter().copied()));
            }
            is_known
        };
        connections.iter().map(|read| is_known(&read.from) & is_known(&read.to)).collect()
    }

    /// The problem of an end that names a gateway.
    fn gateway_as_end(&self, end: &Reference) -> Option<Diagnostic> {
        let gateway = self.gateways.iter().find(|gateway| gateway.identity.is(&end.value))?;
        let is_its =
            |vpc: &&inventory::Vpc| gateway.vpc.as_ref().is_some_and(|own| vpc.identity.is(&own.value));
        let region = self.vpcs.iter().find(is_its).and_then(|vpc| vpc.region.as_deref());
        let service = match &gateway.form {
            inventory::GatewayForm::GatewayEndpoint { service } => Some(service.as_str()),
            _ => None,
        };
        Some(no_end(end, gateway.kind, service, region.unwrap_or(&self.region)))
    }
}

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
        let alternatives = self.alternatives(&to, family, destination);
        let doubt = self.name_doubt(&read.to.value, &from, &to);
        let (source, from_end) = self.source(&from, to_end, family, read)?;
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
        let (protocol, port, icmp) = request_of(read.traffic, family);
        let ephemeral = read.ephemeral_ports;
        let range = PortRange::new(ephemeral.from, ephemeral.to).unwrap_or(PortRange::ALL);
        Ok(Connection {
            name: read.name.clone(),
            from: from_end,
            to: to_end,
            labels: [read.from.value.clone(), read.to.value.clone()],
            alternatives,
            doubt,
            request: Request { source, destination, protocol, port, icmp },
            source_ports: match (port, read.source_port) {
                (None, _) => PortRange::single(0),
                (Some(_), Some(port)) => PortRange::single(port),
                (Some(_), None) => range,
            },
            ephemeral: (port.is_some() && read.source_port.is_none()).then_some(ephemeral),
            at: read.at,
            exchange: read.exchange,
            bursts: read.bursts.clone(),
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

    fn named(&self, reference: &Reference) -> Result<Named, Diagnostic> {
        let text = reference.value.as_str();
        if text == INTERNET {
            return Ok(Named::Internet);
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return self.named_by_address(address, reference);
        }
        match self.end_called(text) {
            Some(NamedEnd::Interface(interface)) => Ok(Named::Interface(interface, None)),
            Some(NamedEnd::Instance(instance)) => {
                let primary = self.interfaces_of(instance).next();
                let message = || format!("instance `{text}` has no network interface");
                let problem = || problems::connection_ends(reference.origin, message(), "give it a subnet");
                primary.map(|primary| Named::Interface(primary, None)).ok_or_else(problem)
            }
            Some(NamedEnd::CustomerNetwork(customer)) => Ok(Named::CustomerNetwork(customer)),
            None => Err(self.nobody_called(reference)),
        }
    }

    /// The far end, of which services can be named as well; what their names stand for depends on who asks.
    fn named_to(&self, reference: &Reference, from: &Named) -> Result<Named, Diagnostic> {
        let vpc = match from {
            Named::Interface(card, _) => Some(self.vpc_of(*card)),
            _ => None,
        };
        let text = reference.value.as_str();
        if self.end_called(text).is_some() || text == INTERNET || text.parse::<IpAddr>().is_ok() {
            return self.named(reference);
        }
        self.service_called(reference, vpc).unwrap_or_else(|| self.named(reference))
    }

    /// The addresses of an endpoint in a family, with the interfaces that have them.
    fn addresses_of(
        &self,
        endpoint: Index<Gateway>,
        family: Family,
    ) -> impl Iterator<Item = (IpAddr, Index<NetworkInterface>)> + '_ {
        let own = self.gateways[endpoint].interface_endpoint();
        let cards = own.into_iter().flat_map(|own| own.network_interfaces.iter().copied());
        cards.filter_map(move |card| Some((self.network_interfaces[card].primary_address(family)?, card)))
    }

    /// What else the far end stands for than `destination`: of the addresses of an endpoint a client gets one after the
    /// other.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html>
    fn alternatives(&self, to: &Named, family: Family, destination: IpAddr) -> Vec<(IpAddr, Endpoint)> {
        let Named::Endpoint(endpoint) = to else { return Vec::new() };
        let others = self.addresses_of(*endpoint, family).filter(|(address, _)| *address != destination);
        others.map(|(address, card)| (address, Endpoint::Interface(card))).collect()
    }

    fn nobody_called(&self, reference: &Reference) -> Diagnostic {
        if self.service_called(reference, None).is_some_and(|found| found.is_ok()) {
            let message = format!("`{}` opens no connections", reference.value);
            return problems::connection_ends(
                reference.origin,
                message,
                "services and endpoints only answer",
            );
        }
        if let Some(gateway) = self.gateways.iter().find(|gateway| gateway.identity.is(&reference.value)) {
            let region = gateway.vpc.map_or("", |vpc| &self.vpcs[vpc].region);
            let service = match &gateway.form {
                GatewayForm::GatewayEndpoint(own) => Some(own.service.as_str()),
                _ => None,
            };
            return no_end(reference, gateway.kind, service, region);
        }
        let secret = self.is_confidential();
        let instances = self.instances.iter().map(|instance| instance.identity.said(secret));
        let interfaces = self.network_interfaces.iter().map(|interface| interface.identity.said(secret));
        let customers = self.customer_networks.iter().map(|customer| customer.identity.said(secret));
        let known = instances.chain(interfaces).chain(customers).chain([INTERNET]);
        unknown_end(reference, self.ends_sharing(&reference.value), secret, known)
    }

    fn named_by_address(&self, address: IpAddr, reference: &Reference) -> Result<Named, Diagnostic> {
        match self.interfaces_with(address).as_slice() {
            [] => Ok(Named::Address(address)),
            [only] => Ok(Named::Interface(*only, Some(address))),
            several => {
                let message = format!("{} interfaces have the address {address}", several.len());
                Err(problems::ambiguous_reference(
                    reference.origin,
                    message,
                    "name the instance or the interface",
                ))
            }
        }
    }

    fn family(&self, from: &Named, to: &Named, read: &inventory::Connection) -> Result<Family, Diagnostic> {
        let stated = |end: &Named| match end {
            Named::Address(address) | Named::Interface(_, Some(address)) => Some(Family::of(*address)),
            Named::Interface(_, None)
            | Named::CustomerNetwork(_)
            | Named::Endpoint(_)
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
            Named::Address(_) | Named::Service | Named::Internet => true,
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
                    problems::connection_ends(
                        read.to.origin,
                        message,
                        "give the endpoint a subnet of that family",
                    )
                })?;
                Ok((address, Endpoint::Interface(card)))
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
                let outside =
                    stated.is_none() && !matches!(from, Named::Interface(..)) && !self.is_inside(from);
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
            Named::Internet | Named::Service | Named::Endpoint(_) => {
                let address = stated.unwrap_or_else(|| self.internet(family, || self.somewhere(family)));
                Ok((address, Endpoint::Internet(address)))
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
            Named::Interface(..) | Named::Endpoint(_) | Named::Service | Named::Internet => false,
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

    /// An address of the internet that no rule, route or list names more closely than `/0`.
    fn somewhere(&self, family: Family) -> IpAddr {
        // When rules name the whole internet in pieces, no address is free, and any will do.
        const MOST_TRIED: usize = 4096;
        let named = || self.named_blocks().filter(|block| !block.is_everything());
        // Nobody names the blocks for documentation, so that the blocks of a network are seldom worth collecting.
        let first = match family {
            Family::V4 => IpAddr::V4(Ipv4Addr::new(198, 51, 100, 1)),
            Family::V6 => IpAddr::V6(documentation_v6(0xffff)),
        };
        if !named().any(|block| block.contains(first)) && !self.has_public_ip(first) {
            return first;
        }
        let named: BTreeSet<Cidr> = named().collect();
        let free = |address: &IpAddr| {
            !named.iter().any(|block| block.contains(*address)) && !self.has_public_ip(*address)
        };
        // The blocks for documentation come first (RFC 5737, RFC 3849), then every block in turn.
        match family {
            Family::V4 => {
                let documentation = [[198, 51, 100, 1], [203, 0, 113, 1], [192, 0, 2, 1]].map(Ipv4Addr::from);
                let others = (0x0100_0001..0xdf00_0000_u32).step_by(256).map(Ipv4Addr::from);
                let public = |address: &IpAddr| !is_private(*address);
                let mut all = documentation.into_iter().chain(others).map(IpAddr::V4).take(MOST_TRIED);
                all.find(|address| public(address) && free(address)).unwrap_or(first)
            }
            Family::V6 => {
                let all = (0..=0xffff).rev().map(documentation_v6).map(IpAddr::V6);
                let found = all.take(MOST_TRIED).find(|address| free(address));
                found.unwrap_or(IpAddr::V6(documentation_v6(0)))
            }
        }
    }

    /// Every block that a rule, a route or a VPC names.
    pub(super) fn named_blocks(&self) -> impl Iterator<Item = Cidr> + '_ {
        let groups = self.security_groups.iter().flat_map(group_tests).flat_map(blocks);
        let acls = self.network_acls.iter().flat_map(acl_tests).flat_map(blocks);
        let routes =
            self.route_tables.iter().flat_map(|table| table.routes.iter().map(|route| route.destination));
        let vpcs = self.vpcs.iter().flat_map(|vpc| vpc.cidr_blocks.iter().copied());
        let customers = self.customer_networks.iter().flat_map(|network| network.cidr_blocks.iter().copied());
        groups.chain(acls).chain(routes).chain(vpcs).chain(customers)
    }
}

/// That nothing is called so, unless several are. Of an account's own texts ids alone are shown, beside what was asked.
fn unknown_end<'a>(
    end: &Reference,
    shared: Option<&[String]>,
    is_confidential: bool,
    known: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let may_be_said = |text: &str| !is_confidential || looks_like_id(text) || text == INTERNET;
    match shared {
        Some(ids) => {
            let ids: Vec<&str> = ids.iter().map(|id| said(id, is_confidential)).collect();
            problems::shared_name(end.origin, &end.value, &ids)
        }
        None => {
            let known = known.filter(|known| may_be_said(known));
            problems::unknown_reference(end.origin, ENDS, &end.value, known)
        }
    }
}

/// That a gateway is no end of a connection; `service` is what a gateway endpoint leads to, in `region`.
fn no_end(reference: &Reference, kind: GatewayKind, service: Option<&str>, region: &str) -> Diagnostic {
    let whole = service.map(|service| InterfaceEndpoint::whole_name(service, region));
    let name = whole.and_then(|service| private_dns_names(&service).0.into_iter().next());
    let (kind, help) = match name {
        Some(name) => ("gateway endpoint".to_owned(), format!("name its service, as {name}")),
        None => (kind.to_string(), format!("name an {ENDS}; `{INTERNET}` is everybody outside")),
    };
    let message = format!("`{}` ({kind}) has no address, so no connection ends there", reference.value);
    problems::connection_ends(reference.origin, message, &help)
}

/// An address of the numbered /48 of the block for documentation.
fn documentation_v6(block: u128) -> Ipv6Addr {
    Ipv6Addr::from((0x2001_0db8_u128 << 96) + (block << 80) + 1)
}

fn group_tests(group: &SecurityGroup) -> impl Iterator<Item = &Match> {
    Direction::BOTH.into_iter().flat_map(|direction| group.rules.get(direction)).map(|rule| &rule.test)
}

fn acl_tests(acl: &NetworkAcl) -> impl Iterator<Item = &Match> {
    Direction::BOTH.into_iter().flat_map(|direction| acl.entries.get(direction)).map(|entry| &entry.test)
}

fn blocks(test: &Match) -> impl Iterator<Item = Cidr> + '_ {
    [&test.source, &test.destination]
        .into_iter()
        .flat_map(|side| match side {
            AddressMatch::Any => [].iter(),
            AddressMatch::Within(cidr) => std::slice::from_ref(cidr).iter(),
            AddressMatch::WithinAny(list) => list.iter(),
        })
        .copied()
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
