"""SSM Automation: ministack has parameters, here are documents and executions, which call functions and publish with the role of their document."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Callable, Mapping

import botocore.session
from automation.automation import Automation
from automation.interpreter import Interpreter
from automation.world import CallRefused
from backup.clock import Clock
from backup.errors import NotSimulated, Refused
from ministack import app
from ministack.core import concurrency, iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region, request_scope
from ministack.services import lambda_svc, sns, ssm
from service.checks import missing_members, violations
from service.replies import STATEMENT_HEADER
from service.requests import NotReadable, read_value
from signals.delivery import OVER_TLS, reason_against_key
from signals.ports import Scope

from emulator import identities, service_events
from emulator.calls import CallLog
from emulator.destinations import Destinations

JSON_TYPE = "application/x-amz-json-1.1"
ON_EXECUTIONS = ("GetAutomationExecution", "DescribeAutomationStepExecutions", "SendAutomationSignal", "StopAutomationExecution")
ON_DOCUMENTS = {
    "StartAutomationExecution": "DocumentName",
    **dict.fromkeys(("CreateDocument", "UpdateDocument", "UpdateDocumentDefaultVersion", "DescribeDocument", "GetDocument", "DeleteDocument"), "Name"),
}


class LocalAutomation:
    """The simulated service in ministack's process."""

    def __init__(self, clock: Clock, calls: CallLog, destinations: Destinations, function_errors: str) -> None:
        folder = Path(tempfile.gettempdir())
        self._interpreter = Interpreter(folder, os.environ.get("PATH", ""), function_errors)
        self._automation = Automation(clock, _AutomationWorld(clock, calls, destinations), self._interpreter)
        self._model = botocore.session.Session().get_service_model("ssm")

    @property
    def is_busy(self) -> bool:
        """Whether a function works for an execution."""
        return self._automation.is_busy

    def install(self) -> None:
        """Answers the operations that ministack does not have, and leaves it all others."""
        original, reset = app.SERVICE_HANDLERS["ssm"], ssm.reset

        async def answer(method: str, path: str, headers: Any, body: bytes, query: Any) -> Any:
            operation = _operation(headers)
            if operation not in self._automation.operations:
                return await original(method, path, headers, body, query)
            return self._answer(operation, iam_evaluator.request_caller_arn(headers, query), body)

        def reset_all() -> None:
            reset()
            self._automation.reset()

        app.SERVICE_HANDLERS["ssm"] = answer
        ssm.reset = reset_all
        self._resources()
        self._keys()

    def call(self, operation: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """An operation within the process, checked like a request. Raises Refused."""
        return self._call(operation, iam_evaluator.caller_arn(), parameters)

    def _call(self, operation: str, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        shape = self._model.operation_model(operation).input_shape
        try:
            known = read_value(dict(parameters), shape, operation)
        except NotReadable as problem:
            raise Refused("SerializationException", str(problem), "E-212") from problem
        wrong = [f"{name} is missing" for name in missing_members(known, shape)] or violations(known, shape)
        if wrong:
            raise Refused("ValidationException", "; ".join(wrong), "E-212")
        return self._automation.call(operation, Scope(get_account_id(), get_region()), caller, known)

    def _answer(self, operation: str, caller: str, body: bytes) -> Any:
        try:
            return 200, {"Content-Type": JSON_TYPE}, json.dumps(self._call(operation, caller, json.loads(body or b"{}"))).encode()
        except Refused as refused:
            return _refused(refused.code, refused.message, refused.statement)
        except NotSimulated as problem:
            return _refused("NotSimulated", f"The local AWS does not simulate {problem}.", "-")
        except ValueError as problem:
            return _refused("SerializationException", str(problem), "E-212")

    @staticmethod
    def _resources() -> None:
        """https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html"""
        original = iam_actions.extract_resource_arn

        def resource(service: str, method: str, path: str, headers: Any, body: bytes, parameters: Any, region: str, account: str) -> str:
            operation = _operation(headers) if service == "ssm" else ""
            if operation in ON_EXECUTIONS:
                return f"arn:aws:ssm:{region}:{account}:automation-execution/{_member(body, 'AutomationExecutionId')}"
            if operation in ON_DOCUMENTS:
                return f"arn:aws:ssm:{region}:{account}:document/{_member(body, ON_DOCUMENTS[operation]).rsplit('document/', 1)[-1]}"
            return str(original(service, method, path, headers, body, parameters, region, account))

        iam_actions.extract_resource_arn = resource

    def _keys(self) -> None:
        """The tags of an execution or a document are condition keys of what is done with it (E-204)."""
        original = iam_actions.request_tag_context

        def keys(service: str, action: str, body: bytes, parameters: Mapping[str, Any]) -> dict[str, Any]:
            found = dict(original(service, action, body, parameters))
            operation = (action or "").partition(":")[2]
            if service == "ssm" and operation in ON_EXECUTIONS:
                tags = self._automation.tags_of(_member(body, "AutomationExecutionId"))
            elif service == "ssm" and operation in ON_DOCUMENTS:
                document = self._automation.documents.find(Scope(get_account_id(), get_region()), _member(body, ON_DOCUMENTS[operation]))
                tags = document.tags if document else {}
            else:
                return found
            return {**found, **{f"aws:resourcetag/{key}".lower(): value for key, value in tags.items()}}

        iam_actions.request_tag_context = keys


class _AutomationWorld:
    """What executions do, over ministack."""

    def __init__(self, clock: Clock, calls: CallLog, destinations: Destinations) -> None:
        self._clock = clock
        self._calls = calls
        self._destinations = destinations

    def decide(self, principal: str, action: str, resource: str, context: Mapping[str, Any]) -> bool:
        return identities.decide(principal, action, resource, context)

    def is_assumable(self, role: str, context: Mapping[str, Any]) -> bool:
        trust = identities.trust_policy(role)
        return trust is not None and identities.decide_policy(trust, "ssm.amazonaws.com", "sts:AssumeRole", role, context) == "Allow"

    def invoke(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """Runs a function as `Invoke` does, and waits for it."""
        name = details["functionName"]
        with request_scope(details["accountId"], details["region"]):
            found, qualifier, missing = lambda_svc._resolve_existing_esm_function(name)
            func, config = (None, None) if missing else lambda_svc._get_func_record_for_qualifier(found, details.get("qualifier") or qualifier)
            arn = config["FunctionArn"] if config else f"arn:aws:lambda:{details['region']}:{details['accountId']}:function:{name}"
            with self._logged(principal, details, "lambda", "Invoke") as call:
                self._need(principal, "lambda:InvokeFunction", arn)
                if not func:
                    raise CallRefused(f"ResourceNotFoundException: Function not found: {arn}")
                call["outcome"] = "OK"
            event = json.loads(details["payload"] or "{}")
            result = lambda_svc._execute_function_with_config_scope(lambda_svc._execution_record_for_config(func, config), event)
        body = result.get("body")
        if result.get("throttle"):
            raise CallRefused("TooManyRequestsException: Rate Exceeded.")
        is_text = isinstance(body, str) and bool(result.get("raw_payload") or result.get("error"))
        payload = body.decode() if isinstance(body, bytes) else body if is_text else json.dumps(body)
        failed = {"functionError": result.get("function_error") or "Unhandled"} if result.get("error") else {}
        return {"statusCode": 200, "payload": payload, **failed}

    def call_api(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        """The one API that our documents call."""
        if (details["service"], details["api"]) != ("sts", "GetCallerIdentity"):
            raise CallRefused(f"The local AWS does not call {details['service']}:{details['api']} from an automation.")
        with self._logged(principal, details, "sts", "GetCallerIdentity") as call:
            call["outcome"] = "OK"
        return {"Account": details["accountId"], "Arn": principal}

    def publish(self, principal: str, details: Mapping[str, Any]) -> None:
        topic = details["topicArn"]
        with self._logged(principal, details, "sns", "Publish") as call, request_scope(topic.split(":")[4], topic.split(":")[3]):
            self._need(principal, "sns:Publish", topic)
            found = self._destinations.destination(topic)
            reason = reason_against_key(self._destinations, found, principal, OVER_TLS) if found and app.AUTH else None
            if reason:
                raise CallRefused(f"KMSAccessDenied: {reason.message}")
            try:
                sns.publish_internal(topic, details["message"])
            except sns.SnsPublishError as problem:
                raise CallRefused(str(problem)) from problem
            call["outcome"] = "OK"

    def emit(self, event: Mapping[str, Any], time: float) -> None:
        service_events.emit(time, event["account"], event["region"], event["source"], event["detail-type"], event["detail"], event["resources"])

    def in_background(self, run: Callable[[], None]) -> None:
        concurrency.spawn_background(run, thread_name="automation")

    def _need(self, principal: str, action: str, resource: str) -> None:
        if not self.decide(principal, action, resource, {}):
            raise CallRefused(f"AccessDeniedException: User: {principal} is not authorized to perform: {action} on resource: {resource}")

    def _logged(self, principal: str, details: Mapping[str, Any], service: str, action: str) -> "_Logged":
        where = {"time": self._clock.now(), "account": details["accountId"], "region": details["region"]}
        return _Logged(self._calls, {**where, "principal": principal, "service": service, "action": action, "outcome": "refused"})


class _Logged:
    """Keeps a call in the log, with what came of it."""

    def __init__(self, calls: CallLog, call: dict[str, Any]) -> None:
        self._calls = calls
        self._call = call

    def __enter__(self) -> dict[str, Any]:
        return self._call

    def __exit__(self, kind: Any, problem: BaseException | None, trace: Any) -> None:
        if problem is not None:
            self._call["outcome"] = str(problem)
        self._calls.add(self._call)


def _operation(headers: Any) -> str:
    return str(headers.get("x-amz-target", "")).rsplit(".", 1)[-1]


def _member(body: bytes | None, name: str) -> str:
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return "*"
    return str(content.get(name) or "*") if isinstance(content, dict) else "*"


def _refused(code: str, message: str, statement: str) -> Any:
    headers = {"Content-Type": JSON_TYPE, "x-amzn-errortype": code, STATEMENT_HEADER: statement}
    return 400, headers, json.dumps({"__type": code, "message": message, "Message": message}).encode()
