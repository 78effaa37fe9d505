"""The stages of the reference app as the CDK has synthesized them, deployed without the CDK."""

from __future__ import annotations

import io
import json
import os
import re
import zipfile
from pathlib import Path
from typing import Any, Iterator

from running import REPOSITORY, RunningLocalAws

STAGES = ("dev", "prod")


def folder_of(stage: str) -> Path:
    """Where the stage is. It has to be there: a test that passes without it would say nothing."""
    folder = Path(os.environ.get("LOCAL_AWS_ASSEMBLIES", str(REPOSITORY / "examples" / "reference-app" / "cdk.out"))) / stage
    assert (folder / "manifest.json").exists(), f"{folder} is missing: synthesize the reference app first (npm run demo)."
    return folder


def templates(stage: str) -> Iterator[dict[str, Any]]:
    """The templates of a stage."""
    for file in sorted(folder_of(stage).glob("*.template.json")):
        yield json.loads(file.read_text())


def stacks(stage: str) -> list[tuple[str, dict[str, Any]]]:
    """The stacks of a stage, each after those that it depends on."""
    artifacts = json.loads((folder_of(stage) / "manifest.json").read_text())["artifacts"]
    ordered: list[str] = []

    def add(name: str) -> None:
        if name in ordered or artifacts[name]["type"] != "aws:cloudformation:stack":
            return
        for dependency in artifacts[name].get("dependencies", []):
            add(dependency)
        ordered.append(name)

    for name in artifacts:
        add(name)
    return [(name, artifacts[name]) for name in ordered]


def place_of(artifact: dict[str, Any]) -> tuple[str, str]:
    """Account and region."""
    account, region = artifact["environment"].removeprefix("aws://").split("/")
    return account, region


def deploy(running: RunningLocalAws, stage: str) -> dict[str, str]:
    """Deploys all stacks of a stage, with their assets. Gives their states."""
    states = {}
    for name, artifact in stacks(stage):
        account, region = place_of(artifact)
        upload_assets(running, folder_of(stage), name)
        stack_name = artifact["properties"].get("stackName", name)
        tags = [{"Key": key, "Value": value} for key, value in artifact["properties"].get("tags", {}).items()]
        body = (folder_of(stage) / artifact["properties"]["templateFile"]).read_text()
        url = upload(running, f"templates-{account}-{region}", f"{name}.json", without_bootstrap(body), account, region)
        cloudformation = running.client("cloudformation", account, region)
        request = {"StackName": stack_name, "TemplateURL": url, "Capabilities": ["CAPABILITY_NAMED_IAM"], "Tags": tags}
        try:
            cloudformation.create_stack(**request)
        except cloudformation.exceptions.AlreadyExistsException:
            try:
                cloudformation.update_stack(**request)
            except Exception as problem:  # noqa: BLE001
                states[stack_name] = str(problem)
                continue
        states[stack_name] = running.settled(stack_name, account, region)["StackStatus"]
        if states[stack_name].find("ROLLBACK") >= 0:
            states[stack_name] += f": {running.failures(stack_name, account, region)}"
    return states


def without_bootstrap(body: str) -> bytes:
    """The template without the check that the CDK's bootstrap stack is there."""
    template = json.loads(body)
    template.get("Parameters", {}).pop("BootstrapVersion", None)
    template.pop("Rules", None)
    return json.dumps(template).encode()


def upload(running: RunningLocalAws, bucket: str, key: str, body: bytes, account: str, region: str) -> str:
    """Puts an object into a bucket, which is made if it is not there."""
    s3 = running.client("s3", account, region)
    if bucket not in [one["Name"] for one in s3.list_buckets()["Buckets"]]:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    s3.put_object(Bucket=bucket, Key=key, Body=body)
    return f"https://s3.{region}.amazonaws.com/{bucket}/{key}"


def upload_assets(running: RunningLocalAws, folder: Path, name: str) -> None:
    """Puts the files of a stack where its template looks for them."""
    manifest = folder / f"{name}.assets.json"
    for asset in json.loads(manifest.read_text())["files"].values() if manifest.exists() else ():
        if asset["source"]["packaging"] != "zip":
            continue
        for destination in asset["destinations"].values():
            found = re.search(r"(\d{12})-(.*)$", destination["bucketName"])
            assert found
            account, region = found.group(1), destination.get("region", found.group(2))
            upload(running, destination["bucketName"], destination["objectKey"], zipped(folder / asset["source"]["path"]), account, region)


def zipped(folder: Path) -> bytes:
    """A folder as a ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder))
    return content.getvalue()
