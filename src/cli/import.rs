//! `flowcast import`: other formats as scenarios.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use flowcast::aws::{ANSWERS, Answer, Use};
use flowcast::diagnostic::escape;
use flowcast::model::Usage;
use flowcast::{import_aws, write_whole};

use super::exit::Exit;
use super::output::{self, counted};

/// A network in another format, as the scenario that gives the same verdicts.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast import aws --commands > collect.sh
  flowcast import aws dump
  flowcast import aws dump --file network.yaml --verbose")]
pub(super) struct Import {
    #[command(subcommand)]
    kind: Kind,
}

#[derive(Debug, Subcommand)]
enum Kind {
    Aws(Aws),
}

/// What `aws ec2 describe-...` prints: one JSON file, or a folder of them under any names.
///
/// Answers are recognised by their keys; below <account>/<region>/ several accounts and Regions are read at once. What
/// was not collected is said in the scenario, so that verdicts which rest on it stay unknown.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  flowcast import aws --commands
  flowcast import aws dump --verbose")]
struct Aws {
    /// The file or folder.
    #[arg(required_unless_present = "commands")]
    path: Option<PathBuf>,
    /// Print the AWS CLI calls, all read-only, that collect everything that is used.
    #[arg(long, conflicts_with_all = ["path", "file", "verbose"])]
    commands: bool,
    /// Write the scenario there, instead of to standard output.
    #[arg(long, value_name = "FILE")]
    file: Option<PathBuf>,
    /// Name every kind of resource that was read, with what became of it.
    #[arg(long)]
    verbose: bool,
}

impl Import {
    pub(super) fn execute(&self) -> anyhow::Result<Exit> {
        let Kind::Aws(aws) = &self.kind;
        let Some(path) = &aws.path else {
            output::print(&commands())?;
            return Ok(Exit::Success);
        };
        let imported = match import_aws(path) {
            Ok(imported) => imported,
            Err(error) => return Ok(output::load_failure(&error)),
        };
        output::warn(&imported.warnings, &imported.sources);
        output::eprint(&summary(&imported.usage, aws.verbose));
        match &aws.file {
            Some(file) => {
                write_whole(file, &imported.text)
                    .with_context(|| format!("cannot write {}", file.display()))?;
            }
            None => output::print(&imported.text)?,
        }
        Ok(Exit::Success)
    }
}

/// What was used of the answers; in detail when asked.
fn summary(usage: &Usage, verbose: bool) -> String {
    let mut text = format!("{} used, {} not used", counted(usage.used(), "resource"), usage.unused());
    if !verbose {
        let unused: Vec<String> = usage
            .rows()
            .filter(|(_, row)| row.unused > 0)
            .map(|(key, row)| format!("{} {}", row.unused, escape(key)))
            .collect();
        if !unused.is_empty() {
            let _ = write!(text, ": {}", unused.join(", "));
        }
        return text + "\n";
    }
    text.push('\n');
    let width = usage.rows().map(|(key, _)| key.chars().count()).max().unwrap_or(0).min(40);
    for (key, row) in usage.rows() {
        let why =
            if row.unused > 0 { format!("  {} not used: {}", row.unused, row.why) } else { String::new() };
        let _ = writeln!(text, "  {:<width$}  {:>6} used{why}", escape(key), row.used);
    }
    text
}

/// A script that collects everything that is used, one file for each call.
fn commands() -> String {
    let mut text = String::from(
        "# Collects what flowcast reads of an account in a Region; every call only reads.\n\
         # Run it in an empty folder, with the profile and the Region set as for any AWS CLI call.\n\
         # A call that is refused leaves no file behind: what rests on its answer stays unknown.\n\
         set -u\n\
         refused() { rm -f \"$1\"; echo \"not collected: $1\" >&2; }\n",
    );
    let asks_of_each = |answer: &Answer| {
        let is_placeholder =
            |word: &str| word.len() > 1 && word.bytes().all(|byte| byte.is_ascii_uppercase());
        answer.beside.is_some() || answer.call.split(' ').any(is_placeholder)
    };
    let simple = |answer: &&Answer| !asks_of_each(answer) && !matches!(answer.becomes, Use::Unused);
    for answer in ANSWERS.iter().filter(simple) {
        if answer.key == "InstanceTypes" {
            text.push_str(INSTANCE_TYPES);
        } else {
            // Two services have a call of one name.
            let words = answer.call.split(' ').take_while(|word| !word.starts_with("--"));
            let name = match words.collect::<Vec<_>>().as_slice() {
                ["ec2", name] => (*name).to_owned(),
                words => words.join("-"),
            };
            let _ = writeln!(text, "aws {} --output json > {name}.json || refused {name}.json", answer.call);
        }
    }
    text + TRANSIT_GATEWAY_ROUTE_TABLES
        + PREFIX_LIST_ENTRIES
        + SERVICES
        + NETWORK_FIREWALLS
        + LOAD_BALANCERS
        + LATTICE
}

