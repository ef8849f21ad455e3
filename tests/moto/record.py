"""Fills moto, a local EC2 API, and collects what it answers as an account is collected.

    record.py FOLDER COLLECT

writes for each network of build.py FOLDER/NAME/ids.json, names to what the API chose, and FOLDER/NAME/aws/, the
answers that the script COLLECT gets; `flowcast import aws --commands` prints it. Nothing leaves the machine: moto
listens on a free port of the loopback interface.
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

# Calls that moto does not have, and what AWS answers where there is nothing.
NOT_IN_MOTO = {"describe-local-gateways": {"LocalGateways": []}}


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

    def collect(self, script, commands, folder):
        """Runs the script in the folder, where `aws` is the CLI that asks this server."""
        folder.mkdir(parents=True)
        environment = {
            **os.environ,
            "PATH": f"{commands}:{os.environ['PATH']}",
            "AWS_ENDPOINT_URL": self.url,
            "AWS_DEFAULT_REGION": build.REGION,
            "AWS_ACCESS_KEY_ID": "testing",
            "AWS_SECRET_ACCESS_KEY": "testing",
            "AWS_PAGER": "",
        }
        subprocess.run(["sh", script.resolve()], cwd=folder, env=environment, check=True)


def write_aws(commands):
    """The AWS CLI, but for the calls that moto does not have."""
    cases = [f"{call}) echo '{json.dumps(answer)}' ;;\n" for call, answer in NOT_IN_MOTO.items()]
    aws = commands / "aws"
    aws.write_text(f"#!/bin/sh\ncase \"$2\" in\n{''.join(cases)}*) exec '{BIN / 'aws'}' \"$@\" ;;\nesac\n")
    aws.chmod(0o755)


def mend_nat_gateways(folder):
    """The one thing of moto that no account can have is an error for flowcast: a NAT gateway's address outside of its
    subnet. Its interface is made as AWS makes it, with an address that build.py leaves free."""
    gateways = json.loads((folder / "describe-nat-gateways.json").read_text())["NatGateways"]
    interfaces = json.loads((folder / "describe-network-interfaces.json").read_text())
    wrong = []
    for gateway in gateways:
        for own in gateway["NatGatewayAddresses"]:
            wrong.append(own["PrivateIp"])
            for interface in interfaces["NetworkInterfaces"]:
                if interface["NetworkInterfaceId"] == own["NetworkInterfaceId"]:
                    interface.update(
                        Description=f"Interface for NAT Gateway {gateway['NatGatewayId']}",
                        Groups=[],
                        InterfaceType="nat_gateway",
                        RequesterManaged=True,
                        SourceDestCheck=False,
                        Status="in-use",
                    )
    (folder / "describe-network-interfaces.json").write_text(json.dumps(interfaces, indent=4) + "\n")
    assert len(wrong) <= 1, "build.py leaves one address free"
    for file in folder.iterdir():
        text = file.read_text()
        for address in wrong:
            text = text.replace(f'"{address}"', f'"{build.NAT_GATEWAY_ADDRESS}"')
        file.write_text(text)


def record(name, folder, script):
    with Moto() as moto:
        # moto wants the bucket of the flow logs to exist.
        where = {"LocationConstraint": build.REGION}
        moto.client("s3").create_bucket(Bucket=build.BUCKET, CreateBucketConfiguration=where)
        built = build.NETWORKS[name](moto.client("ec2"))
        moto.collect(script, folder / "bin", folder / name / "aws")
    mend_nat_gateways(folder / name / "aws")
    ids = json.dumps(built.ids, indent=4, sort_keys=True)
    (folder / name / "ids.json").write_text(ids + "\n")
    return folder / name


def main():
    folder, script = map(pathlib.Path, sys.argv[1:])
    folder = folder.resolve()
    (folder / "bin").mkdir(parents=True)
    write_aws(folder / "bin")
    with ThreadPoolExecutor() as pool:
        for recorded in pool.map(lambda name: record(name, folder, script), build.NETWORKS):
            print(f"recorded {recorded}")


if __name__ == "__main__":
    main()
