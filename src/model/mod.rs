//! What exists, under AWS's names.
//!
//! [`inventory`] holds resources as they were read, references still ids. [`Network::resolve`] turns it into a
//! [`Network`]: indexed, sorted, valid by construction.

pub mod inventory;

mod address_index;
mod arena;
mod assumption;
mod block_public_access;
mod border;
mod buckets;
mod by_name;
mod card;
mod connection;
mod connection_tracking;
mod customer_network;
mod encryption_control;
mod ends;
mod exchange;
mod flow_log;
mod gateway;
mod identity;
mod instance;
mod keyed;
mod kind;
mod lanes;
mod managed_service;
mod network;
mod network_acl;
mod network_firewall;
mod network_interface;
mod outcome;
mod port_choice;
mod probe;
mod profile;
mod profiled;
mod reserved;
mod resolve;
mod route_table;
mod rows;
mod rule_list;
mod scope;
mod screen;
mod security_group;
mod tags;
mod traffic_mirror;
mod usage;
mod vantage;

pub(crate) use address_index::AddressIndex;
pub use address_index::Stray;
pub use arena::{Arena, Index};
pub use assumption::{ASSUMPTIONS, Assumption};
pub use block_public_access::{BlockExclusion, BlockMode};
pub(crate) use border::Border;
pub(crate) use card::Card;
pub use connection::{Connection, Endpoint, Icmp, NameDoubt, Request, Traffic};
pub use connection_tracking::{ConnectionTracking, ConnectionTrackingConfiguration, IdleTimeout};
pub use customer_network::CustomerNetwork;
pub use encryption_control::{ENCRYPTING_FAMILIES, EncryptionMode, encrypts_in_transit};
pub(crate) use ends::{Ends, NamedEnd};
pub use exchange::{Burst, EPHEMERAL_PORTS, EphemeralPorts, Exchange, LegKind, SeenFlags, TcpFlags};
pub use flow_log::{FlowLog, FlowLogKind, FlowLogResource, RecordTimes, Skip, TrafficType, WindowPhase};
pub use gateway::{
    Association, AttachedResource, Availability, CUSTOMER_ATTACHMENTS, Checked, Checker, CustomerAttachment,
    GATEWAY_KINDS, GENEVE_PORT, Gateway, GatewayEndpoint, GatewayForm, GatewayKind, GatewayKindEntry,
    GatewayLoadBalancerEndpoint, HEALTH_CHECK_OF, HealthCheck, HealthCheckProtocol, Inspection,
    InterfaceEndpoint, LatticeAccess, LatticeAssociation, LatticeListener, LatticeProtocol, LatticeService,
    ListenerProtocol, ListenerRule, LoadBalancer, LoadBalancerListener, LoadBalancerType, NatGateway,
    PeeringSide, ServiceNetworkPart, Target, TargetGroup, TargetHealth, TargetType, TransitGateway,
    TransitGatewayAttachment, TransitGatewayRoute, TransitGatewayRouteTable, UsedTargets,
    VpcPeeringConnection, zone_of,
};
pub(crate) use gateway::{is_endpoints_own, lattice_block, may_be_private_dns_name, private_dns_names};
pub use identity::Identity;
pub(crate) use identity::{looks_like_id, said, stable_hash};
pub use instance::{
    ClosedPorts, Instance, Listener, NITRO_FAMILIES, NITRO_V6_FAMILIES, XEN_FAMILIES, is_known, is_nitro,
    is_nitro_v6,
};
pub(crate) use keyed::KeyedMap;
#[cfg(feature = "json")]
pub(crate) use keyed::KeyedSet;
pub use kind::{KINDS, Kind, KindEntry};
pub(crate) use managed_service::is_called;
pub use managed_service::{
    ACCELERATOR_GROUP, Described, EcsTask, EcsTaskNames, MANAGED_SERVICES, ManagedService,
    ManagedServiceKind, Standing,
};
pub use network::{Network, Subnet, Vpc};
pub use network_acl::{NetworkAcl, NetworkAclEntry, RuleAction, RuleNumber};
pub use network_firewall::{
    FirewallPolicy, FirewallRule, Judgement, NetworkFirewall, RuleOrder, StatefulAction, StatefulDefault,
    StatefulRule, StatelessAction, StatelessRule, StreamExceptionPolicy,
};
pub use network_interface::{Conduct, Forwarding, NetworkInterface, PrivateAddress, UNKNOWN_ACCOUNT};
pub use outcome::{Expectation, Outcome, Symptom, Tracking};
pub(crate) use port_choice::{choose_apart, chosen_port, pick_source_port, port_choice};
pub(crate) use probe::Probe;
pub use profile::{COURSES, Course, Distribution, PROFILES, Pace, Profile, Session};
pub use profiled::{Habits, ProfiledTraffic};
pub(crate) use reserved::is_never_forwarded;
pub use reserved::{RESERVED, ReservedTraffic};
pub(crate) use resolve::{is_public_dns_name, is_public_service};
pub use route_table::{Lookup, Route, RouteOrigin, RouteTable, RouteTarget};
pub use rule_list::RuleList;
pub use scope::{SCOPE, ScopeEntry};
pub use security_group::{Peer, SecurityGroup, SecurityGroupRule};
pub use tags::{TagFieldSpecification, TaggedResource, Tags};
pub use traffic_mirror::{
    MirrorAction, MirroredBy, TrafficMirrorFilter, TrafficMirrorFilterRule, TrafficMirrorSession, VXLAN_PORT,
    can_be_mirrored,
};
pub use usage::{Usage, UsageRow};
pub use vantage::{Attached, Vantage};
