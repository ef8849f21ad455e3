//! Of which VPCs a kind of resources was collected whole: what stands in one folder says nothing of another's account.

use std::collections::HashMap;

use super::Answers;
use super::json::Text;
use super::table::{Resource, Table};
use crate::model::Kind;

/// The folders in which VPCs were found, by id.
#[derive(Debug, Default)]
pub(super) struct Folders<'r>(HashMap<&'r str, Found>);

/// The folders in which a VPC was found.
#[derive(Debug, Default)]
struct Found {
    /// Those with something of it.
    any: Vec<usize>,
    /// Those that describe the VPC itself.
    itself: Vec<usize>,
}

impl<'r> Folders<'r> {
    fn note(&mut self, scope: usize, vpc: Option<&'r Text<'_>>) {
        let Some(vpc) = vpc else { return };
        let found = self.0.entry(vpc.as_str()).or_default();
        if !found.any.contains(&scope) {
            found.any.push(scope);
        }
    }
}

impl Answers<'_> {
    /// Where something of each VPC was found; where there are no folders nobody asks.
    pub(super) fn folders(&self) -> Folders<'_> {
        let mut folders = Folders::default();
        if self.scopes.len() == 1 {
            return folders;
        }
        for (scope, vpc) in self.vpcs.everywhere() {
            folders.note(scope, Some(&vpc.vpc_id));
            folders.0.entry(vpc.vpc_id.as_str()).or_default().itself.push(scope);
        }
        self.subnets.everywhere().for_each(|(scope, subnet)| folders.note(scope, Some(&subnet.vpc_id)));
        self.route_tables.everywhere().for_each(|(scope, table)| folders.note(scope, Some(&table.vpc_id)));
        self.network_acls.everywhere().for_each(|(scope, acl)| folders.note(scope, Some(&acl.vpc_id)));
        self.security_groups
            .everywhere()
            .for_each(|(scope, group)| folders.note(scope, group.vpc_id.as_ref()));
        self.network_interfaces
            .everywhere()
            .for_each(|(scope, card)| folders.note(scope, card.vpc_id.as_ref()));
        for (scope, gateway) in self.internet_gateways.everywhere() {
            gateway.attachments.iter().for_each(|own| folders.note(scope, Some(&own.vpc_id)));
        }
        for (scope, gateway) in self.egress_only_internet_gateways.everywhere() {
            gateway.attachments.iter().for_each(|own| folders.note(scope, Some(&own.vpc_id)));
        }
        folders
    }

    /// The account and Region that the folders of `scope` name; either may be empty.
    pub(super) fn account_and_region(&self, scope: usize) -> (&str, &str) {
        let mut parts = self.scopes.get(scope).map_or("", String::as_str).splitn(3, '/');
        (parts.next().unwrap_or_default(), parts.next().unwrap_or_default())
    }

    /// The kinds of which nobody knows what a VPC has, which was found in `scope`.
    pub(super) fn not_collected(
        &self,
        vpc: &str,
        scope: usize,
        owner: Option<&Text<'_>>,
        folders: &Folders<'_>,
    ) -> Vec<Kind> {
        // AWS: whoever takes part in a shared VPC sees neither other participants' interfaces nor the owner's gateways.
        // https://docs.aws.amazon.com/vpc/latest/userguide/vpc-sharing.html
        let owners = self.scope_of_owner(scope, owner);
        let is_named = !self.account_and_region(scope).0.is_empty();
        let seen = if is_named { owners.unwrap_or(scope) } else { scope };
        let place = Place { seen, found: folders.0.get(vpc).filter(|_| !is_named) };
        let collected = [
            (Kind::RouteTables, place.has(&self.route_tables)),
            (Kind::NetworkAcls, place.has(&self.network_acls)),
            (Kind::NetworkInterfaces, owners.is_some() && place.has(&self.network_interfaces)),
            (Kind::InternetGateways, owners.is_some() && place.has(&self.internet_gateways)),
            (
                Kind::EgressOnlyInternetGateways,
                owners.is_some() && place.has(&self.egress_only_internet_gateways),
            ),
        ];
        let networks = owners.is_some() && place.has(self.lattice.listed_service_networks());
        let collected =
            collected.into_iter().chain([(Kind::ServiceNetworks, networks || !self.lattice.has_services())]);
        collected.filter(|(_, is)| !is).map(|(kind, _)| kind).collect()
    }

    /// The folder of the account that owns what was found in `scope`, if it is not another one whose folder is not
    /// there. Where folders do not say whose they are, it is the same.
    fn scope_of_owner(&self, scope: usize, owner: Option<&Text<'_>>) -> Option<usize> {
        let (account, region) = self.account_and_region(scope);
        match owner {
            Some(owner) if !account.is_empty() && owner.as_str() != account => (0..self.scopes.len())
                .find(|other| self.account_and_region(*other) == (owner.as_str(), region)),
            _ => Some(scope),
        }
    }
}

/// Where answers about a VPC may stand.
struct Place<'s> {
    /// The folder of its owner.
    seen: usize,
    /// Where it was found, when that folder does not name its account.
    found: Option<&'s Found>,
}

impl Place<'_> {
    /// Whether all there is of a kind was collected. Of folders that do not name their accounts nobody knows which is
    /// the owner's: where several describe the VPC, each must have it.
    fn has<T: Resource>(&self, table: &Table<'_, T>) -> bool {
        let Some(Found { any, itself }) = self.found else { return table.is_collected(self.seen) };
        let is_whole = |scope: &usize| table.is_whole_in(*scope);
        if any.iter().any(|scope| table.is_page_in(*scope)) {
            return false;
        }
        is_whole(&0) || if itself.len() > 1 { itself.iter().all(is_whole) } else { any.iter().any(is_whole) }
    }
}
