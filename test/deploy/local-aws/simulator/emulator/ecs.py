"""Amazon ECS, Application Auto Scaling and Service Quotas: requests go to the simulator, in JSON, with every member that they have."""

from __future__ import annotations

import json
from typing import Any, Mapping

import botocore.session
from backup.clock import Clock
from backup.errors import NotSimulated, Refused
from containers.ecs import Ecs
from containers.quotas import NAMES as QUOTA_NAMES
from containers.quotas import Quotas
from containers.rates import Rates
from containers.scaling import Scaling
from ministack import app
from ministack.core import iam_actions, iam_evaluator, router
from ministack.core.responses import get_account_id, get_region
from ministack.services import ecs
from service.checks import missing_members, violations
from service.replies import STATEMENT_HEADER
from service.requests import NotReadable, read_value
from signals.ports import Scope

from emulator import ecs_permissions, identities, permissions
from emulator.ecs_world import EcsWorld
from emulator.local_endpoints import BadRequest
from emulator.target_health import TargetHealth

MODEL = "E-50"
"""The statement about what AWS's model says of a request."""

SCALING, QUOTAS = "application-autoscaling", "servicequotas"
JSON_TYPE = "application/x-amz-json-1.1"


class LocalEcs:
    """The simulated services in ministack's process."""

    def __init__(self, clock: Clock) -> None:
        self._rates = Rates(clock.now)
        self.quotas = Quotas()
        self.scaling = Scaling(clock, self._exists)
        self.world = EcsWorld(clock, self.quotas, self.scaling.forget)
        self.ecs = Ecs(clock, self.world)
        session = botocore.session.Session()
        models = (("ecs", "ecs"), (SCALING, SCALING), (QUOTAS, "service-quotas"))
        self._models = {name: session.get_service_model(model) for name, model in models}

    def install(self) -> None:
        """Takes the place of ministack's Amazon ECS, which keeps some members only, and adds the services that it does not have."""

        def answer(service: str) -> Any:
            async def answered(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
                return self._answer(service, headers, body, query)

            return answered

        ecs.handle_request = answer("ecs")
        reset = ecs.reset

        def reset_all() -> None:
            reset()
            self.ecs.reset()
            self.scaling.targets.clear()
            self.scaling.policies.clear()
            self.scaling.actions.clear()
            self._rates.buckets.clear()
            self.quotas.reset()
            self.world.unhealthy.clear()

        ecs.reset = reset_all
        for service, prefix in ((SCALING, "AnyScaleFrontendService"), (QUOTAS, "ServiceQuotasV20190624")):
            router.SERVICE_PATTERNS[service] = {"target_prefixes": [prefix], "credential_scope": service}
            iam_actions.SERVICE_TO_IAM_NAMESPACE[service] = service
            app.SERVICE_HANDLERS[service] = answer(service)
        TargetHealth(self.ecs, self.world).install()

    def endpoints(self) -> dict[tuple[str, str], Any]:
        """What a test can ask for: targets that do not become healthy, and another quota."""
        return {("POST", "targets"): self._set_health, ("POST", "quotas"): self._set_quota}

    def _set_health(self, content: Mapping[str, Any]) -> dict[str, Any]:
        group, is_healthy = content.get("targetGroupArn"), content.get("healthy")
        if not isinstance(group, str) or not isinstance(is_healthy, bool):
            raise BadRequest('Say of which targets: {"targetGroupArn": "arn:...", "healthy": false}.')
        (self.world.unhealthy.discard if is_healthy else self.world.unhealthy.add)(group)
        return {"unhealthy": sorted(self.world.unhealthy)}

    def _set_quota(self, content: Mapping[str, Any]) -> dict[str, Any]:
        if content.get("quotaCode") not in QUOTA_NAMES or not isinstance(content.get("value"), (int, float)):
            raise BadRequest('Say which: {"account": "222222222222", "region": "eu-west-2", "quotaCode": "L-3032A538", "value": 100}.')
        self.quotas.apply(Scope(str(content["account"]), str(content["region"])), content["quotaCode"], float(content["value"]))
        return {}

    def call(self, service: str, operation: str, parameters: Mapping[str, Any], is_cloudformation: bool = True) -> dict[str, Any]:
        """An operation within the process, checked like a request but not counted: CloudFormation waits when it is throttled."""
        scope = Scope(get_account_id(), get_region())
        self._check(service, operation, parameters)
        caller = iam_evaluator.caller_arn()
        reason = permissions.denied(f"{service}:{operation}", parameters, caller, *scope)
        if reason:
            raise Refused("AccessDeniedException", reason, "E-161" if service == "ecs" else "E-184")
        if service == SCALING:
            return self.scaling.call(operation, scope, parameters)
        if service == QUOTAS:
            return self.quotas.call(operation, scope, parameters)
        return self.ecs.call(operation, scope, parameters, caller, is_cloudformation)

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
            return 200, {"Content-Type": JSON_TYPE}, json.dumps(self.call(service, operation, parameters, False)).encode()
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
        code = {"ecs": "InvalidParameterException", QUOTAS: "IllegalArgumentException"}.get(service, "ValidationException")
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
        """ministack has asked about the first resource. Each of the others has to be allowed as well, and setting tags."""
        if not app.AUTH:
            return
        where = get_region(), get_account_id()
        others = [(f"ecs:{operation}", *check, "E-51") for check in ecs_permissions.checks(operation, parameters, *where)[1:]]
        tagging = [("ecs:TagResource", *check, "E-183") for check in ecs_permissions.tagging(operation, parameters, *where)]
        for action, resource, keys, statement in others + tagging:
            if not identities.decide(caller, action, resource, keys):
                raise Refused("AccessDeniedException", f"User: {caller} is not authorized to perform: {action} on resource: {resource}", statement)


def _refused(code: str, message: str, statement: str) -> Any:
    headers = {"Content-Type": JSON_TYPE, "x-amzn-errortype": code, STATEMENT_HEADER: statement}
    return 400, headers, json.dumps({"__type": code, "message": message}).encode()
