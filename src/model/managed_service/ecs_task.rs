//! What flow logs show of a task of ECS.
//! AWS: <https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html>, `ecs-*`; the form of ARNs:
//! <https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-account-settings.html#ecs-resource-ids>

use std::fmt::Write as _;

use crate::model::stable_hash;

/// A task, as its fields of records show it. What it does not have is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EcsTask {
    /// The ARN of the cluster.
    pub cluster_arn: Option<String>,
    /// Its name.
    pub cluster_name: Option<String>,
    /// The ARN of the container instance; none on Fargate.
    pub container_instance_arn: Option<String>,
    /// Its id.
    pub container_instance_id: Option<String>,
    /// The runtime id of the first container.
    pub container_id: Option<String>,
    /// That of the second.
    pub second_container_id: Option<String>,
    /// The service that started the task.
    pub service_name: Option<String>,
    /// The ARN of the task definition.
    pub task_definition_arn: Option<String>,
    /// The ARN of the task.
    pub task_arn: Option<String>,
    /// Its id.
    pub task_id: Option<String>,
}

/// The names of a task, of which ARNs are made; an ARN can stand for any of them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EcsTaskNames {
    /// The cluster.
    pub cluster: Option<String>,
    /// The service that started it.
    pub service_name: Option<String>,
    /// Family and revision of its task definition: `web:3`.
    pub task_definition: Option<String>,
    /// Its id; made from the name of its interface when left out.
    pub task: Option<String>,
    /// The container instance; none on Fargate.
    pub container_instance: Option<String>,
    /// Runtime ids of its containers, as ECS tells them.
    pub containers: Vec<String>,
}

impl EcsTaskNames {
    /// Whether ECS gives such names: letters, digits, `-` and `_`, and in ARNs and task definitions `:`, `/` and `.`.
    /// AWS: <https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateCluster.html>
    pub fn is_name(name: &str) -> bool {
        let is_known = |letter: char| letter.is_ascii_alphanumeric() || "-_:/.".contains(letter);
        !name.is_empty() && name.len() <= 2048 && name.chars().all(is_known)
    }

    /// The task that has these names, in `region` and `account`, behind the interface `interface`.
    pub fn task(&self, region: &str, account: &str, interface: &str) -> EcsTask {
        let cluster = self.cluster.as_deref().unwrap_or("default");
        let arn = |resource: &str, path: &str| {
            let partition = partition(region);
            format!("arn:{partition}:ecs:{region}:{account}:{resource}/{path}")
        };
        let whole = |name: &str, resource: &str, path: String| {
            if name.starts_with("arn:") { name.to_owned() } else { arn(resource, &path) }
        };
        let short = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
        let cluster_name = short(cluster);
        let within = |name: &str| format!("{cluster_name}/{name}");
        let task = self.task.clone().unwrap_or_else(|| hexadecimal(&["ecs-task", interface]));
        let containers = match self.containers.as_slice() {
            // Of containers that are not stated there is one at least.
            [] => vec![hexadecimal(&["ecs-container", &task]) + &hexadecimal(&["docker", &task])],
            stated => stated.to_vec(),
        };
        let instance = self.container_instance.as_deref();
        EcsTask {
            cluster_arn: Some(whole(cluster, "cluster", cluster_name.clone())),
            container_instance_arn: instance.map(|id| whole(id, "container-instance", within(id))),
            container_instance_id: instance.map(short),
            container_id: containers.first().cloned(),
            second_container_id: containers.get(1).cloned(),
            service_name: self.service_name.clone(),
            task_definition_arn: self
                .task_definition
                .as_deref()
                .map(|family| whole(family, "task-definition", family.to_owned())),
            task_arn: Some(whole(&task, "task", within(&task))),
            task_id: Some(short(&task)),
            cluster_name: Some(cluster_name),
        }
    }
}

/// The partition of a Region.
/// AWS: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
fn partition(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "aws-cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
        _ => "aws",
    }
}

/// 32 hexadecimal digits that depend on `parts` alone.
fn hexadecimal(parts: &[&str]) -> String {
    let mut text = String::new();
    for half in ["1", "2"] {
        let all: Vec<&str> = parts.iter().copied().chain([half]).collect();
        let _ = write!(text, "{:016x}", stable_hash(&all));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_are_made_of_names_or_taken_as_they_are() {
        let names = EcsTaskNames {
            cluster: Some("shop".to_owned()),
            task_definition: Some("web:3".to_owned()),
            task: Some("0123".to_owned()),
            ..EcsTaskNames::default()
        };
        let task = names.task("eu-west-1", "123456789010", "eni-1");
        assert_eq!(task.cluster_arn.as_deref(), Some("arn:aws:ecs:eu-west-1:123456789010:cluster/shop"));
        assert_eq!(task.task_arn.as_deref(), Some("arn:aws:ecs:eu-west-1:123456789010:task/shop/0123"));
        assert_eq!(
            task.task_definition_arn.as_deref(),
            Some("arn:aws:ecs:eu-west-1:123456789010:task-definition/web:3")
        );
        assert_eq!((task.container_instance_arn, task.service_name), (None, None));
        let arn = "arn:aws-cn:ecs:cn-north-1:123456789010:cluster/other";
        let names = EcsTaskNames { cluster: Some(arn.to_owned()), ..EcsTaskNames::default() };
        let task = names.task("cn-north-1", "123456789010", "eni-1");
        assert_eq!((task.cluster_arn.as_deref(), task.cluster_name.as_deref()), (Some(arn), Some("other")));
        assert_eq!(task.task_id.map(|id| id.len()), Some(32));
    }
}
