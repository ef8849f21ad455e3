//! Resources of services whose interfaces AWS manages.

use super::keys::Keys;
use super::scenario::Writer;
use crate::model::EcsTaskNames;
use crate::model::inventory::ManagedService;

impl<'i> Writer<'i> {
    /// Their interfaces are written as such.
    pub(super) fn managed_service(&self, service: &'i ManagedService) -> Keys {
        let mut keys = Keys::of(&service.identity);
        keys.text("service", service.kind.name);
        keys.list("network_interfaces", service.network_interfaces.iter().map(|card| self.reference(card)));
        if let Some(port) = service.port {
            keys.raw("port", port);
        }
        if let Some(preserves) = service.preserves_client_ip {
            keys.raw("preserve_client_ip", preserves);
        }
        let tasks: Vec<_> = service.tasks.iter().map(|task| ecs_task(task).line()).collect();
        if !tasks.is_empty() {
            keys.raw("tasks", format!("[{}]", tasks.join(", ")));
        }
        keys
    }
}

fn ecs_task(names: &EcsTaskNames) -> Keys {
    let mut keys = Keys::default();
    keys.optional("cluster", names.cluster.as_ref());
    keys.optional("service_name", names.service_name.as_ref());
    keys.optional("task_definition", names.task_definition.as_ref());
    keys.optional("task", names.task.as_ref());
    keys.optional("container_instance", names.container_instance.as_ref());
    keys.some("containers", &names.containers);
    keys
}
