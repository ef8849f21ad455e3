//! What services answer whose interfaces stand in VPCs.
//! AWS: <https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DBInstance.html> and its like.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::List;
use crate::input::aws::json::Text;

shapes! {
    DbInstance {
        #[serde(rename = "DBInstanceIdentifier")]
        db_instance_identifier: Text<'a>,
        #[serde(rename = "DBSubnetGroup")]
        db_subnet_group: Option<DbSubnetGroup<'a>>,
        vpc_security_groups: List<VpcSecurityGroup<'a>>,
        availability_zone: Option<Text<'a>>,
        secondary_availability_zone: Option<Text<'a>>,
        #[serde(rename = "MultiAZ")]
        multi_az: Option<bool>,
        endpoint: Option<ServiceEndpoint<'a>>,
    }
    DbSubnetGroup { subnets: List<DbSubnet<'a>> }
    DbSubnet { subnet_identifier: Option<Text<'a>> }
    VpcSecurityGroup { vpc_security_group_id: Option<Text<'a>> }
    ServiceEndpoint { port: Option<i64> }
    DbCluster {
        #[serde(rename = "DBClusterIdentifier")]
        db_cluster_identifier: Text<'a>,
        #[serde(rename = "DBClusterMembers")]
        db_cluster_members: List<DbClusterMember<'a>>,
        port: Option<i64>,
    }
    DbClusterMember {
        #[serde(rename = "DBInstanceIdentifier")]
        db_instance_identifier: Option<Text<'a>>,
    }
    CacheCluster {
        cache_cluster_id: Text<'a>,
        cache_nodes: List<CacheNode<'a>>,
        configuration_endpoint: Option<ServiceEndpoint<'a>>,
    }
    CacheNode { endpoint: Option<ServiceEndpoint<'a>> }
    ReplicationGroup { replication_group_id: Text<'a>, member_clusters: List<Text<'a>> }
    RedshiftCluster {
        cluster_identifier: Option<Text<'a>>,
        vpc_id: Option<Text<'a>>,
        endpoint: Option<ServiceEndpoint<'a>>,
        cluster_nodes: List<ClusterNode<'a>>,
    }
    ClusterNode {
        #[serde(rename = "PrivateIPAddress")]
        private_ip_address: Option<Text<'a>>,
    }
    MountTarget { file_system_id: Text<'a>, network_interface_id: Option<Text<'a>> }
    SearchDomain {
        domain_name: Text<'a>,
        #[serde(rename = "VPCOptions")]
        vpc_options: Option<VpcConfig<'a>>,
    }
    Function { function_name: Option<Text<'a>>, vpc_config: Option<VpcConfig<'a>> }
    VpcConfig { subnet_ids: List<Text<'a>>, security_group_ids: List<Text<'a>> }
    InstanceConnectEndpoint {
        instance_connect_endpoint_id: Text<'a>,
        network_interface_ids: List<Text<'a>>,
        preserve_client_ip: Option<bool>,
    }
    Workspace { workspace_id: Option<Text<'a>>, subnet_id: Option<Text<'a>>, ip_address: Option<Text<'a>> }
    /// ECS writes its members small.
    EcsTask {
        #[serde(rename = "taskArn")]
        task_arn: Option<Text<'a>>,
        #[serde(rename = "clusterArn")]
        cluster_arn: Option<Text<'a>>,
        #[serde(rename = "containerInstanceArn")]
        container_instance_arn: Option<Text<'a>>,
        #[serde(rename = "taskDefinitionArn")]
        task_definition_arn: Option<Text<'a>>,
        #[serde(rename = "group")]
        group: Option<Text<'a>>,
        #[serde(rename = "attachments")]
        attachments: List<TaskAttachment<'a>>,
        #[serde(rename = "containers")]
        containers: List<TaskContainer<'a>>,
    }
    TaskAttachment {
        #[serde(rename = "details")]
        details: List<TaskDetail<'a>>,
    }
    TaskDetail {
        #[serde(rename = "name")]
        name: Option<Text<'a>>,
        #[serde(rename = "value")]
        value: Option<Text<'a>>,
    }
    TaskContainer {
        #[serde(rename = "runtimeId")]
        runtime_id: Option<Text<'a>>,
    }
}
