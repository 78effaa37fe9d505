"""Calls of AWS Backup, KMS, Amazon ECS and Application Auto Scaling as events, where a trail of CloudTrail records them (E-130)."""

from __future__ import annotations

import json
from typing import Any, Mapping

from backup.clock import Clock
from backup.world import World
from ministack import app
from ministack.core import iam_evaluator, router
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import cloudtrail
from service.requests import NotReadable, read_parameters
from service.routes import find_route
from signals.api_calls import DETAIL_TYPE, SOURCES, Call, Trail, detail, is_recorded, is_sent

from emulator import service_events
from emulator.answers import message_of
from emulator.destinations import Destinations

TRAIL, HOME_REGION = "organization", "us-east-1"


class ApiCalls:
    """Watches what is called over the wire. What CloudFormation does within the process is not among it."""

    def __init__(self, clock: Clock, world: World, destinations: Destinations) -> None:
        self._clock = clock
        self._world = world
        self._destinations = destinations
        self._number = 0

    def install(self, management_account: str) -> None:
        """Looks at every request that ministack hands to one of its services.

        The organization has a trail, as a landing zone has: without one there would be no such events. DeleteTrail removes it.
        """
        with request_scope(management_account, HOME_REGION):
            cloudtrail._create_trail({"Name": TRAIL, "S3BucketName": TRAIL, "IsMultiRegionTrail": True, "IsOrganizationTrail": True})
            cloudtrail._start_logging({"Name": TRAIL})
        original = app._dispatch_service_request

        async def dispatch(method: str, path: str, headers: Any, body: bytes, query: Any, request_id: str) -> Any:
            call = self._call(method, path, headers, body, query)
            self._destinations.forget()
            answer = await original(method, path, headers, body, query, request_id)
            self._destinations.forget()
            if call is not None:
                self._send(call, answer)
            return answer

        app._dispatch_service_request = dispatch

    def _call(self, method: str, path: str, headers: Any, body: bytes, query: Any) -> Call | None:
        service = router.detect_service(method, path, headers, app._routing_params(method, path, headers, body, query))
        if service not in SOURCES:
            return None
        found = self._backup_call(method, path, body, query) if service == "backup" else self._json_call(service, headers, body)
        if found is None:
            return None
        operation, parameters, resources = found
        self._number += 1
        caller = iam_evaluator.request_caller_arn(headers, query)
        scope = (get_account_id(), get_region())
        return Call(service, operation, parameters, *scope, caller, self._clock.now(), self._number, resources=resources)

    @staticmethod
    def _backup_call(method: str, path: str, body: bytes, query: Any) -> tuple[str, Mapping[str, Any], tuple[str, ...]] | None:
        found = find_route(method, path)
        if found is None:
            return None
        model, labels = found
        try:
            return model.name, read_parameters(model.input_shape, labels, query, json.loads(body) if body else {}), ()
        except (NotReadable, ValueError):
            return None

    def _json_call(self, service: str, headers: Any, body: bytes) -> tuple[str, Mapping[str, Any], tuple[str, ...]] | None:
        try:
            parameters = json.loads(body or b"{}")
        except ValueError:
            return None
        is_of_key = service == "kms" and parameters.get("KeyId")
        key = self._world.key(parameters["KeyId"], get_account_id(), get_region()) if is_of_key else None
        return headers.get("x-amz-target", "").rsplit(".", 1)[-1], parameters, (key.arn,) if key else ()

    def _send(self, call: Call, answer: Any) -> None:
        if answer[0] >= 400:
            code, _, message = message_of(answer[2]).partition(": ")
            call = call._replace(error_code=code, error_message=message)
        organization = self._world.organization(call.account)
        if is_sent(call) and is_recorded(call, _trails(), organization.management_account if organization else None):
            service_events.emit(self._clock.now(), call.account, call.region, SOURCES[call.service][0], DETAIL_TYPE, detail(call), [])


def _trails() -> list[Trail]:
    return [
        Trail(
            account, region, bool(trail.get("IsLogging")), bool(trail.get("IsMultiRegionTrail")), bool(trail.get("IsOrganizationTrail"))
        )
        for (account, region, _), trail in cloudtrail._trails.all_items()
    ]
