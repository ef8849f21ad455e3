//! Resources of AWS's services that stand in subnets of a VPC by interfaces which the service manages.
//! AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/requester-managed-eni.html>
//!
//! The security groups are those that were chosen for the resource, and they judge as everywhere. What differs from hosts
//! stands in one table: who opens connections and who takes them, at which port, and how AWS tells of the interfaces.

mod ecs_task;

pub use ecs_task::{EcsTask, EcsTaskNames};

use std::fmt;

use super::{Conduct, EPHEMERAL_PORTS, EphemeralPorts, Identity, Index, Network, NetworkInterface, Traffic};

/// A resource of a service: a database, a function, a file system.
#[derive(Debug, Clone, PartialEq)]
pub struct ManagedService {
    /// Name and id.
    pub identity: Identity,
    /// What it is.
    pub kind: &'static ManagedServiceKind,
    /// The interfaces by which it stands in the VPC.
    pub network_interfaces: Vec<Index<NetworkInterface>>,
    /// The TCP port at which it takes connections, when it is known; `None` for any.
    pub port: Option<u16>,
    /// Whether what it sends has the address of its own client. Only kinds that can preserve it do.
    pub preserves_client_ip: bool,
    /// Tasks of ECS, each with the interface that is its own.
    pub tasks: Vec<(Index<NetworkInterface>, EcsTask)>,
}

/// Which of its interfaces a resource uses, where it has several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Any of them: nodes, tasks, or the zone that a database is in after a failover.
    Any,
    /// That in the zone of the client, which is the one that its DNS name stands for there.
    ZoneOfClient,
    /// That in the subnet of the server.
    SubnetOfServer,
}

/// A row of the table of services.
#[derive(Debug)]
pub struct ManagedServiceKind {
    /// As scenarios name it: `rds`, also before the name of a resource: `rds:orders`.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// The port at which it takes connections, unless the resource states another.
    pub port: Option<u16>,
    /// Whether TCP is all that it is known to take.
    pub tcp_alone: bool,
    /// Who opens and who answers.
    pub conduct: Conduct,
    /// What it can open, where it opens connections.
    pub can_open: fn(Traffic) -> bool,
    /// Which of several interfaces it uses.
    pub standing: Standing,
    /// Whether security groups track all that it opens, whatever their rules.
    /// AWS: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html#automatic-tracking>
    pub tracks_automatically: bool,
    /// Whether it can preserve the address of its client, and does so when nobody says otherwise.
    pub client_ip: Option<bool>,
    /// The ephemeral ports of what it opens; `None` as of any client.
    ephemeral_ports: Option<&'static str>,
    /// Its interfaces as AWS describes them.
    pub interfaces: Described,
    /// The page that tells of its interfaces.
    pub source: &'static str,
}

/// How `describe-network-interfaces` tells of the interfaces of a service.
#[derive(Debug, Clone, Copy)]
pub struct Described {
    /// Their `InterfaceType`, where it is not `interface`.
    pub interface_type: Option<&'static str>,
    /// Their `RequesterId`, where the service asks for them under its own name.
    pub requester_id: Option<&'static str>,
    /// What their `Description` begins with.
    pub description: Option<&'static str>,
}

const fn described(
    interface_type: Option<&'static str>,
    requester_id: Option<&'static str>,
    description: Option<&'static str>,
) -> Described {
    Described { interface_type, requester_id, description }
}

/// A service of hosts, as far as the network is concerned.
const HOSTS: ManagedServiceKind = ManagedServiceKind {
    name: "",
    doc: "",
    port: None,
    tcp_alone: false,
    conduct: Conduct::HOST,
    can_open: |_| true,
    standing: Standing::Any,
    tracks_automatically: false,
    client_ip: None,
    ephemeral_ports: None,
    interfaces: described(None, None, None),
    source: "",
};

fn is_tcp_or_udp(traffic: Traffic) -> bool {
    matches!(traffic, Traffic::Tcp(_) | Traffic::Udp(_))
}

