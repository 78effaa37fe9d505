"""A local AWS in a process of its own, as its users start it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterator

import botocore.config
import botocore.session

REPOSITORY = Path(__file__).resolve().parents[6]
LAUNCH = Path(__file__).resolve().parents[2] / "launch.py"
MANAGEMENT, WORKLOAD, ARCHIVE = "111111111111", "222222222222", "333333333333"
PRIMARY, SECONDARY = "eu-west-2", "eu-west-1"

_session = botocore.session.Session()
"""One for all clients: it keeps the models of the services, which take long to load."""


@dataclass
class RunningLocalAws:
    """Where it answers, and the process."""

    said: dict[str, Any]
    process: "subprocess.Popen[str]"

    @property
    def endpoint(self) -> str:
        return str(self.said["endpoint"])

    @staticmethod
    @contextlib.contextmanager
    def start(launch: Path = LAUNCH, **variables: str) -> "Iterator[RunningLocalAws]":
        """Starts one and ends it."""
        # Lambda functions of the reference app do not bundle the AWS SDK: AWS's runtime has it, and here the repository.
        environment = {"LOCAL_AWS_NODE_PATH": str(REPOSITORY / "node_modules"), **os.environ, "LOCAL_AWS_LOG_LEVEL": "ERROR", **variables}
        process = subprocess.Popen([sys.executable, str(launch)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout
            yield RunningLocalAws(json.loads(process.stdout.readline()), process)
        finally:
            process.terminate()
            process.wait(10)

    def client(self, service: str, account: str = WORKLOAD, region: str = PRIMARY, **credentials: str) -> Any:
        """An AWS SDK client. The access key of an account's root is the account's number."""
        config = botocore.config.Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"})
        given = {"aws_access_key_id": account, "aws_secret_access_key": "test", **credentials}
        return _session.create_client(service, region_name=region, endpoint_url=self.endpoint, config=config, **given)

    def local(self, name: str, content: Any = None) -> Any:
        """What a path below /_local/ answers."""
        data = None if content is None else json.dumps(content).encode()
        request = urllib.request.Request(f"{self.endpoint}/_local/{name}", data=data)
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def deploy(self, name: str, template: dict[str, Any], account: str = WORKLOAD, region: str = PRIMARY, **more: Any) -> dict[str, Any]:
        """Creates or updates a stack and waits for it. Gives what DescribeStacks says of it."""
        cloudformation = self.client("cloudformation", account, region)
        request = {"StackName": name, "TemplateBody": json.dumps(template), "Capabilities": ["CAPABILITY_NAMED_IAM"], **more}
        try:
            cloudformation.create_stack(**request)
        except cloudformation.exceptions.AlreadyExistsException:
            cloudformation.update_stack(**request)
        return self.settled(name, account, region)

    def settled(self, name: str, account: str = WORKLOAD, region: str = PRIMARY) -> dict[str, Any]:
        """What DescribeStacks says as soon as nothing is in progress."""
        cloudformation = self.client("cloudformation", account, region)
        for _ in range(600):
            stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
            if not stack["StackStatus"].endswith("IN_PROGRESS"):
                return dict(stack)
            time.sleep(0.05)
        raise AssertionError(f"{name} is still {stack['StackStatus']}")

    def ids(self, name: str, account: str = WORKLOAD, region: str = PRIMARY) -> dict[str, str]:
        """The physical ids of a stack's resources by logical id."""
        resources = self.client("cloudformation", account, region).describe_stack_resources(StackName=name)["StackResources"]
        return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for resource in resources}

    def failures(self, name: str, account: str = WORKLOAD, region: str = PRIMARY) -> list[str]:
        """The reasons of the resources that failed."""
        events = self.client("cloudformation", account, region).describe_stack_events(StackName=name)["StackEvents"]
        return [event.get("ResourceStatusReason", "") for event in events if event["ResourceStatus"].endswith("_FAILED")]
