//! Where flow logs look: at network interfaces, and at attachments of transit gateways.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-basics.html>,
//! <https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html>

use super::{
    AttachedResource, Gateway, Identity, Index, Network, NetworkInterface, TransitGateway,
    TransitGatewayAttachment, Vpc,
};

/// A place that flow logs watch. It is small, since there are millions of records. Interfaces stand before attachments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Vantage(u32);

impl Vantage {
    /// Set in the number of an attachment.
    const ATTACHMENT: u32 = 1 << 31;

    fn of(position: usize, kind: u32) -> Self {
        Self(u32::try_from(position).unwrap_or(u32::MAX) & !Self::ATTACHMENT | kind)
    }

    /// The interface, if it is one.
    #[inline]
    pub fn interface(self) -> Option<Index<NetworkInterface>> {
        (self.0 & Self::ATTACHMENT == 0).then(|| Index::new(self.number()))
    }

    /// The attachment, if it is one.
    pub fn attachment(self) -> Option<Index<TransitGatewayAttachment>> {
        (self.0 & Self::ATTACHMENT != 0).then(|| Index::new(self.number()))
    }

    /// A number by which places stand in their order.
    pub(crate) const fn rank(self) -> u32 {
        self.0
    }

    /// Its number among the interfaces, or among the attachments.
    pub(crate) const fn number(self) -> usize {
        (self.0 & !Self::ATTACHMENT) as usize
    }
}

impl From<Index<NetworkInterface>> for Vantage {
    fn from(interface: Index<NetworkInterface>) -> Self {
        Self::of(interface.position(), 0)
    }
}

impl From<Index<TransitGatewayAttachment>> for Vantage {
    fn from(attachment: Index<TransitGatewayAttachment>) -> Self {
        Self::of(attachment.position(), Self::ATTACHMENT)
    }
}

/// An attachment with the gateway that it is of.
#[derive(Debug, Clone, Copy)]
pub struct Attached<'n> {
    /// The gateway's place in the network.
    pub index: Index<Gateway>,
    /// The gateway.
    pub gateway: &'n Gateway,
    /// What it has of its own.
    pub own: &'n TransitGateway,
    /// The attachment.
    pub attachment: &'n TransitGatewayAttachment,
}

impl Attached<'_> {
    /// The VPC that is attached, if it is one and known.
    pub fn vpc(&self) -> Option<Index<Vpc>> {
        match self.attachment.resource {
            AttachedResource::Vpc { vpc, .. } => vpc,
            AttachedResource::Peering { .. } | AttachedResource::Customer { .. } => None,
        }
    }
}

impl Network {
    /// The attachment of a transit gateway at `position` among its own.
    pub fn attachment_at(
        &self,
        gateway: Index<Gateway>,
        position: usize,
    ) -> Option<Index<TransitGatewayAttachment>> {
        self.attachments.binary_search(&(gateway, position)).ok().map(Index::new)
    }

    /// What has the index `attachment` among those of all transit gateways.
    pub fn attached(&self, attachment: Index<TransitGatewayAttachment>) -> Option<Attached<'_>> {
        let (index, position) = *self.attachments.get(attachment.position())?;
        let gateway = &self.gateways[index];
        let own = gateway.transit_gateway()?;
        Some(Attached { index, gateway, own, attachment: own.attachments.get(position)? })
    }

    /// The attachments of all transit gateways, with the gateway and the position there.
    pub fn attachments(
        &self,
    ) -> impl Iterator<Item = (Index<TransitGatewayAttachment>, Index<Gateway>, usize)> + '_ {
        let all = self.attachments.iter().enumerate();
        all.map(|(number, (gateway, position))| (Index::new(number), *gateway, *position))
    }

    /// Every place that a flow log may watch.
    pub fn vantages(&self) -> impl Iterator<Item = Vantage> + '_ {
        let interfaces = self.network_interfaces.enumerate().map(|(interface, _)| Vantage::from(interface));
        interfaces.chain(self.attachments().map(|(attachment, ..)| Vantage::from(attachment)))
    }

    /// What people call a place, and its id.
    pub fn vantage_label(&self, vantage: Vantage) -> Option<&Identity> {
        match vantage.interface() {
            Some(interface) => Some(self.interface_label(interface)),
            None => self.attached(vantage.attachment()?).map(|of| &of.attachment.identity),
        }
    }

    /// What people call a place, in words.
    pub fn vantage_name(&self, vantage: Vantage) -> String {
        self.vantage_label(vantage).map(ToString::to_string).unwrap_or_default()
    }

    /// The id of the interface or attachment.
    pub fn vantage_id(&self, vantage: Vantage) -> &str {
        match vantage.interface() {
            Some(interface) => &self.network_interfaces[interface].identity.id,
            None => self.vantage_label(vantage).map_or("", |identity| &identity.id),
        }
    }

    /// The account that owns an interface, or the transit gateway.
    pub(crate) fn account_at(&self, vantage: Vantage) -> &str {
        match vantage.interface() {
            Some(interface) => self.account_of(interface),
            None => self.attached_at(vantage).map_or("", |of| &of.own.account),
        }
    }

    /// The Region of an interface, or of the transit gateway.
    pub(crate) fn region_at(&self, vantage: Vantage) -> &str {
        match vantage.interface() {
            Some(interface) => &self.vpcs[self.vpc_of(interface)].region,
            None => self.attached_at(vantage).map_or("", |of| &of.own.region),
        }
    }

    /// The attachment that a place is.
    pub(crate) fn attached_at(&self, vantage: Vantage) -> Option<Attached<'_>> {
        self.attached(vantage.attachment()?)
    }

    /// The attachments of all transit gateways, in the order of the gateways.
    pub(crate) fn list_attachments(&self) -> Vec<(Index<Gateway>, usize)> {
        let of = |(index, gateway): (Index<Gateway>, &Gateway)| {
            let count = gateway.transit_gateway().map_or(0, |own| own.attachments.len());
            (0..count).map(move |position| (index, position))
        };
        self.gateways.enumerate().flat_map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vantage_is_either() {
        let interface = Vantage::from(Index::<NetworkInterface>::new(7));
        let attachment = Vantage::from(Index::<TransitGatewayAttachment>::new(7));
        assert_eq!((interface.interface().map(Index::position), interface.attachment()), (Some(7), None));
        assert_eq!((attachment.interface(), attachment.attachment().map(Index::position)), (None, Some(7)));
        assert!(interface < attachment);
    }
}
