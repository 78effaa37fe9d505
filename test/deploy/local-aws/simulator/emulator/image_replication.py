"""Replication of images, which ministack's Amazon ECR does not have. Nobody pushes layers here: what is replicated is the record of an image."""

from __future__ import annotations

import copy
import json
from typing import Any, Mapping

from backup.clock import Clock
from backup.errors import Refused
from containers.replication import SECONDS_TO_REPLICATE, Registry, check, destinations_of
from ministack.core.responses import AccountRegionScopedDict, error_response_json, get_account_id, get_region, json_response, request_scope
from ministack.services import ecr

configurations = AccountRegionScopedDict()
_statuses = AccountRegionScopedDict()
KEY = "configuration"


class ImageReplication:
    """The replication of all registries."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def install(self) -> None:
        """Adds two operations, and looks at images that are put."""
        handle, put, reset = ecr.handle_request, ecr._put_image, ecr.reset
        operations = {"PutReplicationConfiguration": self.put, "DescribeImageReplicationStatus": self.describe, "DescribeRegistry": self.registry}

        async def answer(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
            operation = operations.get(str(headers.get("x-amz-target", "")).rsplit(".", 1)[-1])
            if operation is not None:
                return operation(json.loads(body) if body else {})
            missing = _missing_image(headers, body)
            return missing or await handle(method, path, headers, body, query)

        def put_and_replicate(data: dict[str, Any]) -> Any:
            made = put(data)
            if made[0] < 400:
                self._replicate(data["repositoryName"], json.loads(made[2])["image"]["imageId"]["imageDigest"])
            return made

        def reset_all() -> None:
            reset()
            configurations.clear()
            _statuses.clear()

        ecr.handle_request, ecr._put_image, ecr.reset = answer, put_and_replicate, reset_all

    @staticmethod
    def put(data: Mapping[str, Any]) -> Any:
        """PutReplicationConfiguration: the whole configuration of the registry."""
        configuration = data.get("replicationConfiguration") or {}
        try:
            check(configuration, Registry(get_account_id(), get_region()))
        except Refused as refused:
            return error_response_json(refused.code, f"{refused.message} [{refused.statement}]", 400)
        configurations[KEY] = configuration
        return json_response({"replicationConfiguration": configuration})

    @staticmethod
    def registry(data: Mapping[str, Any]) -> Any:
        """DescribeRegistry."""
        return json_response({"registryId": get_account_id(), "replicationConfiguration": configurations.get(KEY) or {"rules": []}})

    @staticmethod
    def describe(data: Mapping[str, Any]) -> Any:
        """DescribeImageReplicationStatus: one status for each destination, none for an image that is not replicated (E-144)."""
        name = data["repositoryName"]
        if name not in ecr._repositories:
            return error_response_json("RepositoryNotFoundException", f"The repository with name '{name}' does not exist [E-145]", 400)
        found = ecr._find_image(name, data["imageId"])
        if found is None:
            return error_response_json("ImageNotFoundException", f"The image with imageId {data['imageId']} does not exist [E-145]", 400)
        statuses = _statuses.get((name, found["imageDigest"])) or {}
        listed = [{"region": to.region, "registryId": to.account, "status": status} for to, status in statuses.items()]
        return json_response({"repositoryName": name, "imageId": data["imageId"], "replicationStatuses": listed})

    def _replicate(self, repository: str, digest: str) -> None:
        scope = Registry(get_account_id(), get_region())
        for to in destinations_of(configurations.get(KEY) or {}, repository):
            _statuses.setdefault((repository, digest), {})[to] = "IN_PROGRESS"
            self._clock.at(self._clock.now() + SECONDS_TO_REPLICATE, lambda to=to: self._arrive(scope, to, repository, digest))  # type: ignore[misc]

    @staticmethod
    def _arrive(scope: Registry, to: Registry, repository: str, digest: str) -> None:
        with request_scope(*scope):
            source = ecr._find_image(repository, {"imageDigest": digest})
            statuses = _statuses.get((repository, digest))
            # A registry of another account has to permit it by a policy, which the simulator does not have.
            if source is None or statuses is None or to.account != scope.account:
                if statuses is not None:
                    statuses[to] = "FAILED"
                return
            statuses[to] = "COMPLETE"
        with request_scope(*to):
            if repository not in ecr._repositories:
                ecr._create_repository({"repositoryName": repository})
            if ecr._find_image(repository, {"imageDigest": digest}) is None:
                ecr._images[repository].append(copy.deepcopy(source))


def _missing_image(headers: Any, body: bytes) -> Any:
    """DescribeImages of an image that is not there is refused. ministack leaves it out."""
    data = json.loads(body or b"{}") if str(headers.get("x-amz-target", "")).endswith(".DescribeImages") else {}
    name = data.get("repositoryName", "")
    missing = [one for one in data.get("imageIds") or [] if name in ecr._repositories and ecr._find_image(name, one) is None]
    if not missing:
        return None
    image = f"{{imageDigest:'{missing[0].get('imageDigest', 'null')}', imageTag:'{missing[0].get('imageTag', 'null')}'}}"
    message = f"The image with imageId {image} does not exist within the repository with name '{name}' in the registry with id '{get_account_id()}'"
    return error_response_json("ImageNotFoundException", f"{message} [E-145]", 400)
