//! Gateway Load Balancer endpoints: targets of routes before an inspection, which gives packets back as they are. Those of
//! AWS Network Firewall are of this type as well.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-load-balancer-endpoints.html>

use std::sync::Arc;

use crate::model::{BlockMode, Gateway, GatewayForm, Index, Network, NetworkFirewall, NetworkInterface};

/// A VPC endpoint of the type `GatewayLoadBalancer`.
#[derive(Debug, Clone, PartialEq)]
pub struct GatewayLoadBalancerEndpoint {
    /// Its only interface.
    pub network_interface: Index<NetworkInterface>,
    /// AWS's whole name of the service behind it, if that was said.
    pub service: Option<String>,
    /// What is behind it.
    pub inspection: Inspection,
    /// What Block Public Access keeps from its subnet before anything is exempt: exclusions of the subnets of Network
    /// Firewall do not count.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
    pub unexcluded: BlockMode,
}

/// What inspects the packets that come to an endpoint.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Inspection {
    /// Appliances behind a Gateway Load Balancer, of which nobody said what they do.
    #[default]
    NotStated,
    /// Appliances that pass whatever comes to them.
    Pass,
    /// A firewall.
    NetworkFirewall(Arc<NetworkFirewall>),
}

impl Inspection {
    /// The same with the rules of a firewall in the order in which they are tested.
    pub(crate) fn in_order(&self) -> Self {
        let mut own = self.clone();
        if let Self::NetworkFirewall(firewall) = &mut own
            && firewall.policy.as_ref().is_some_and(|policy| !policy.is_in_order())
            && let Some(policy) = &mut Arc::make_mut(firewall).policy
        {
            policy.sort_rules();
        }
        own
    }
}

impl Gateway {
    /// The Gateway Load Balancer endpoint that it is.
    pub fn gateway_load_balancer_endpoint(&self) -> Option<&GatewayLoadBalancerEndpoint> {
        match &self.form {
            GatewayForm::GatewayLoadBalancerEndpoint(own) => Some(own),
            _ => None,
        }
    }

    /// The firewall of which it is an endpoint.
    pub fn network_firewall(&self) -> Option<&NetworkFirewall> {
        match &self.gateway_load_balancer_endpoint()?.inspection {
            Inspection::NetworkFirewall(firewall) => Some(firewall),
            Inspection::NotStated | Inspection::Pass => None,
        }
    }
}

impl Network {
    /// What Block Public Access keeps from the subnet of an interface. No exclusion exempts an endpoint of Network Firewall.
    /// AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html>
    pub fn block_mode_at(&self, interface: Index<NetworkInterface>) -> BlockMode {
        let NetworkInterface { gateway, subnet, .. } = &self.network_interfaces[interface];
        let firewall = gateway.map(|own| &self.gateways[own]).filter(|own| own.network_firewall().is_some());
        let unexcluded = firewall.and_then(Gateway::gateway_load_balancer_endpoint).map(|own| own.unexcluded);
        unexcluded.unwrap_or(self.subnets[*subnet].block_public_access)
    }

    /// Whether an interface is that of a Gateway Load Balancer endpoint.
    pub fn is_inspected_at(&self, interface: Index<NetworkInterface>) -> bool {
        let gateway = self.network_interfaces[interface].gateway;
        gateway.is_some_and(|gateway| self.gateways[gateway].gateway_load_balancer_endpoint().is_some())
    }
}