/// Every service of which the interfaces are known.
pub static MANAGED_SERVICES: &[ManagedServiceKind] = &[
    ManagedServiceKind {
        name: "rds",
        doc: "Amazon RDS and Aurora: a database",
        tcp_alone: true,
        interfaces: described(None, Some("amazon-rds"), Some("RDSNetworkInterface")),
        source: "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "elasticache",
        doc: "Amazon ElastiCache: the nodes of a cache",
        tcp_alone: true,
        interfaces: described(None, Some("amazon-elasticache"), Some("ElastiCache ")),
        source: "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/VPCs.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "redshift",
        doc: "Amazon Redshift: the nodes of a cluster",
        port: Some(5439),
        tcp_alone: true,
        interfaces: described(None, Some("amazon-redshift"), Some("RedshiftNetworkInterface")),
        source: "https://docs.aws.amazon.com/redshift/latest/mgmt/managing-clusters-vpc.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "opensearch",
        doc: "Amazon OpenSearch Service: the nodes of a domain",
        port: Some(443),
        tcp_alone: true,
        interfaces: described(None, Some("amazon-elasticsearch"), Some("ES ")),
        source: "https://docs.aws.amazon.com/opensearch-service/latest/developerguide/vpc.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "efs",
        doc: "Amazon EFS: the mount targets of a file system",
        port: Some(2049),
        conduct: Conduct { opens: false, answers: true, refuses: false },
        standing: Standing::ZoneOfClient,
        tcp_alone: true,
        interfaces: described(Some("efs"), None, Some("EFS mount target for ")),
        source: "https://docs.aws.amazon.com/efs/latest/ug/accessing-fs.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "lambda",
        doc: "AWS Lambda: a function with access to a VPC",
        conduct: Conduct { opens: true, answers: false, refuses: true },
        // https://aws.amazon.com/lambda/faqs/: outbound sockets of TCP and UDP
        can_open: is_tcp_or_udp,
        tracks_automatically: true,
        ephemeral_ports: Some("nat"),
        interfaces: described(Some("lambda"), None, Some("AWS Lambda VPC ENI")),
        source: "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "ecs",
        doc: "Amazon ECS: tasks of the network mode `awsvpc`",
        interfaces: described(None, None, Some("arn:aws:ecs:")),
        source: "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "workspaces",
        doc: "Amazon WorkSpaces: a desktop",
        interfaces: described(None, None, Some("Created By Amazon Workspaces")),
        source: "https://docs.aws.amazon.com/workspaces/latest/adminguide/workspaces-port-requirements.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "eice",
        doc: "EC2 Instance Connect Endpoint",
        // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-using-eice.html
        can_open: |traffic| matches!(traffic, Traffic::Tcp(22 | 3389)),
        conduct: Conduct { opens: true, answers: false, refuses: false },
        client_ip: Some(false),
        interfaces: described(
            Some("ec2_instance_connect_endpoint"),
            None,
            Some("EC2 Instance Connect Endpoint"),
        ),
        source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html",
        ..HOSTS
    },
    ManagedServiceKind {
        name: "global-accelerator",
        doc: "AWS Global Accelerator that preserves the addresses of its clients",
        conduct: Conduct { opens: true, answers: false, refuses: false },
        // https://docs.aws.amazon.com/global-accelerator/latest/dg/about-listeners.html
        can_open: is_tcp_or_udp,
        standing: Standing::SubnetOfServer,
        tracks_automatically: true,
        client_ip: Some(true),
        interfaces: described(Some("global_accelerator_managed"), None, Some("GlobalAccelerator")),
        source: "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html",
        ..HOSTS
    },
];

/// The group that Global Accelerator makes for its interfaces in a VPC.
/// AWS: <https://docs.aws.amazon.com/global-accelerator/latest/dg/best-practices-aga.html>
pub const ACCELERATOR_GROUP: &str = "GlobalAccelerator";

