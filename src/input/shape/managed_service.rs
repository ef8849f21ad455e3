//! Resources of services whose interfaces AWS manages.

use super::transit_gateway::ATTACHED_SUBNET;
use super::value_kind::{BOOLEAN, MANAGED_SERVICE_KIND, PORT, REFERENCE, TEXT};
use super::{IDENTITY, Item, KeyRule, Kind, NAMED, Shape, optional, required, short_or_long, value, values};

pub(in crate::input) static MANAGED_SERVICE: Shape = Shape {
    name: "managed-service",
    owner: "a resource of a service",
    doc: "A database, a function, a file system: what stands in a VPC by interfaces that AWS manages. Connections begin and \
          end at it by its name, before which its service may stand: `rds:orders`.",
    keys: &[
        IDENTITY,
        &[
            required("service", value(&MANAGED_SERVICE_KIND), "Which service it is of."),
            optional(
                "subnets",
                short_or_long(&REFERENCE, &ATTACHED_SUBNET),
                "The subnets in which it stands, each with an interface; functions of Lambda with the same subnet and security \
                 groups share theirs.",
                "Its interfaces are in `network_interfaces`.",
            ),
            optional(
                "security_groups",
                values(&REFERENCE),
                "The security groups of these interfaces.",
                "The VPC's default security group; of Global Accelerator the group that it makes, `GlobalAccelerator`.",
            ),
            optional(
                "network_interfaces",
                values(&REFERENCE),
                "Its interfaces, where they are written as such.",
                "Those in its subnets.",
            ),
            optional(
                "port",
                value(&PORT),
                "The TCP port at which it takes connections; what asks at another is `unknown`.",
                "That of the service: 2049 of EFS, 5439 of Redshift, 443 of OpenSearch; of others any.",
            ),
            optional(
                "preserve_client_ip",
                value(&BOOLEAN),
                "Of eice and global-accelerator: whether what it sends has the address of its client, `source_address` or \
                 somebody's on the internet.",
                "`false` of eice, `true` of global-accelerator.",
            ),
            optional(
                "tasks",
                Kind::Items(Item::Map(&ECS_TASK)),
                "Of ecs: its tasks, one for each interface in their order, or what all have in common.",
                "The fields `ecs-*` of its records are `-`.",
            ),
        ],
    ],
    rules: &[NAMED, KeyRule::AnyOf(&["subnets", "network_interfaces"])],
    open: false,
};

pub(in crate::input) static ECS_TASK: Shape = Shape {
    name: "ecs-task",
    owner: "a task",
    doc: "A task of ECS, as the fields `ecs-*` of records show it. An ARN can stand for every name of which one is made.",
    keys: &[&[
        optional("cluster", value(&TEXT), "The cluster.", "`default`."),
        optional("service_name", value(&TEXT), "The service that started it.", "None did."),
        optional(
            "task_definition",
            value(&TEXT),
            "Family and revision of its task definition, as `web:3`.",
            "Its field is `-`.",
        ),
        optional("task", value(&TEXT), "Its id.", "Made from its interface, always the same."),
        optional(
            "container_instance",
            value(&TEXT),
            "The id of its container instance.",
            "None: it runs on Fargate.",
        ),
        optional(
            "containers",
            values(&TEXT),
            "The runtime ids of its containers, in the order in which ECS tells them; records show two.",
            "One, whose id is made from the task's.",
        ),
    ]],
    rules: &[],
    open: false,
};
