//! What we assume where AWS's documentation is silent. Output that rests on an assumption names it.

/// A row of the table of assumptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assumption {
    /// Stable name, printed beside what rests on it.
    pub name: &'static str,
    /// What is assumed, and why.
    pub text: &'static str,
    /// The page that comes nearest.
    pub source: &'static str,
}

const RECORDS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html";
const LIMITS: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-limitations.html";
const EXAMPLES: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-records-examples.html";
const TRACKING: &str =
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html";
const NAT: &str = "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-troubleshooting.html#nat-gateway-troubleshooting-timeout";
const ANALYZER: &str = "https://docs.aws.amazon.com/vpc/latest/reachability/explanation-codes.html";
const EPHEMERAL: &str =
    "https://docs.aws.amazon.com/vpc/latest/userguide/custom-network-acl.html#nacl-ephemeral-ports";
const BALANCING: &str =
    "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html";
const LATTICE: &str =
    "https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html#managed-prefix-list";
const LINUX: &str = "https://docs.kernel.org/networking/ip-sysctl.html";

/// Every assumption.
pub static ASSUMPTIONS: &[Assumption] = &[
    Assumption {
        name: "linux-ephemeral-ports",
        text: "A client whose source port and system are not stated uses Linux's ephemeral range, 32768 to 60999 \
               (net.ipv4.ip_local_port_range).",
        source: EPHEMERAL,
    },
    Assumption {
        name: "syn-retries",
        text: "A SYN without an answer is repeated after 1, 3, 7, 15, 31 and 63 seconds (net.ipv4.tcp_syn_retries = 6, \
               first timeout 1 s, no linear timeouts) until the client's program gives up, after 10 s unless stated; \
               a server repeats its SYN-ACK for every SYN that reaches it.",
        source: LINUX,
    },
    Assumption {
        name: "exchange-volume",
        text: "An exchange that states no bursts is a handshake, one request, one response and an orderly close by \
               the client, with the packet sizes of Linux (SYN 40 bytes of TCP header, others 32) and a round trip \
               of 1 ms.",
        source: EXAMPLES,
    },
    Assumption {
        name: "retransmission",
        text: "In a simulated TCP connection the sender of a packet that is lost repeats it after 200, 400, 800 ms and so on, \
               at most every 120 s and 15 times (net.ipv4.tcp_retries2 = 15), and nothing else is sent meanwhile; when it \
               comes through, the rest follows, so much later as it took. A SYN that is answered at last opens the \
               connection. Stated bursts are sent as they are stated, whatever becomes of them.",
        source: LINUX,
    },
    Assumption {
        name: "connections-apart",
        text: "Each connection of a scenario is judged as if it were alone: one with the same ends and ports as an earlier one, \
               or the reverse of them, is not let pass by what is remembered of that, nor kept by it from being tracked or \
               not. A warning tells of them; with `bursts` both are one connection.",
        source: TRACKING,
    },
    Assumption {
        name: "released-address",
        text: "A public address that an event takes from whoever had it belongs to nobody afterwards, as an Elastic IP address \
               does: what is sent to it is dropped. One that AWS had assigned by itself may soon be somebody else's.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-ip-addressing.html",
    },
    Assumption {
        name: "health-checks",
        text: "Every node of a load balancer checks each target that it could send to, healthy or not, at the scenario's start \
               and then after every interval; AWS says that each node checks each target, and does not say whether in other \
               zones too where zones are not crossed. A service of VPC Lattice checks every target once an interval, from its \
               address, as AWS does not say how many of its hosts do. A check with HTTP or HTTPS, or with `SSL` of a Classic \
               Load Balancer, is a request and a response, one with TCP a handshake and a close. What takes no connections since \
               it drains or is not used is not checked.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
    },
    Assumption {
        name: "mirrored-datagrams",
        text: "A copy that a traffic mirror session sends is 50 bytes longer than the packet over IPv4 and 70 over IPv6: headers \
               of IP, UDP (8 bytes) and VXLAN (8), and the Ethernet header of the packet (14); AWS's advice on MTUs leaves room \
               for 4 more. It is sent when the packet is, cut to the session's length and to 9001 bytes, the MTU of a target \
               with jumbo frames, and whatever the bandwidth and the smaller MTU of a target or a way: 8500 bytes through a \
               transit gateway or to another Region; its source port, a hash, is one from 49152 to 65535. The network ACL of the source's subnet judges \
               it as anything that leaves the subnet, the target judges each by the rules of its time, and rules that name \
               a group of the source admit it. NTP, which is not mirrored, is that with the Amazon Time Sync Service.",
        source: "https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-packet-formats.html",
    },
    Assumption {
        name: "mirror-source-rules",
        text: "What security groups or network ACLs refuse at egress is not mirrored, as AWS said until 2023; since then it says \
               so of ingress alone. A packet that the filter of a session rejects may be copied by a later session of the source.",
        source: "https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-targets.html",
    },
    Assumption {
        name: "proxy-carries-same",
        text: "The connection that a load balancer or VPC Lattice opens to a target begins with the client's, carries as many packets and bytes, \
               and is its own; one that is opened later, because the client's was late or the target is one no more, carries what comes \
               from then on. Real ones serve several clients, and are shorter or longer by headers.",
        source: BALANCING,
    },
    Assumption {
        name: "proxy-idle",
        text: "A proxy keeps both of its connections however long they are idle. AWS closes them after 60 seconds at an \
               Application or Classic Load Balancer unless configured, and after 350 at a TLS listener; of VPC Lattice it limits \
               how long connections last.",
        source: BALANCING,
    },
    Assumption {
        name: "listener-idle",
        text: "Where the attributes of a listener of TCP or GENEVE were not collected, its flows are forgotten after 350 seconds \
               without a packet, as AWS has it unless it is changed: 60 to 6000 seconds can be configured.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/update-idle-timeout.html",
    },
    Assumption {
        name: "target-zones",
        text: "Targets by address outside the VPC of the load balancer are registered for all zones (`all`), so that every node \
               sends to them.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html",
    },
    Assumption {
        name: "no-listener-silent",
        text: "What is for a port on which a load balancer or a service of VPC Lattice does not listen, or listens no more, is not \
               answered, although \
               security groups let it in.",
        source: BALANCING,
    },
    Assumption {
        name: "listener-closes",
        text: "A Classic Load Balancer whose listener is deleted closes the connections of it, as AWS says of an Application Load \
               Balancer. By which packets they close AWS does not say, and none are shown: clients and targets that are \
               simulated send nothing more, and to requests that are stated nobody answers.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/delete-listener.html",
    },
    Assumption {
        name: "load-balancer-returns",
        text: "What a target answers to an address that a Network Load Balancer preserved returns to the node it came by, whatever \
               the routes of the target's subnet say; network ACLs judge it when both are in different subnets, with the \
               address of the client.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-target-group-attributes.html#client-ip-preservation",
    },
    Assumption {
        name: "load-balancer-public-addresses",
        text: "Nodes of an internet-facing load balancer for which no `public_ip` is stated have one of 192.0.2.0/24 (RFC 5737), \
               in the order of the file; AWS gives them one of its own.",
        source: BALANCING,
    },
    Assumption {
        name: "lattice-addresses",
        text: "Clients reach a service of VPC Lattice at an address of 169.254.171.0/24 or fd00:ec2:80::/64 that is its own, and \
               from there it connects to targets, from ports 1024 to 65535. AWS says that its addresses are those of its \
               managed prefix lists, names 169.254.171.0 as one of them, and not which a service has. \
               Those of a service that an event deletes are nobody's afterwards.",
        source: LATTICE,
    },
    Assumption {
        name: "lattice-tls-passthrough",
        text: "A `TLS_PASSTHROUGH` listener takes connections itself, since it has to read the name in the first message before it \
               knows the target, and opens others, which carry the same; where it reaches no target, it resets them.",
        source: "https://docs.aws.amazon.com/vpc-lattice/latest/ug/tls-listeners.html",
    },
    Assumption {
        name: "lattice-logged",
        text: "What clients and targets exchange with VPC Lattice is in flow logs, with its addresses: the list of what is not \
               logged does not name it.",
        source: LIMITS,
    },
    Assumption {
        name: "profile-pauses",
        text: "Connections of traffic profiles never pause for so long that security groups or NAT gateways forget them, and \
               go on as they were drawn when a change of the network cuts them.",
        source: TRACKING,
    },
    Assumption {
        name: "close-grace",
        text: "A TCP connection is over when both ends have sent FIN, or one RST, and what comes within a second of that \
               belongs to it still; later packets are judged as new ones: rejected unless a rule admits them. AWS says \
               that packets after the close can be rejected, not from when on.",
        source: RECORDS,
    },
    Assumption {
        name: "icmp-idle",
        text: "A security group remembers an ICMP flow for 600 seconds after its last packet, which is what AWS documents \
               for protocols other than TCP, UDP and ICMP.",
        source: TRACKING,
    },
    Assumption {
        name: "half-open-idle",
        text: "A TCP flow that was never answered is remembered as long as an established one.",
        source: TRACKING,
    },
    Assumption {
        name: "nitro-v6-families",
        text: "Instance families that are not in the table of Nitro v6, made from what is known of AWS's list by 2026, are \
               older: security groups remember their idle TCP connections for 5 days instead of 350 seconds.",
        source: TRACKING,
    },
    Assumption {
        name: "nat-reset-source",
        text: "The RST with which a NAT gateway answers what belongs to a connection that it has forgotten comes from the \
               address and port that the client had asked, and is seen at the NAT gateway's interface.",
        source: NAT,
    },
    Assumption {
        name: "acl-before-route",
        text: "A packet that both the network ACL and the route table would stop is rejected by the network ACL: the \
               order in which AWS's analyser prints them.",
        source: ANALYZER,
    },
    Assumption {
        name: "route-drop-accepted",
        text: "A packet that a route table or a gateway drops is logged as ACCEPT by the interface that sent it: \
               neither a security group nor a network ACL refused it.",
        source: RECORDS,
    },
    Assumption {
        name: "source-check-unlogged",
        text: "A packet that the source/destination check drops is in no record.",
        source: ANALYZER,
    },
    Assumption {
        name: "local-traffic-path",
        text: "Egress traffic to another interface of the VPC has traffic-path 1.",
        source: RECORDS,
    },
    Assumption {
        name: "nitro-traffic-path",
        text: "Egress traffic through an internet gateway has traffic-path 8 from Nitro instances and 2 from others, \
               as the page said in 2021.",
        source: RECORDS,
    },
    Assumption {
        name: "eigw-traffic-path",
        text: "Egress traffic through an egress-only internet gateway has traffic-path 8, as through an internet \
               gateway.",
        source: RECORDS,
    },
    Assumption {
        name: "rejected-traffic-path",
        text: "Egress traffic that was rejected, or dropped before it reached a gateway, has traffic-path `-`: it took \
               no path.",
        source: RECORDS,
    },
    Assumption {
        name: "tcp-flags-zero",
        text: "tcp-flags of protocols other than TCP is 0.",
        source: RECORDS,
    },
    Assumption {
        name: "secondary-egress-address",
        text: "Egress traffic from a secondary private address shows the primary one in srcaddr, as ingress traffic \
               to it does in dstaddr.",
        source: LIMITS,
    },
    Assumption {
        name: "ipv6-own-address",
        text: "Records of IPv6 traffic show the address of the packet, whichever of the interface's addresses it is.",
        source: RECORDS,
    },
    Assumption {
        name: "nodata-metadata",
        text: "NODATA and SKIPDATA records of custom formats keep what is known of the interface itself (account, VPC, \
               subnet, Region, zone); the instance and everything about traffic is `-`.",
        source: EXAMPLES,
    },
    Assumption {
        name: "ipv6-link-local-services",
        text: "The IPv6 twins of Amazon's link-local services (fd00:ec2::253, ::254, ::123) are exempt from rules and \
               not logged, as their IPv4 addresses are.",
        source: LIMITS,
    },
    Assumption {
        name: "ecs-metadata-logged",
        text: "ECS task metadata traffic is exempt from rules and does appear in flow logs, since the list of what is \
               not logged does not name it.",
        source: LIMITS,
    },
    Assumption {
        name: "dhcp-servers",
        text: "DHCP that no rule sees is that with the VPC itself: sent to everybody, to the default router or to a \
               link-local address. To any other address it is traffic like all other.",
        source: LIMITS,
    },
    Assumption {
        name: "mixed-rules-untracked",
        text: "A flow that matches both a rule for all addresses and a narrower one counts as matched by the rule for \
               all addresses.",
        source: TRACKING,
    },
    Assumption {
        name: "untracked-becomes-tracked",
        text: "A flow that is not tracked becomes so with the first packet that the rules admit when they would have a new flow \
               like it tracked; an answer that comes in counts, one that goes out does not. AWS says that without an open \
               egress rule all flows are tracked, and that what came in by a rule that is removed is interrupted at once.",
        source: TRACKING,
    },
    Assumption {
        name: "elastic-ip-hairpin",
        text: "A packet to the public address of an interface in the network leaves through the internet gateway and \
               comes back through it, without the identity of the sender's security groups.",
        source: ANALYZER,
    },
    Assumption {
        name: "udp-closed-port",
        text: "A datagram to a closed UDP port is not answered by UDP; the ICMP error that the host may send is not \
               simulated.",
        source: LINUX,
    },
    Assumption {
        name: "icmp-count",
        text: "An ICMP exchange that states no bursts is four echo requests, one a second, with 56 bytes of payload.",
        source: EXAMPLES,
    },
    Assumption {
        name: "aws-service-overlap",
        text: "An address in several published ranges shows the service of the longest prefix, and AMAZON only when \
               no other service has it.",
        source: RECORDS,
    },
    Assumption {
        name: "several-interfaces",
        text: "A host with several interfaces sends from its primary one unless an interface or an address is named, and \
               answers through the interface at which the request arrived.",
        source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html",
    },
    Assumption {
        name: "unattached-interface",
        text: "A network interface that names no instance, or one that was not collected, counts as attached to something \
               that sends and answers.",
        source: ANALYZER,
    },
    Assumption {
        name: "lambda-tracking",
        text: "What a function of Lambda opens is tracked whatever the rules by the security groups of its own interface, \
               through which it is opened; those of the far end follow their own rules.",
        source: TRACKING,
    },
    Assumption {
        name: "client-ip-returns",
        text: "What answers a packet that an EC2 Instance Connect Endpoint or Global Accelerator sent with the address of \
               its client returns to the interface that sent it, whatever the routes.",
        source: "https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoints.sipp-caveats.html",
    },
    Assumption {
        name: "accelerator-group",
        text: "A rule that names the security group of Global Accelerator's interfaces admits what comes by them, although \
               it has the address of its client, as AWS documents of EC2 Instance Connect Endpoints.",
        source: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/eice-security-groups.html",
    },
    Assumption {
        name: "encryption-status-endpoint",
        text: "Records show 2, encrypted by the application, of TCP 443 between an interface and an endpoint of a service \
               of AWS: whether the hardware encrypts it as well, which would be 3, AWS does not say. Of what is not known \
               to be encrypted or not they show `-`.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-encryption-controls.html",
    },
    Assumption {
        name: "instances-run",
        text: "An instance of which AWS's answers do not say the state runs.",
        source: ANALYZER,
    },
    Assumption {
        name: "local-routes",
        text: "Where route tables were not collected, packets within the VPC go by the local routes that every table has: \
               no more specific route leads them elsewhere.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html#route-table-routes",
    },
    Assumption {
        name: "endpoint-lists-public",
        text: "The prefix lists of AWS's services, to which routes of gateway endpoints lead, hold no private addresses, \
               so that such a route carries none even where the list's entries were not collected.",
        source: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    },
    Assumption {
        name: "peer-members-private",
        text: "The members of a group of another VPC have private addresses, or those of a VPC that was collected.",
        source: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
    },
    Assumption {
        name: "associated-group-members",
        text: "Where a rule names a group that is associated with several VPCs, its members in all of them are meant, over a \
               peering connection or transit gateway as those of any group of another VPC; AWS says that the same group is \
               used with interfaces in each, and nothing of rules that name it.",
        source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_AssociateSecurityGroupVpc.html",
    },
    Assumption {
        name: "peer-group-before-route",
        text: "An egress rule that names a group of a peered VPC is met by the private addresses of the group's members, \
               whichever way the route leads: security groups come before routes.",
        source: "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-security-groups.html",
    },
    Assumption {
        name: "flow-logs-not-collected",
        text: "Where flow logs were not collected, records are those that a flow log of all traffic in the default format \
               would write for each VPC.",
        source: RECORDS,
    },
    Assumption {
        name: "gateway-traffic-path",
        text: "Egress traffic to a gateway that is not simulated has traffic-path 1 for NAT and transit gateways, whose \
               interfaces are in the VPC, 3, 6 or 1 where the table says so, and `-` where it depends on more or the table \
               names no such gateway, as VPC Lattice.",
        source: RECORDS,
    },
    Assumption {
        name: "endpoint-dns-names",
        text: "The private DNS name of a service of AWS is made of the parts of its name in reverse, before the Region: \
               api.airflow.eu-west-1.amazonaws.com is com.amazonaws.eu-west-1.airflow.api. Where an answer of AWS or \
               `dns_names` has private names, those count, and of some services AWS documents others. Other names of the \
               Region that share a part with the service's may be its, so that they are `unknown`. The VPC asks Amazon's DNS, \
               with enableDnsSupport and enableDnsHostnames on.",
        source: "https://docs.aws.amazon.com/vpc/latest/privatelink/privatelink-access-aws-services.html",
    },
    Assumption {
        name: "service-addresses",
        text: "The public name of a service stands for an address in AWS's prefix list of it, where a list or a route has \
               one, and otherwise for an address of the internet that nothing in the network names; what a list that may have \
               the service's would decide is not known then. Clients outside the VPC of an endpoint ask public DNS, and no \
               endpoint that nobody told of has the name.",
        source: "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html",
    },
    Assumption {
        name: "service-ports",
        text: "A service of AWS takes connections at whatever TCP port is asked for. AWS documents 443 of nearly all, and 80 \
               of some, among them S3 and DynamoDB.",
        source: "https://docs.aws.amazon.com/general/latest/gr/rande.html",
    },
    Assumption {
        name: "peering-next-hop",
        text: "The next hop of what crosses a VPC peering connection within one Region is the interface of the peer, since \
               AWS says of cross-Region traffic alone that it has none.",
        source: LIMITS,
    },
    Assumption {
        name: "regional-nat-next-hop",
        text: "Of a regional NAT gateway as next hop records show the type, and no ids: its own records have none.",
        source: LIMITS,
    },
    Assumption {
        name: "tag-encoding",
        text: "Of the value of a tag everything but letters, digits, `-`, `.`, `_` and `~` is percent-encoded; an empty value \
               is shown as none.",
        source: RECORDS,
    },
    Assumption {
        name: "nodata-filtered",
        text: "A flow log of accepted or rejected traffic alone writes no NODATA for a window in which the interface had \
               only traffic of the other kind.",
        source: EXAMPLES,
    },
    Assumption {
        name: "nitro-by-default",
        text: "An instance whose type is not stated, or of a family that the tables do not know, is built on the Nitro System, as every family since 2018 is.",
        source: RECORDS,
    },
    Assumption {
        name: "bpa-requests-leave",
        text: "Where Block Public Access blocks ingress alone, what an instance sends by an internet gateway leaves, and only \
               the answer is stopped: AWS says that the connection fails, not at which packet.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/security-vpc-bpa-basics.html",
    },
    Assumption {
        name: "bpa-not-collected",
        text: "Where AWS's answers do not say whether VPC Block Public Access is on, it is off, as it is until somebody \
               switches it on.",
        source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_VpcBlockPublicAccessOptions.html",
    },
    Assumption {
        name: "nat-instance-ports",
        text: "A NAT instance keeps the client's source port, as Linux does while it is free; also where another client of it \
               has a connection from the same port to the same destination, for which Linux would take another.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_NAT_Instance.html",
    },
    Assumption {
        name: "nat-gateway-ports",
        text: "A NAT gateway chooses the source port by the connection: connections of a scenario have different ones, while \
               they are no more than 64512, whatever their destinations; connections of a traffic profile as well, while \
               their clients have different ports. Ports of stated connections and of profiles, and ports that are chosen \
               anew after a translation was forgotten, are not compared with each other.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    },
    Assumption {
        name: "nat-own-subnet",
        text: "A NAT gateway does not serve the interfaces of its own subnet: tests of others say so, and AWS places it in \
               another subnet than its clients.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html",
    },
    Assumption {
        name: "one-way-forwarding",
        text: "A host that forwards packets as they are does so even where it sees one direction of a flow alone. AWS asks for \
               both directions to go by the same appliance, since most remember flows.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/gateway-route-tables.html",
    },
    Assumption {
        name: "nat64-inner-face",
        text: "Toward its clients the network ACL and the records of a NAT gateway that makes IPv4 of IPv6 see the packets as \
               IPv6, with the client's address and the one of 64:ff9b::/96, though its interface has no IPv6 address.",
        source: "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-nat64-dns64.html",
    },
    Assumption {
        name: "transit-gateway-untracked",
        text: "Security groups do not track flows through a transit gateway unless their rules make them: attachments were \
               on AWS's list of what is always tracked in 2023, and are not now.",
        source: TRACKING,
    },
    Assumption {
        name: "transit-gateway-any-zone",
        text: "What comes to a transit gateway from another one or from a network on premises enters a VPC by any zone of \
               its attachment: it has none of its own to keep to.",
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-vpc-attachments.html",
    },
    Assumption {
        name: "transit-gateway-nested-blocks",
        text: "Attached VPCs of which one has a block inside the other's both propagate it: the guide says that the one \
               attached later does not where the blocks are identical, the API reference where they overlap.",
        source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateTransitGatewayVpcAttachment.html",
    },
    Assumption {
        name: "firewall-reset",
        text: "A request that AWS Network Firewall rejects is refused at once, so that the client sends one SYN. The RST that the \
               firewall sends has no record: AWS does not say which interfaces see it.",
        source: "https://docs.aws.amazon.com/network-firewall/latest/developerguide/rule-action.html",
    },
    Assumption {
        name: "inspected-unchanged",
        text: "What returns from the appliances behind a Gateway Load Balancer, of which it is said that they pass \
               everything, is what came to them: they change and translate nothing. The records of the endpoint's \
               interface are those of a middlebox.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/introduction.html",
    },
    Assumption {
        name: "geneve-datagrams",
        text: "The node of a Gateway Load Balancer sends the packets of a flow, both ways, from one port of those that RFC 8926 \
               recommends, each in a datagram with the options of AWS and thus 68 bytes longer. The appliance swaps its addresses \
               and keeps its ports, as the handler does that AWS publishes, so that security groups take what returns for a \
               flow of its own. Packets are never cut.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/target-groups.html",
    },
    Assumption {
        name: "endpoints-apart",
        text: "A Gateway Load Balancer knows flows by the endpoint at which they begin: what comes to another endpoint, even \
               of the same service and zone, is new to it.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html",
    },
    Assumption {
        name: "inspection-dual-stack",
        text: "Endpoints of Gateway Load Balancers and of Network Firewall to which IPv6 comes are dual-stack, and so is \
               what is behind them: their address type is not read.",
        source: "https://docs.aws.amazon.com/elasticloadbalancing/latest/gateway/gateway-load-balancers.html",
    },
    Assumption {
        name: "transit-gateway-records",
        text: "Transit gateway flow logs record a packet twice: at ingress with the attachment by which it comes, at \
               egress with the one by which it leaves, each with the other as its pair; the flow log of an attachment \
               has that one's records alone. Subnets, interfaces and zones are those of the gateway's own interfaces, \
               and there are none at attachments that are no VPC's.",
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html",
    },
    Assumption {
        name: "transit-gateway-lost-packets",
        text: "Packets that a transit gateway drops are in the record at ingress alone, without a pair, apart from those \
               it passes on, and `packets` counts them as well. An attachment without a route table has no route; a \
               route to one that is not available is a blackhole.",
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html",
    },
    Assumption {
        name: "transit-gateway-tcp-flags",
        text: "In transit gateway flow logs `tcp-flags` combines all flags of all packets, where AWS lists PSH, ACK and \
               URG beside the others, and is 0 where there was nothing but ACK, as AWS says.",
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html",
    },
    Assumption {
        name: "transit-gateway-nodata",
        text: "In transit gateway flow logs NODATA and SKIPDATA stand for windows of an attachment, from its first traffic \
               on, as they stand for windows of an interface in VPC flow logs.",
        source: "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-flow-logs.html",
    },
    Assumption {
        name: "traffic-profiles",
        text: "How often the programs of a traffic profile connect, how much they send and for how long: numbers of our \
               own, drawn by chance from a seed. What becomes of the connections follows from the rules.",
        source: EXAMPLES,
    },
    Assumption {
        name: "internet-addresses",
        text: "In traffic of profiles `internet` stands for public addresses drawn by chance, outside of blocks for \
               special purposes and of all that the network names. They may be somebody's, who has nothing to do with it.",
        source: "https://www.rfc-editor.org/rfc/rfc6890.html",
    },
    Assumption {
        name: "spread-windows",
        text: "With `window_phase: spread` the windows of an interface begin at a second that follows from its id: AWS \
               does not say where windows begin, and in its examples they are not aligned to minutes.",
        source: EXAMPLES,
    },
];

impl Assumption {
    /// The row called `name`.
    pub fn find(name: &str) -> Option<&'static Self> {
        ASSUMPTIONS.iter().find(|assumption| assumption.name == name)
    }
}