impl ManagedServiceKind {
    /// The row of `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        MANAGED_SERVICES.iter().find(|kind| kind.name == name)
    }

    /// The row whose interfaces have that `InterfaceType`.
    pub fn of_type(interface_type: &str) -> Option<&'static Self> {
        MANAGED_SERVICES.iter().find(|kind| kind.interfaces.interface_type == Some(interface_type))
    }

    /// The kind of client that what it opens is.
    pub fn client(&self) -> Option<&'static EphemeralPorts> {
        EPHEMERAL_PORTS.iter().find(|ports| self.ephemeral_ports == Some(ports.client))
    }

    /// Whether an interface that AWS describes so is one of the service's.
    pub fn is_described(&self, interface_type: &str, requester_id: &str, description: &str) -> bool {
        let Described { interface_type: of_type, requester_id: asked, description: said } = self.interfaces;
        match of_type {
            Some(own) => own == interface_type,
            None => {
                asked.is_none_or(|asked| asked == requester_id)
                    && said.is_some_and(|said| {
                        description.starts_with(said) || description.contains(said) && asked.is_none()
                    })
            }
        }
    }
}

impl PartialEq for ManagedServiceKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl fmt::Display for ManagedServiceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl ManagedService {
    /// Whether it is what `text` names: by name or id, or with its kind before it.
    pub fn is_called(&self, text: &str) -> bool {
        is_called(&self.identity, self.kind, text)
    }
}

/// Whether a resource of `kind` is what `text` names.
pub(crate) fn is_called(identity: &Identity, kind: &ManagedServiceKind, text: &str) -> bool {
    identity.is(text)
        || text
            .strip_prefix(kind.name)
            .and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|name| identity.is(name))
}

impl Network {
    /// The resource of a service that an interface is part of.
    pub fn managed_service_of(&self, interface: Index<NetworkInterface>) -> Option<&ManagedService> {
        self.network_interfaces[interface].managed_service.map(|service| &self.managed_services[service])
    }

    /// The task of ECS that has an interface.
    pub fn ecs_task_of(&self, interface: Index<NetworkInterface>) -> Option<&EcsTask> {
        let tasks = &self.managed_service_of(interface)?.tasks;
        tasks.iter().find(|(own, _)| *own == interface).map(|(_, task)| task)
    }

    /// The service that manages an interface: as it was said, or as the type of the interface tells.
    pub fn service_kind_of(&self, interface: Index<NetworkInterface>) -> Option<&'static ManagedServiceKind> {
        let own = &self.network_interfaces[interface];
        match self.managed_service_of(interface) {
            Some(service) => Some(service.kind),
            None => own.interface_type.as_deref().and_then(ManagedServiceKind::of_type),
        }
    }

    /// Whether what an interface sends can have the address of somebody outside.
    pub fn preserves_client_ip(&self, interface: Index<NetworkInterface>) -> bool {
        self.managed_service_of(interface).is_some_and(|service| service.preserves_client_ip)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn services_are_told_apart() {
        for (position, kind) in MANAGED_SERVICES.iter().enumerate() {
            assert!(MANAGED_SERVICES[..position].iter().all(|other| other.name != kind.name), "{kind}");
            assert!(kind.name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{kind}");
            assert!(kind.source.starts_with("https://docs.aws.amazon.com/"), "{kind}");
            assert!(kind.ephemeral_ports.is_none() || kind.client().is_some(), "{kind}");
            let Described { interface_type, requester_id, description } = kind.interfaces;
            let example = [
                interface_type.unwrap_or("interface"),
                requester_id.unwrap_or("1"),
                description.unwrap_or(""),
            ];
            let [of_type, asked, said] = example;
            let own: Vec<_> =
                MANAGED_SERVICES.iter().filter(|other| other.is_described(of_type, asked, said)).collect();
            assert_eq!(own, [kind], "{example:?}");
        }
        assert!(!MANAGED_SERVICES.iter().any(|kind| kind.is_described("interface", "", "")));
    }
}
