"""The network of `network.yaml`, made through the EC2 API.

Everything gets the name it has there. `Built.ids` maps names to what the API chose: ids, and under
`NAME-ipv6`, `NAME-public-ip` and `NAME-zone` blocks, addresses and zones.

moto differs from AWS in places; what is avoided here for that reason is said where it is avoided.
"""

import ipaddress

REGION = "eu-west-1"
BUCKET = "lab-flow-logs"
NAT_GATEWAY_ADDRESS = "10.20.1.200"
ANYWHERE = [{"CidrIp": "0.0.0.0/0"}]
ANYWHERE_V6 = [{"CidrIpv6": "::/0"}]


class Built:
    def __init__(self, ec2):
        self.ec2 = ec2
        self.ids = {}

    def tags(self, kind, name):
        return [{"ResourceType": kind, "Tags": [{"Key": "Name", "Value": name}]}]

    def keep(self, name, value):
        assert name not in self.ids, f"two resources are called {name}"
        self.ids[name] = value
        return value

    # Places

    def vpc(self, name, block, ipv6=False):
        made = self.ec2.create_vpc(
            CidrBlock=block, AmazonProvidedIpv6CidrBlock=ipv6, TagSpecifications=self.tags("vpc", name)
        )["Vpc"]
        vpc = self.keep(name, made["VpcId"])
        if ipv6:
            described = self.ec2.describe_vpcs(VpcIds=[vpc])["Vpcs"][0]
            self.keep(f"{name}-ipv6", described["Ipv6CidrBlockAssociationSet"][0]["Ipv6CidrBlock"])
        filters = [{"Name": "vpc-id", "Values": [vpc]}]
        group = self.ec2.describe_security_groups(Filters=filters)["SecurityGroups"][0]
        self.keep(f"{name}-default-group", group["GroupId"])
        table = self.ec2.describe_route_tables(Filters=filters)["RouteTables"][0]
        self.keep(f"{name}-main-table", table["RouteTableId"])
        acl = self.ec2.describe_network_acls(Filters=filters)["NetworkAcls"][0]
        self.keep(f"{name}-default-acl", acl["NetworkAclId"])
        if ipv6:
            # AWS adds these by itself, moto does not.
            for is_egress in (False, True):
                self.ec2.create_network_acl_entry(
                    NetworkAclId=acl["NetworkAclId"],
                    RuleNumber=101,
                    Protocol="-1",
                    RuleAction="allow",
                    Egress=is_egress,
                    Ipv6CidrBlock="::/0",
                )
        return vpc

    def subnet(self, name, vpc, block, zone, ipv6_of=None, ipv6_number=0):
        extra = {}
        if ipv6_of:
            whole = ipaddress.ip_network(self.ids[f"{ipv6_of}-ipv6"])
            block_v6 = list(whole.subnets(new_prefix=64))[ipv6_number]
            extra["Ipv6CidrBlock"] = self.keep(f"{name}-ipv6", str(block_v6))
        made = self.ec2.create_subnet(
            VpcId=self.ids[vpc],
            CidrBlock=block,
            AvailabilityZone=REGION + zone,
            TagSpecifications=self.tags("subnet", name),
            **extra,
        )["Subnet"]
        self.keep(f"{name}-zone", made["AvailabilityZoneId"])
        return self.keep(name, made["SubnetId"])

    def route_table(self, name, vpc, subnets, routes):
        made = self.ec2.create_route_table(VpcId=self.ids[vpc], TagSpecifications=self.tags("route-table", name))
        table = self.keep(name, made["RouteTable"]["RouteTableId"])
        for subnet in subnets:
            self.ec2.associate_route_table(RouteTableId=table, SubnetId=self.ids[subnet])
        for route in routes:
            self.ec2.create_route(RouteTableId=table, **route)
        return table

    # Filters

    def network_acl(self, name, vpc, subnets, ingress, egress):
        made = self.ec2.create_network_acl(VpcId=self.ids[vpc], TagSpecifications=self.tags("network-acl", name))
        acl = self.keep(name, made["NetworkAcl"]["NetworkAclId"])
        # No entry is about ICMP: moto does not return its type and code.
        for is_egress, entries in ((False, ingress), (True, egress)):
            for number, action, protocol, ports, block in entries:
                entry = {"Ipv6CidrBlock" if ":" in block else "CidrBlock": block}
                if ports:
                    entry["PortRange"] = {"From": ports[0], "To": ports[1]}
                self.ec2.create_network_acl_entry(
                    NetworkAclId=acl,
                    RuleNumber=number,
                    Protocol=protocol,
                    RuleAction=action,
                    Egress=is_egress,
                    **entry,
                )
        wanted = {self.ids[subnet] for subnet in subnets}
        for other in self.ec2.describe_network_acls()["NetworkAcls"]:
            for association in other["Associations"]:
                if association["SubnetId"] in wanted:
                    self.ec2.replace_network_acl_association(
                        AssociationId=association["NetworkAclAssociationId"], NetworkAclId=acl
                    )
        return acl

    def security_group(self, name, vpc):
        made = self.ec2.create_security_group(
            GroupName=name,
            Description=f"{name} of the lab",
            VpcId=self.ids[vpc],
            TagSpecifications=self.tags("security-group", name),
        )
        return self.keep(name, made["GroupId"])

    def allow_ingress(self, group, *permissions):
        self.ec2.authorize_security_group_ingress(GroupId=self.ids[group], IpPermissions=list(permissions))

    def allow_egress(self, group, *permissions):
        self.ec2.authorize_security_group_egress(GroupId=self.ids[group], IpPermissions=list(permissions))

    def revoke_default_egress(self, group):
        everything = self.ec2.describe_security_groups(GroupIds=[self.ids[group]])["SecurityGroups"][0]
        self.ec2.revoke_security_group_egress(
            GroupId=self.ids[group], IpPermissions=everything["IpPermissionsEgress"]
        )

    def prefix_list(self, name, blocks):
        made = self.ec2.create_managed_prefix_list(
            PrefixListName=name,
            MaxEntries=len(blocks),
            AddressFamily="IPv4",
            Entries=[{"Cidr": block} for block in blocks],
            TagSpecifications=self.tags("prefix-list", name),
        )
        return self.keep(name, made["PrefixList"]["PrefixListId"])

    # Hosts

    def interface(self, name, subnet, groups, address, secondary=(), ipv6_of=None):
        """An interface whose host number in the IPv6 block is that in the IPv4 block."""
        addresses = [{"PrivateIpAddress": address, "Primary": True}]
        addresses += [{"PrivateIpAddress": other, "Primary": False} for other in secondary]
        extra = {}
        if ipv6_of:
            host = int(address.rsplit(".", 1)[1])
            own = ipaddress.ip_network(self.ids[f"{ipv6_of}-ipv6"])[host]
            extra["Ipv6Addresses"] = [{"Ipv6Address": self.keep(f"{name}-ipv6", str(own))}]
        made = self.ec2.create_network_interface(
            SubnetId=self.ids[subnet],
            Groups=[self.ids[group] for group in groups],
            PrivateIpAddresses=addresses,
            TagSpecifications=self.tags("network-interface", name),
            **extra,
        )
        return self.keep(name, made["NetworkInterface"]["NetworkInterfaceId"])

    def instance(self, name, kind, subnet, groups, address, public_ip=None, **of_interface):
        eni = self.interface(f"{name}-eni", subnet, groups, address, **of_interface)
        made = self.ec2.run_instances(
            ImageId="ami-12c6146b",
            InstanceType=kind,
            MinCount=1,
            MaxCount=1,
            NetworkInterfaces=[{"NetworkInterfaceId": eni, "DeviceIndex": 0}],
            TagSpecifications=self.tags("instance", name),
        )
        instance = self.keep(name, made["Instances"][0]["InstanceId"])
        if public_ip:
            self.ec2.associate_address(AllocationId=self.elastic_ip(name, public_ip), NetworkInterfaceId=eni)
        return instance

    def elastic_ip(self, name, address):
        """Named, since moto would choose a loopback address."""
        self.keep(f"{name}-public-ip", address)
        return self.ec2.allocate_address(Domain="vpc", Address=address)["AllocationId"]

    def attach(self, interface, instance):
        self.ec2.attach_network_interface(
            NetworkInterfaceId=self.ids[interface], InstanceId=self.ids[instance], DeviceIndex=1
        )

    # Watching

    def flow_log(self, name, kind, resource, traffic, interval, log_format):
        made = self.ec2.create_flow_logs(
            ResourceType=kind,
            ResourceIds=[self.ids[resource]],
            TrafficType=traffic,
            LogDestinationType="s3",
            LogDestination=f"arn:aws:s3:::{BUCKET}",
            MaxAggregationInterval=interval,
            TagSpecifications=self.tags("vpc-flow-log", name),
            **({"LogFormat": log_format} if log_format else {}),
        )
        assert not made["Unsuccessful"], made["Unsuccessful"]
        return self.keep(name, made["FlowLogIds"][0])


