"""Fills moto, a local EC2 API, and dumps it with the AWS CLI as an account is dumped.

    record.py FOLDER

writes for each network of build.py FOLDER/NAME/ids.json, names to what the API chose, and FOLDER/NAME/aws/, the
answers of the CLI. Nothing leaves the machine: moto listens on a free port of the loopback interface.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import boto3

import build

BIN = pathlib.Path(sys.executable).parent

# Each is asked as `aws ec2 CALL`; its answer is one file.
CALLS = [
    ["describe-vpcs"],
    ["describe-subnets"],
    ["describe-availability-zones"],
    ["describe-internet-gateways"],
    ["describe-egress-only-internet-gateways"],
    ["describe-nat-gateways"],
    ["describe-vpc-peering-connections"],
    ["describe-route-tables"],
    ["describe-network-acls"],
    ["describe-security-groups"],
    ["describe-security-group-rules"],
    ["describe-managed-prefix-lists"],
    ["describe-instances"],
    ["describe-network-interfaces"],
    ["describe-addresses"],
    ["describe-flow-logs"],
    ["describe-transit-gateways"],
    ["describe-vpn-gateways"],
    ["describe-vpc-endpoints"],
]


class Moto:
    """A server of its own for each network, so that no ids are left over."""

    def __enter__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        command = [BIN / "moto_server", "-H", "127.0.0.1", "-p", str(port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while True:
            try:
                urllib.request.urlopen(f"{self.url}/moto-api/", timeout=5).close()
                return self
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    self.process.kill()
                    raise
                time.sleep(0.2)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def client(self, service):
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=build.REGION,
            aws_access_key_id="testing",
            aws_secret_access_key="testing",
        )

    def environment(self):
        return {
            **os.environ,
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": build.REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_PAGER": "",
        }

    def aws(self, *arguments):
        command = [BIN / "aws", "ec2", *arguments, "--output", "json"]
        done = subprocess.run(command, env=self.environment(), stdout=subprocess.PIPE, check=True)
        return done.stdout.decode()


def dump(moto, folder):
    """One file for each call, as the CLI prints it."""
    folder.mkdir(parents=True)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        answers = dict(zip(map(" ".join, CALLS), pool.map(lambda call: moto.aws(*call), CALLS)))
        lists = json.loads(answers["describe-managed-prefix-lists"])["PrefixLists"]
        names = [each["PrefixListId"] for each in lists]
        calls = [["get-managed-prefix-list-entries", "--prefix-list-id", name] for name in names]
        for name, answer in zip(names, pool.map(lambda call: moto.aws(*call), calls)):
            # The answer does not say whose entries they are: the id stands beside them.
            entries = {"PrefixListId": name, **json.loads(answer)}
            answers[f"{calls[0][0]}.{name}"] = json.dumps(entries, indent=4) + "\n"
    reservations = json.loads(answers["describe-instances"])["Reservations"]
    types = sorted({each["InstanceType"] for one in reservations for each in one["Instances"]})
    answers["describe-instance-types"] = moto.aws("describe-instance-types", "--instance-types", *types)
    mend_nat_gateways(answers)
    for name, answer in answers.items():
        (folder / f"{name}.json").write_text(answer)


def mend_nat_gateways(answers):
    """The one thing of moto that no account can have is an error for flowcast: a NAT gateway's address outside of its
    subnet. Its interface is made as AWS makes it, with an address that build.py leaves free."""
    gateways = json.loads(answers["describe-nat-gateways"])["NatGateways"]
    interfaces = json.loads(answers["describe-network-interfaces"])
    for own in (own for gateway in gateways for own in gateway["NatGatewayAddresses"]):
        wrong, right = own["PrivateIp"], build.NAT_GATEWAY_ADDRESS
        for interface in interfaces["NetworkInterfaces"]:
            if interface["NetworkInterfaceId"] == own["NetworkInterfaceId"]:
                interface.update(
                    Description=f"Interface for NAT Gateway {gateways[0]['NatGatewayId']}",
                    Groups=[],
                    InterfaceType="nat_gateway",
                    RequesterManaged=True,
                    SourceDestCheck=False,
                    Status="in-use",
                )
        answers["describe-network-interfaces"] = json.dumps(interfaces, indent=4) + "\n"
        for name, answer in answers.items():
            answers[name] = answer.replace(f'"{wrong}"', f'"{right}"')


def record(name, fill, folder):
    with Moto() as moto:
        # moto wants the bucket of the flow logs to exist.
        where = {"LocationConstraint": build.REGION}
        moto.client("s3").create_bucket(Bucket=build.BUCKET, CreateBucketConfiguration=where)
        built = fill(moto.client("ec2"))
        dump(moto, folder / name / "aws")
    ids = json.dumps(built.ids, indent=4, sort_keys=True)
    (folder / name / "ids.json").write_text(ids + "\n")


def main():
    folder = pathlib.Path(sys.argv[1])
    for name, fill in build.NETWORKS.items():
        record(name, fill, folder)
        print(f"recorded {folder / name}")


if __name__ == "__main__":
    main()
