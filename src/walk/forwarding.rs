//! Hosts that forward: routers and NAT instances, and whether a host runs at all.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html>

use super::leg::{Next, Walker};
use super::sender::Sender;
use super::{DecidedBy, Decision, Observe, Place, Stage, Translation};
use crate::model::{Forwarding, Index, NetworkInterface};
use crate::net::{Direction, Header, PortRange};

impl<O: Observe> Walker<'_, O> {
    /// An interface that a route leads to, of a host that forwards: its network ACL and security groups judge the
    /// packet twice, as it comes and as it goes. One of several interfaces of a host may not be the one by which it goes:
    /// that is the host's own routing.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html>
    pub(super) fn forward(&mut self, interface: Index<NetworkInterface>, crosses_border: bool) -> Next {
        let card = &self.network.network_interfaces[interface];
        if card.owns(self.header.destination) {
            return self.reach(interface, crosses_border);
        }
        self.host_runs(interface, Direction::Ingress);
        if crosses_border {
            self.network_acl(interface, card.subnet, Direction::Ingress);
        }
        self.security_groups(interface, Direction::Ingress);
        self.own_address_check(interface, Direction::Ingress);
        if self.is_over() {
            return Next::End;
        }
        let has_others =
            self.network.instance_of(interface).is_some_and(|host| host.network_interfaces.len() > 1);
        match card.forwards {
            Some(_) if has_others => self.cannot_forward(interface, DecidedBy::SeveralInterfaces),
            Some(Forwarding::Route) => self.forward_as(interface, self.header),
            Some(Forwarding::Nat) => self.masquerade(interface),
            None => self.cannot_forward(interface, DecidedBy::ForwardingNotModelled),
        }
    }

    /// Where it is not known how a host forwards a packet.
    fn cannot_forward(&mut self, interface: Index<NetworkInterface>, decided_by: DecidedBy) -> Next {
        let (place, unknown) = (Place::NetworkInterface(interface), Decision::Unknown);
        self.record(Stage::Delivery, place, None, Direction::Ingress, unknown, decided_by);
        Next::End
    }

    /// A NAT instance: its own address takes the place of the source. Assumed: nat-instance-ports.
    fn masquerade(&mut self, interface: Index<NetworkInterface>) -> Next {
        let place = Place::NetworkInterface(interface);
        let card = &self.network.network_interfaces[interface];
        let Some(source) = card.primary_address(self.header.family()) else {
            return self.cannot_forward(interface, DecidedBy::ForwardingNotModelled);
        };
        let (before, after) = (self.header, Header { source, ..self.header });
        let ports = PortRange::single(after.source_port().unwrap_or_default());
        let translation = Translation { place, before, after, from: self.left, ports, is_forgotten: false };
        self.leg.remembers.translate(translation);
        self.forward_as(interface, after)
    }

    /// What a host forwards leaves it anew, as `header`. The groups of the first sender are not known behind it.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html#security-group-referencing>
    pub(super) fn forward_as(&mut self, interface: Index<NetworkInterface>, header: Header) -> Next {
        let place = Place::NetworkInterface(interface);
        let is_own = self.network.network_interfaces[interface].owns(header.source);
        self.pass(Stage::Delivery, place, interface, Direction::Ingress, DecidedBy::Forwards);
        self.header = header;
        self.sender = if is_own { Sender::direct(interface) } else { Sender::Lost };
        self.own_address_check(interface, Direction::Egress);
        self.security_groups(interface, Direction::Egress);
        if self.is_over() {
            return Next::End;
        }
        self.leave(interface)
    }

    /// An instance that does not run, or none, is unknown to the walk: AWS does not say what becomes of its packets.
    #[inline]
    pub(super) fn host_runs(&mut self, interface: Index<NetworkInterface>, direction: Direction) {
        if self.network.card(interface).is_idle {
            self.note_idle(interface, direction);
        }
    }

    #[cold]
    fn note_idle(&mut self, interface: Index<NetworkInterface>, direction: Direction) {
        let decided_by = match self.network.instance_of(interface) {
            Some(instance) if instance.running == Some(false) => DecidedBy::NotRunning,
            _ if self.network.network_interfaces[interface].instance_is_unlisted => {
                DecidedBy::InstanceNotListed
            }
            _ => DecidedBy::NotAttached,
        };
        let place = Place::NetworkInterface(interface);
        self.record(Stage::Listener, place, None, direction, Decision::Unknown, decided_by);
    }
}