/// What is asked of each resource of a service.
const SERVICES: &str = "\
for system in $(aws efs describe-file-systems --query 'FileSystems[].FileSystemId' --output text); do
  aws efs describe-mount-targets --file-system-id \"$system\" --output json > \"efs-mount-targets-$system.json\" || refused \"efs-mount-targets-$system.json\"
done
for domain in $(aws opensearch list-domain-names --query 'DomainNames[].DomainName' --output text); do
  aws opensearch describe-domains --domain-names \"$domain\" --output json > \"opensearch-$domain.json\" || refused \"opensearch-$domain.json\"
done
for cluster in $(aws ecs list-clusters --query 'clusterArns[]' --output text); do
  for task in $(aws ecs list-tasks --cluster \"$cluster\" --query 'taskArns[]' --output text); do
    name=ecs-task-${task##*/}.json
    aws ecs describe-tasks --cluster \"$cluster\" --tasks \"$task\" --output json > \"$name\" || refused \"$name\"
  done
done
";

const INSTANCE_TYPES: &str = "\
types=$(aws ec2 describe-instances --query 'Reservations[].Instances[].InstanceType' --output text | tr '\\t' '\\n' | sort -u)
[ -z \"$types\" ] || aws ec2 describe-instance-types --instance-types $types --output json > describe-instance-types.json || refused describe-instance-types.json
";

const NETWORK_FIREWALLS: &str = "\
of_arn() { printf '%s-%s.json' \"$1\" \"$(printf '%s' \"${arn##*:}\" | tr / -)\"; }
for arn in $(aws network-firewall list-firewalls --query 'Firewalls[].FirewallArn' --output text); do
  file=$(of_arn describe)
  aws network-firewall describe-firewall --firewall-arn \"$arn\" --output json > \"$file\" || refused \"$file\"
done
for arn in $(aws network-firewall list-firewall-policies --query 'FirewallPolicies[].Arn' --output text); do
  file=$(of_arn describe)
  aws network-firewall describe-firewall-policy --firewall-policy-arn \"$arn\" --output json > \"$file\" || refused \"$file\"
done
for arn in $(aws network-firewall list-rule-groups --query 'RuleGroups[].Arn' --output text); do
  file=$(of_arn describe)
  aws network-firewall describe-rule-group --rule-group-arn \"$arn\" --output json > \"$file\" || refused \"$file\"
done
";

const TRANSIT_GATEWAY_ROUTE_TABLES: &str = "\
of_table() {
  answer=$(cat) && [ -n \"$answer\" ] || { echo \"not collected: $1-$table.json\" >&2; return; }
  printf '%s\\n' \"$answer\" | sed \"1s/{/{ \\\"TransitGatewayRouteTableId\\\": \\\"$table\\\",/\" > \"$1-$table.json\"
}
for table in $(aws ec2 describe-transit-gateway-route-tables --query 'TransitGatewayRouteTables[].TransitGatewayRouteTableId' --output text); do
  aws ec2 search-transit-gateway-routes --filters Name=state,Values=active,blackhole --transit-gateway-route-table-id \"$table\" --output json | of_table search-transit-gateway-routes
  aws ec2 get-transit-gateway-route-table-associations --transit-gateway-route-table-id \"$table\" --output json | of_table get-transit-gateway-route-table-associations
  aws ec2 get-transit-gateway-route-table-propagations --transit-gateway-route-table-id \"$table\" --output json | of_table get-transit-gateway-route-table-propagations
done
";

const PREFIX_LIST_ENTRIES: &str = "\
aws ec2 describe-managed-prefix-lists --output json > describe-managed-prefix-lists.json || refused describe-managed-prefix-lists.json
for list in $(aws ec2 describe-managed-prefix-lists --query 'PrefixLists[].PrefixListId' --output text); do
  entries=$(aws ec2 get-managed-prefix-list-entries --prefix-list-id \"$list\" --output json) ||
    { echo \"not collected: entries of $list\" >&2; continue; }
  printf '%s\\n' \"$entries\" | sed \"1s/{/{ \\\"PrefixListId\\\": \\\"$list\\\",/\" > \"prefix-list-entries-$list.json\"
done
";

/// What is asked of each resource of VPC Lattice, by its ARN, since others may share it; `beside` is of [`LOAD_BALANCERS`].
const LATTICE: &str = "\
for service in $(aws vpc-lattice list-services --query 'items[].arn' --output text); do
  aws vpc-lattice get-service --service-identifier \"$service\" --output json > \"vpc-lattice-${service##*/}.json\" || refused \"vpc-lattice-${service##*/}.json\"
  aws vpc-lattice list-listeners --service-identifier \"$service\" --output json | beside serviceIdentifier \"$service\" \"vpc-lattice-listeners-${service##*/}\"
  for listener in $(aws vpc-lattice list-listeners --service-identifier \"$service\" --query 'items[].arn' --output text); do
    aws vpc-lattice get-listener --service-identifier \"$service\" --listener-identifier \"$listener\" --output json > \"vpc-lattice-${listener##*/}.json\" || refused \"vpc-lattice-${listener##*/}.json\"
    aws vpc-lattice list-rules --service-identifier \"$service\" --listener-identifier \"$listener\" --output json | beside listenerIdentifier \"$listener\" \"vpc-lattice-rules-${listener##*/}\"
    for rule in $(aws vpc-lattice list-rules --service-identifier \"$service\" --listener-identifier \"$listener\" --query 'items[].arn' --output text); do
      aws vpc-lattice get-rule --service-identifier \"$service\" --listener-identifier \"$listener\" --rule-identifier \"$rule\" --output json > \"vpc-lattice-${rule##*/}.json\" || refused \"vpc-lattice-${rule##*/}.json\"
    done
  done
done
for group in $(aws vpc-lattice list-target-groups --query 'items[].arn' --output text); do
  aws vpc-lattice get-target-group --target-group-identifier \"$group\" --output json > \"vpc-lattice-${group##*/}.json\" || refused \"vpc-lattice-${group##*/}.json\"
  aws vpc-lattice list-targets --target-group-identifier \"$group\" --output json | beside targetGroupIdentifier \"$group\" \"vpc-lattice-targets-${group##*/}\"
done
for network in $(aws vpc-lattice list-service-networks --query 'items[].arn' --output text); do
  aws vpc-lattice get-service-network --service-network-identifier \"$network\" --output json > \"vpc-lattice-${network##*/}.json\" || refused \"vpc-lattice-${network##*/}.json\"
  aws vpc-lattice list-service-network-service-associations --service-network-identifier \"$network\" --output json > \"vpc-lattice-services-${network##*/}.json\" || refused \"vpc-lattice-services-${network##*/}.json\"
  aws vpc-lattice list-service-network-vpc-associations --service-network-identifier \"$network\" --output json > \"vpc-lattice-vpcs-${network##*/}.json\" || refused \"vpc-lattice-vpcs-${network##*/}.json\"
  for association in $(aws vpc-lattice list-service-network-vpc-associations --service-network-identifier \"$network\" --query 'items[].arn' --output text); do
    aws vpc-lattice get-service-network-vpc-association --service-network-vpc-association-identifier \"$association\" --output json > \"vpc-lattice-${association##*/}.json\" || refused \"vpc-lattice-${association##*/}.json\"
  done
done
";

const LOAD_BALANCERS: &str = "\
beside() {
  answer=$(cat) && [ -n \"$answer\" ] || { echo \"not collected: $3.json\" >&2; return; }
  printf '%s\\n' \"$answer\" | sed \"1s|{|{ \\\"$1\\\": \\\"$2\\\",|\" > \"$3.json\"
}
for balancer in $(aws elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerArn' --output text); do
  id=$(basename \"$balancer\")
  aws elbv2 describe-listeners --load-balancer-arn \"$balancer\" --output json | beside LoadBalancerArn \"$balancer\" \"listeners-$id\"
  aws elbv2 describe-load-balancer-attributes --load-balancer-arn \"$balancer\" --output json | beside LoadBalancerArn \"$balancer\" \"load-balancer-attributes-$id\"
  for listener in $(aws elbv2 describe-listeners --load-balancer-arn \"$balancer\" --query 'Listeners[].ListenerArn' --output text); do
    aws elbv2 describe-rules --listener-arn \"$listener\" --output json | beside ListenerArn \"$listener\" \"rules-$(basename \"$listener\")\"
    aws elbv2 describe-listener-attributes --listener-arn \"$listener\" --output json | beside ListenerArn \"$listener\" \"listener-attributes-$(basename \"$listener\")\"
  done
done
for group in $(aws elbv2 describe-target-groups --query 'TargetGroups[].TargetGroupArn' --output text); do
  id=$(basename \"$group\")
  aws elbv2 describe-target-health --target-group-arn \"$group\" --output json | beside TargetGroupArn \"$group\" \"target-health-$id\"
  aws elbv2 describe-target-group-attributes --target-group-arn \"$group\" --output json | beside TargetGroupArn \"$group\" \"target-group-attributes-$id\"
done
for name in $(aws elb describe-load-balancers --query 'LoadBalancerDescriptions[].LoadBalancerName' --output text); do
  aws elb describe-instance-health --load-balancer-name \"$name\" --output json | beside LoadBalancerName \"$name\" \"instance-health-$name\"
  aws elb describe-load-balancer-attributes --load-balancer-name \"$name\" --output json | beside LoadBalancerName \"$name\" \"elb-load-balancer-attributes-$name\"
done
";
