//! Resources of services whose interfaces AWS manages, and the interfaces that come with them.

use super::identity;
use super::transit_gateway::attached_subnet;
use crate::diagnostic::{Diagnostics, Located, problems};
use crate::input::fields::{Fields, boolean, items, located_text, text};
use crate::input::scalar::{invalid, one_of, port};
use crate::input::shape::{ECS_TASK, MANAGED_SERVICE};
use crate::input::yaml::Node;
use crate::model::inventory::{Inventory, ManagedService, NetworkInterface, Reference, SecurityGroup};
use crate::model::{ACCELERATOR_GROUP, EcsTaskNames, Identity, MANAGED_SERVICES, ManagedServiceKind};
use crate::net::PerDirection;

/// Reads a resource of a service.
pub(super) fn managed_service(node: &Node, inventory: &mut Inventory, problems: &mut Diagnostics) {
    let Some(mut fields) = Fields::of(node, &MANAGED_SERVICE, problems) else { return };
    let kinds: Vec<_> = MANAGED_SERVICES.iter().map(|kind| (kind.name, kind)).collect();
    let kind = fields.value("service", one_of("a service", &kinds), problems);
    let identity = identity(&mut fields, kind.map_or("managed", |kind| kind.name), problems);
    let subnets = fields.node("subnets").map(items);
    let security_groups = fields.list("security_groups", located_text, problems);
    let listed = fields.list("network_interfaces", located_text, problems);
    let port = fields.value("port", port, problems);
    let preserves_client_ip = fields.value("preserve_client_ip", boolean, problems);
    let at_tasks = fields.key_origin("tasks");
    let tasks = fields.list("tasks", ecs_task, problems).unwrap_or_default();
    fields.finish(problems);
    let (Some(kind), Some(identity)) = (kind, identity) else { return };
    if let Some(at) = at_tasks.filter(|_| kind.name != "ecs") {
        let message = format!("`{}` ({kind}) has no tasks", identity.name);
        problems.push(problems::mismatch(Some(at), message, "`tasks` are for ecs"));
    }
    let mut network_interfaces = Vec::new();
    for node in subnets.unwrap_or_default() {
        let Some(card) = attached_subnet(node, &identity, "", problems) else { continue };
        let interface_type = kind.interfaces.interface_type.map(str::to_owned);
        let security_groups = match &security_groups {
            None if kind.name == "global-accelerator" => Some(vec![accelerator_group(&card, inventory)]),
            stated => stated.clone(),
        };
        let source_dest_check = None;
        let card = NetworkInterface { interface_type, security_groups, source_dest_check, ..card };
        let shared = shared_interface(kind, &card, inventory).cloned();
        network_interfaces.push(shared.unwrap_or_else(|| {
            let own = Located { value: card.identity.id.clone(), origin: card.identity.origin };
            inventory.network_interfaces.push(card);
            own
        }));
    }
    network_interfaces.extend(listed.into_iter().flatten());
    inventory.managed_services.push(ManagedService {
        identity,
        kind,
        network_interfaces,
        port,
        preserves_client_ip,
        tasks,
    });
}

/// The interface that another function of Lambda has, with the same subnet and security groups.
/// AWS: <https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-enis>
fn shared_interface<'i>(
    kind: &ManagedServiceKind,
    card: &NetworkInterface,
    inventory: &'i Inventory,
) -> Option<&'i Reference> {
    let values = |all: &Option<Vec<Reference>>| {
        let mut names: Vec<_> = all.iter().flatten().map(|group| group.value.clone()).collect();
        names.sort_unstable();
        all.as_ref().map(|_| names)
    };
    let is_same = |other: &&NetworkInterface| {
        other.subnet.value == card.subnet.value
            && values(&other.security_groups) == values(&card.security_groups)
    };
    if kind.name != "lambda" {
        return None;
    }
    let functions = inventory.managed_services.iter().filter(|service| service.kind == kind);
    functions.flat_map(|service| &service.network_interfaces).find(|own| {
        let mut cards = inventory.network_interfaces.iter();
        cards.find(|other| other.identity.is(&own.value)).as_ref().is_some_and(is_same)
    })
}

/// The group that Global Accelerator makes in a VPC when it makes its first interface there.
fn accelerator_group(card: &NetworkInterface, inventory: &mut Inventory) -> Reference {
    let subnet = inventory.subnets.iter().find(|subnet| subnet.identity.is(&card.subnet.value));
    let vpc = subnet.and_then(|subnet| subnet.vpc.clone());
    let of_vpc = |group: &&SecurityGroup| {
        let same = group.vpc.as_ref().map(|vpc| &vpc.value) == vpc.as_ref().map(|vpc| &vpc.value);
        same && group.identity.name.starts_with(ACCELERATOR_GROUP)
    };
    if let Some(group) = inventory.security_groups.iter().find(of_vpc) {
        return Located { value: group.identity.id.clone(), origin: card.identity.origin };
    }
    let name = match &vpc {
        Some(vpc) if inventory.vpcs.len() > 1 => format!("{ACCELERATOR_GROUP}-{}", vpc.value),
        _ => ACCELERATOR_GROUP.to_owned(),
    };
    let identity = Identity::default("sg", name, card.identity.origin);
    let own = Located { value: identity.id.clone(), origin: identity.origin };
    let rules = PerDirection { ingress: None, egress: None };
    inventory.security_groups.push(SecurityGroup { identity, vpc, associated_vpcs: Vec::new(), rules });
    own
}

/// A task of ECS.
fn ecs_task(node: &Node, problems: &mut Diagnostics) -> Option<EcsTaskNames> {
    let mut fields = Fields::of(node, &ECS_TASK, problems)?;
    let names = EcsTaskNames {
        cluster: fields.value("cluster", ecs_name, problems),
        service_name: fields.value("service_name", ecs_name, problems),
        task_definition: fields.value("task_definition", ecs_name, problems),
        task: fields.value("task", ecs_name, problems),
        container_instance: fields.value("container_instance", ecs_name, problems),
        containers: fields.list("containers", ecs_name, problems).unwrap_or_default(),
    };
    fields.finish(problems);
    Some(names)
}

/// A name, an id or an ARN of ECS: records show it as it is.
fn ecs_name(node: &Node, problems: &mut Diagnostics) -> Option<String> {
    let name = text(node, problems)?;
    if EcsTaskNames::is_name(&name) {
        return Some(name);
    }
    let message = format!("`{}` is no name of ECS", problems::cut(&name, 40));
    problems.push(invalid(
        node.origin,
        message,
        "names are of letters, digits, `-` and `_`; ARNs stand for them as well",
    ));
    None
}
