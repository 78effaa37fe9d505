"""Amazon ECS and Application Auto Scaling: requests go to the simulator, in JSON, with every member that they have."""

from __future__ import annotations

import json
from datetime import datetime, timezone
from typing import Any, Mapping

import botocore.session
from backup.clock import Clock
from backup.errors import NotSimulated, Refused
from containers.ecs import Ecs
from containers.rates import Rates
from containers.scaling import Scaling
from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import ecr, ecs
from service.checks import missing_members, violations
from service.replies import STATEMENT_HEADER
from service.requests import NotReadable, read_value
from signals.ports import Scope

from emulator import ecs_permissions, identities, service_events

MODEL = "E-50"
"""The statement about what AWS's model says of a request."""

SCALING = "application-autoscaling"
JSON_TYPE = "application/x-amz-json-1.1"


class LocalEcs:
    """The simulated services in ministack's process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rates = Rates(clock.now)
        self.ecs = Ecs(clock, self)
        self.scaling = Scaling(clock, self._exists)
        session = botocore.session.Session()
        self._models = {name: session.get_service_model(name) for name in ("ecs", SCALING)}

    def install(self) -> None:
        """Takes the place of ministack's Amazon ECS, which keeps some members only, and adds the service that it does not have."""

        async def answer(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
            return self._answer("ecs", headers, body, query)

        async def answer_scaling(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
            return self._answer(SCALING, headers, body, query)

        ecs.handle_request = answer
        reset = ecs.reset

        def reset_all() -> None:
            reset()
            self.ecs.reset()
            self.scaling.targets.clear()
            self.scaling.policies.clear()
            self.scaling.actions.clear()
            self._rates.buckets.clear()

        ecs.reset = reset_all
        router.SERVICE_PATTERNS[SCALING] = {"target_prefixes": ["AnyScaleFrontendService"], "credential_scope": SCALING}
        iam_actions.SERVICE_TO_IAM_NAMESPACE[SCALING] = SCALING
        app.SERVICE_HANDLERS[SCALING] = answer_scaling

    def call(self, service: str, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """An operation within the process, checked like a request but not counted: CloudFormation waits when it is throttled."""
        scope = Scope(get_account_id(), get_region())
        self._check(service, operation, parameters)
        if service == SCALING:
            return self.scaling.call(operation, scope, parameters)
        return self.ecs.call(operation, scope, parameters, iam_evaluator.caller_arn())

    def digest(self, image: str) -> str | None:
        """The digest of an image in Amazon ECR."""
        registry, _, name = image.partition("/")
        parts = registry.split(".")
        if len(parts) < 6 or parts[1:3] != ["dkr", "ecr"]:
            return None
        repository, _, tag = name.partition(":")
        with request_scope(parts[0], parts[3]):
            found = ecr._find_image(repository, {"imageTag": tag or "latest"})
        return str(found["imageDigest"]) if found else None

    def emit(self, scope: Scope, detail_type: str, detail: Mapping[str, Any], resources: list[str]) -> None:
        """An event of Amazon ECS on the default bus, with its time as AWS writes it."""
        written = {**detail, "updatedAt": _iso(detail["updatedAt"])}
        service_events.emit(self._clock.now(), *scope, "aws.ecs", detail_type, written, resources)

    def _exists(self, scope: Scope, service: str, resource: str) -> bool:
        parts = resource.split("/")
        return len(parts) == 3 and parts[0] == "service" and self.ecs.has_service(scope, parts[1], parts[2])

    def _answer(self, service: str, headers: Any, body: bytes, query: Any) -> Any:
        operation = str(headers.get("x-amz-target", "")).rsplit(".", 1)[-1]
        try:
            parameters = json.loads(body) if body else {}
            if service == "ecs":
                self._authorize(operation, parameters, iam_evaluator.request_caller_arn(headers, query))
                self._rates.take(Scope(get_account_id(), get_region()), operation)
            return 200, {"Content-Type": JSON_TYPE}, json.dumps(self.call(service, operation, parameters)).encode()
        except Refused as refused:
            return _refused(refused.code, refused.message, refused.statement)
        except NotSimulated:
            return _refused("NotSimulated", f"The local AWS does not simulate {operation} of {service}.", "-")
        except ValueError as problem:
            return _refused("SerializationException", str(problem), MODEL)

    def _check(self, service: str, operation: str, parameters: Mapping[str, Any]) -> None:
        """What the model knows has to be as the model says. What it does not know is kept as it is."""
        model = self._models[service]
        if operation not in model.operation_names:
            return
        shape = model.operation_model(operation).input_shape
        code = "InvalidParameterException" if service == "ecs" else "ValidationException"
        try:
            known = read_value(dict(parameters), shape, operation)
        except NotReadable as problem:
            raise Refused("SerializationException", str(problem), MODEL) from problem
        missing = missing_members(known, shape)
        if missing:
            raise Refused(code, f"Missing required parameter: {', '.join(missing)}", MODEL)
        wrong = violations(known, shape)
        if wrong:
            raise Refused(code, "; ".join(wrong), MODEL)

    @staticmethod
    def _authorize(operation: str, parameters: Mapping[str, Any], caller: str) -> None:
        """ministack has asked about the first resource. Each of the others has to be allowed as well."""
        if not app.AUTH:
            return
        for resource, keys in ecs_permissions.checks(operation, parameters, get_region(), get_account_id())[1:]:
            if not identities.decide(caller, f"ecs:{operation}", resource, keys):
                message = f"User: {caller} is not authorized to perform: ecs:{operation} on resource: {resource}"
                raise Refused("AccessDeniedException", message, "E-51")


def _refused(code: str, message: str, statement: str) -> Any:
    headers = {"Content-Type": JSON_TYPE, "x-amzn-errortype": code, STATEMENT_HEADER: statement}
    return 400, headers, json.dumps({"__type": code, "message": message}).encode()


def _iso(moment: float) -> str:
    return datetime.fromtimestamp(moment, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