def tcp(first, last=None, **far_side):
    return {"IpProtocol": "tcp", "FromPort": first, "ToPort": last or first, **far_side}


def udp(port, **far_side):
    return {"IpProtocol": "udp", "FromPort": port, "ToPort": port, **far_side}


def block(cidr):
    return {"IpRanges": [{"CidrIp": cidr}]}


def group(ids, name):
    return {"UserIdGroupPairs": [{"GroupId": ids[name]}]}


def lab(ec2, public="54.220.0"):
    """Two VPCs, one with IPv6; one way out for each family, private and public subnets, ACLs and groups. Elastic IPs
    begin with `public`."""
    built = Built(ec2)
    ids = built.ids
    built.vpc("lab", "10.20.0.0/16", ipv6=True)
    built.vpc("other", "10.30.0.0/16")
    built.subnet("public", "lab", "10.20.1.0/24", "a", ipv6_of="lab", ipv6_number=1)
    built.subnet("private", "lab", "10.20.2.0/24", "b", ipv6_of="lab", ipv6_number=2)
    built.subnet("data", "lab", "10.20.3.0/24", "b")
    built.subnet("apart", "other", "10.30.1.0/24", "a")

    igw = ec2.create_internet_gateway(TagSpecifications=built.tags("internet-gateway", "igw"))
    built.keep("igw", igw["InternetGateway"]["InternetGatewayId"])
    ec2.attach_internet_gateway(InternetGatewayId=ids["igw"], VpcId=ids["lab"])
    eigw = ec2.create_egress_only_internet_gateway(
        VpcId=ids["lab"], TagSpecifications=built.tags("egress-only-internet-gateway", "eigw")
    )
    built.keep("eigw", eigw["EgressOnlyInternetGateway"]["EgressOnlyInternetGatewayId"])
    built.prefix_list("offices", ["198.51.100.0/25", "203.0.113.0/24"])

    built.route_table(
        "public-table",
        "lab",
        ["public"],
        [
            {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": ids["igw"]},
            {"DestinationIpv6CidrBlock": "::/0", "GatewayId": ids["igw"]},
        ],
    )
    # Without `data`, which uses the main table.
    built.route_table(
        "private-table",
        "lab",
        ["private"],
        [{"DestinationIpv6CidrBlock": "::/0", "EgressOnlyInternetGatewayId": ids["eigw"]}],
    )

    built.network_acl(
        "public-acl",
        "lab",
        ["public"],
        ingress=[
            (300, "allow", "-1", None, "10.20.0.0/16"),  # out of order on purpose
            (100, "allow", "6", (443, 443), "0.0.0.0/0"),
            (110, "allow", "6", (443, 443), "::/0"),
            (120, "allow", "6", (22, 22), "203.0.113.0/24"),
            (130, "deny", "6", (22, 22), "198.51.100.0/24"),
            (140, "allow", "6", (0, 65535), "198.51.100.0/24"),
            (150, "allow", "6", (32768, 65535), "0.0.0.0/0"),
            (160, "allow", "6", (32768, 65535), "::/0"),
        ],
        egress=[
            (100, "allow", "6", (32768, 60999), "0.0.0.0/0"),
            (110, "allow", "6", (32768, 50000), "::/0"),
            (120, "allow", "6", (443, 443), "0.0.0.0/0"),
            (130, "allow", "6", (443, 443), "::/0"),
            (140, "allow", "17", (53, 53), "0.0.0.0/0"),
            (300, "allow", "-1", None, "10.20.0.0/16"),
        ],
    )
    built.network_acl(
        "data-acl",
        "lab",
        ["data"],
        ingress=[
            (100, "allow", "6", (5432, 5432), "10.20.2.0/24"),
            (110, "deny", "6", (6379, 6379), "10.20.2.128/25"),
            (120, "allow", "6", (6379, 6380), "10.20.2.0/24"),
            (130, "allow", "17", (514, 514), "10.20.0.0/16"),
            (140, "allow", "6", (8080, 8080), "10.20.1.0/24"),
        ],
        egress=[
            (90, "deny", "6", (32768, 60999), "10.20.2.200/32"),
            (100, "allow", "6", (32768, 60999), "10.20.2.0/24"),
            (110, "allow", "6", (8080, 8090), "10.20.2.0/24"),
        ],
    )

    for name in ("bastion-group", "web-group", "app-group", "db-group"):
        built.security_group(name, "lab")
    built.allow_ingress("bastion-group", tcp(22, PrefixListIds=[{"PrefixListId": ids["offices"]}]))
    built.allow_ingress(
        "web-group",
        tcp(443, IpRanges=ANYWHERE, Ipv6Ranges=ANYWHERE_V6),
        tcp(22, **group(ids, "bastion-group")),
        {"IpProtocol": "icmp", "FromPort": 8, "ToPort": -1, **block("10.20.0.0/16")},
    )
    built.allow_ingress(
        "app-group",
        {"IpProtocol": "-1", **group(ids, "app-group")},
        tcp(8080, 8090, **group(ids, "web-group")),
        udp(514, **block("10.20.0.0/16")),
        {"IpProtocol": "47", "FromPort": -1, "ToPort": -1, **block("10.20.1.0/24")},  # moto wants ports
    )
    built.allow_ingress(
        "db-group",
        tcp(5432, **group(ids, "app-group")),
        tcp(6379, 6380, **block("10.20.2.0/24")),
        tcp(8080, **block("10.20.1.0/24")),
        udp(514, **block("10.20.0.0/16")),
    )
    built.revoke_default_egress("db-group")
    built.allow_egress("db-group", tcp(8080, 8085, **group(ids, "app-group")))
    # moto's default groups admit nothing, AWS's their own members.
    built.allow_ingress("other-default-group", {"IpProtocol": "-1", **group(ids, "other-default-group")})

    built.instance("bastion", "t2.micro", "public", ["bastion-group"], "10.20.1.10", public_ip=f"{public}.10")
    built.instance(
        "web",
        "t3.micro",
        "public",
        ["web-group", "app-group"],
        "10.20.1.20",
        public_ip=f"{public}.20",
        ipv6_of="public",
    )
    built.instance("hidden", "t3.micro", "public", ["web-group"], "10.20.1.30")
    built.instance(
        "app1", "m5.large", "private", ["app-group"], "10.20.2.10", secondary=["10.20.2.11"], ipv6_of="private"
    )
    built.instance("app2", "m5.large", "private", ["app-group"], "10.20.2.140")
    built.instance("app3", "m4.large", "private", ["app-group"], "10.20.2.200")
    built.instance("db", "r5.large", "data", ["db-group"], "10.20.3.10")
    built.interface("db-admin", "private", ["bastion-group"], "10.20.2.50")
    built.attach("db-admin", "db")
    built.instance("apart1", "t3.micro", "apart", ["other-default-group"], "10.30.1.10")
    built.instance("apart2", "t3.micro", "apart", ["other-default-group"], "10.30.1.20")
    ec2.modify_network_interface_attribute(
        NetworkInterfaceId=ids["app2-eni"], SourceDestCheck={"Value": False}
    )

    built.flow_log(
        "lab-log",
        "VPC",
        "lab",
        "ALL",
        60,
        "${version} ${vpc-id} ${subnet-id} ${instance-id} ${interface-id} ${az-id} ${flow-direction} "
        "${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${tcp-flags} ${action} ${log-status}",
    )
    built.flow_log("data-log", "Subnet", "data", "REJECT", 600, None)
    return built


def lab_with_neighbours(ec2):
    """The same, with a NAT gateway and a peering connection."""
    built = lab(ec2, public="54.220.1")
    ids = built.ids
    nat = ec2.create_nat_gateway(
        SubnetId=ids["public"],
        AllocationId=built.elastic_ip("nat", "54.220.1.30"),
        TagSpecifications=built.tags("natgateway", "nat"),
    )
    built.keep("nat", nat["NatGateway"]["NatGatewayId"])
    addresses = ec2.describe_nat_gateways(NatGatewayIds=[ids["nat"]])["NatGateways"][0]["NatGatewayAddresses"]
    built.keep("nat-interface", addresses[0]["NetworkInterfaceId"])
    peering = ec2.create_vpc_peering_connection(
        VpcId=ids["lab"],
        PeerVpcId=ids["other"],
        TagSpecifications=built.tags("vpc-peering-connection", "peering"),
    )
    built.keep("peering", peering["VpcPeeringConnection"]["VpcPeeringConnectionId"])
    ec2.accept_vpc_peering_connection(VpcPeeringConnectionId=ids["peering"])
    ec2.create_route(
        RouteTableId=ids["private-table"], DestinationCidrBlock="0.0.0.0/0", NatGatewayId=ids["nat"]
    )
    for table, to in (("private-table", "10.30.0.0/16"), ("other-main-table", "10.20.0.0/16")):
        ec2.create_route(
            RouteTableId=ids[table], DestinationCidrBlock=to, VpcPeeringConnectionId=ids["peering"]
        )
    return built


NETWORKS = {"lab": lab, "lab-with-neighbours": lab_with_neighbours}
