//! What services decide by whose interfaces AWS manages, and endpoints about encryption.

use super::Describe;
use crate::walk::ServiceFact;

impl Describe<'_> {
    pub(super) fn service_fact(&self, fact: ServiceFact) -> String {
        let network = self.network;
        let kind = self.interface().and_then(|card| network.service_kind_of(card));
        let kind = kind.map_or_else(|| "the service".to_owned(), ToString::to_string);
        match fact {
            ServiceFact::OpensOnly => {
                format!("an interface of {kind} opens connections alone: what comes to it is for nobody")
            }
            ServiceFact::PortNotServed(port) => {
                format!("{kind} answers at tcp {port}; what becomes of others AWS does not say")
            }
            ServiceFact::TcpAlone => {
                format!("{kind} answers TCP; what becomes of other protocols AWS does not say")
            }
            ServiceFact::AcceleratorAcl => {
                "AWS's pages differ in whether it judges what answers clients of an accelerator".to_owned()
            }
            ServiceFact::ReturnsToClient(card) => {
                format!(
                    "answers what {} sent for its client: it returns there",
                    network.interface_label(card)
                )
            }
            ServiceFact::Unencrypted => {
                "encryption controls are enforced: endpoints take nothing but tcp 443".to_owned()
            }
            ServiceFact::UnencryptedUndocumented => {
                "encryption controls are enforced: whether it takes other than tcp 443 AWS does not say"
                    .to_owned()
            }
        }
    }
}
