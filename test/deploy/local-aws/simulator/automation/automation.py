"""The operations of SSM Automation."""

from __future__ import annotations

import re
import uuid
from typing import Any, Callable, Mapping

from backup.clock import Clock, Entry
from backup.errors import NotSimulated, Refused
from signals.ports import Scope

from .documents import Document, Documents, described
from .interpreter import Interpreter
from .listing import EXECUTIONS, STEPS, page
from .world import CallRefused, World

PASS = {"iam:PassedToService": "ssm.amazonaws.com"}
_PARAMETER = re.compile(r"^\{\{\s*(\w+)\s*\}\}$")
STATEMENTS = {
    "AutomationExecutionNotFoundException": "E-212", "InvalidAutomationSignalException": "E-209", "InvalidAutomationStatusUpdateException": "E-209",
}  # fmt: skip
"""The statements of the interpreter's refusals. All others are about the document and its parameters: E-207."""

NOT_IN_A_LIST = ("StepExecutions", "StepExecutionsTruncated", "Parameters", "Tags")


class Automation:
    """Documents and executions of all accounts. `call` is the one entry."""

    def __init__(self, clock: Clock, world: World, interpreter: Interpreter) -> None:
        self._clock = clock
        self._world = world
        self._interpreter = interpreter
        self._due: Entry | None = None
        self._tags: dict[str, dict[str, str]] = {}
        self._running = 0
        self.documents = Documents(lambda content: self._ask({"operation": "check", "document": content}))
        self._operations: dict[str, Callable[[Scope, str, Mapping[str, Any]], dict[str, Any]]] = {
            "CreateDocument": self._create_document,
            "UpdateDocument": self._update_document,
            "UpdateDocumentDefaultVersion": self._set_default_version,
            "DescribeDocument": self._describe_document,
            "GetDocument": self._get_document,
            "DeleteDocument": self._delete_document,
            "StartAutomationExecution": self._start,
            "GetAutomationExecution": self._get,
            "DescribeAutomationExecutions": self._describe_executions,
            "DescribeAutomationStepExecutions": self._describe_steps,
            "SendAutomationSignal": self._signal,
            "StopAutomationExecution": self._stop,
        }

    @property
    def operations(self) -> tuple[str, ...]:
        """What is simulated."""
        return tuple(self._operations)

    @property
    def is_busy(self) -> bool:
        """Whether a call of a step is being answered (E-211)."""
        return self._running > 0

    def reset(self) -> None:
        """Forgets all. Answers of functions that still run are forgotten when they come."""
        self.documents.reset()
        self._tags.clear()
        if self._interpreter.is_running:
            self._ask({"operation": "reset"})

    def call(self, operation: str, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """An operation with AWS's members."""
        if operation not in self._operations:
            raise NotSimulated(operation)
        return self._operations[operation](scope, caller, parameters)

    def tags_of(self, execution: str) -> dict[str, str]:
        """The tags of an execution."""
        return self._tags.get(execution, {})

    # Documents

    def _create_document(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        if parameters.get("DocumentType", "Automation") != "Automation" or parameters.get("DocumentFormat", "JSON") != "JSON":
            raise Refused("InvalidDocumentContent", "The local AWS has documents of the type Automation in JSON.", "E-200")
        content = self.documents.read(parameters["Content"])
        self._may_pass_literal(caller, content)
        tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or []}
        document = self.documents.create(scope, parameters["Name"], parameters["Content"], tags, self._clock.now())
        return {"DocumentDescription": described(document, 1, scope)}

    def _update_document(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        content = self.documents.read(parameters["Content"])
        self._may_pass_literal(caller, content)
        document = self.documents.update(scope, parameters["Name"], parameters["Content"])
        return {"DocumentDescription": described(document, len(document.contents), scope)}

    def _set_default_version(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        document = self.documents.get(scope, parameters["Name"])
        document.default_version = self._version(document, parameters["DocumentVersion"], "InvalidDocumentVersion")
        return {"Description": {"Name": document.name, "DefaultVersion": str(document.default_version)}}

    def _describe_document(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        document = self.documents.get(scope, parameters["Name"])
        number = self._version(document, parameters.get("DocumentVersion"), "InvalidDocumentVersion")
        return {"Document": described(document, number, scope)}

    def _get_document(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        document = self.documents.get(scope, parameters["Name"])
        number = self._version(document, parameters.get("DocumentVersion"), "InvalidDocumentVersion")
        said = described(document, number, scope)
        kept = ("Name", "CreatedDate", "DocumentVersion", "Status", "DocumentType", "DocumentFormat")
        return {"Content": document.contents[number - 1], **{name: said[name] for name in kept}}

    def _delete_document(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        self.documents.delete(scope, parameters["Name"])
        return {}

    def _may_pass_literal(self, caller: str, content: Mapping[str, Any]) -> None:
        role = str(content.get("assumeRole") or "")
        if role.startswith("arn:"):
            self._need(caller, "iam:PassRole", role, PASS, "E-201")

    @staticmethod
    def _version(document: Document, wanted: str | None, code: str) -> int:
        try:
            return document.version(wanted)
        except KeyError as problem:
            raise Refused(code, f"Document {document.name} has no version {wanted}.", "E-212") from problem

    # Executions

    def _start(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        document = self.documents.find(scope, parameters["DocumentName"])
        if document is None:
            raise Refused("AutomationDefinitionNotFoundException", f"Automation definition {parameters['DocumentName']} was not found.", "E-212")
        unknown = {"Targets", "TargetMaps", "TargetLocations", "TargetParameterName", "AlarmConfiguration"} & parameters.keys()
        if unknown or parameters.get("Mode", "Auto") != "Auto":
            raise NotSimulated(f"StartAutomationExecution with {', '.join(sorted(unknown)) or 'Mode'}")
        number = self._version(document, parameters.get("DocumentVersion"), "AutomationDefinitionVersionNotFoundException")
        content, given = document.content(number), dict(parameters.get("Parameters") or {})
        identity = str(uuid.uuid4())
        arn = f"arn:aws:ssm:{scope.region}:{scope.account}:automation-execution/{identity}"
        tags = {tag["Key"]: tag["Value"] for tag in parameters.get("Tags") or []}
        self._need(caller, "ssm:StartAutomationExecution", arn, {f"aws:ResourceTag/{key}": value for key, value in tags.items()}, "E-204")
        if tags:
            requested = {f"aws:RequestTag/{key}": value for key, value in tags.items()}
            self._need(caller, "ssm:AddTagsToResource", arn, {**requested, "aws:TagKeys": list(tags)}, "E-204")
        role = _role(content, given)
        if role:
            self._need(caller, "iam:PassRole", role, PASS, "E-205")
            if not self._world.is_assumable(role, {"aws:SourceAccount": scope.account, "aws:SourceArn": arn}):
                raise Refused("InvalidAutomationExecutionParametersException", "The defined assume role is unable to be assumed.", "E-205")
        request = {
            "document": content, "documentName": document.name, "documentVersion": str(number), "parameters": given, "executedBy": caller,
            "executionId": identity, **({"clientToken": parameters["ClientToken"]} if parameters.get("ClientToken") else {}),
        }  # fmt: skip
        started = str(self._ask({"operation": "start", "request": request}, scope))
        self._tags.setdefault(started, tags)
        return {"AutomationExecutionId": started}

    def _get(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        return {"AutomationExecution": self._execution(scope, parameters)}

    def _execution(self, scope: Scope, parameters: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = self._ask({"operation": "get", "id": parameters["AutomationExecutionId"]}, scope)
        return found

    def _describe_executions(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        executions = [{**each, "Tags": self.tags_of(each["AutomationExecutionId"])} for each in self._ask({"operation": "list"}, scope)]
        found, more = page(executions, EXECUTIONS, parameters)
        listed = [{**{key: value for key, value in each.items() if key not in NOT_IN_A_LIST}, "AutomationType": "Local"} for each in found]
        return {"AutomationExecutionMetadataList": listed, **more}

    def _describe_steps(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        steps = self._execution(scope, parameters)["StepExecutions"]
        found, more = page(steps[::-1] if parameters.get("ReverseOrder") else steps, STEPS, parameters)
        return {"StepExecutions": found, **more}

    def _signal(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        comments = (parameters.get("Payload") or {}).get("Comment") or []
        self._ask(
            {"operation": "signal", "id": parameters["AutomationExecutionId"], "type": parameters["SignalType"], "by": caller,
             **({"comment": comments[0]} if comments else {})}, scope,
        )  # fmt: skip
        return {}

    def _stop(self, scope: Scope, caller: str, parameters: Mapping[str, Any]) -> dict[str, Any]:
        self._ask({"operation": "stop", "id": parameters["AutomationExecutionId"], "type": parameters.get("Type") or "Cancel"}, scope)
        return {}

    def _need(self, caller: str, action: str, resource: str, context: Mapping[str, Any], statement: str) -> None:
        if not self._world.decide(caller, action, resource, context):
            raise Refused("AccessDeniedException", f"User: {caller} is not authorized to perform: {action} on resource: {resource}", statement)

    # The interpreter

    def _ask(self, request: dict[str, Any], scope: Scope | None = None) -> Any:
        """Asks the interpreter, and does what follows: events, calls, the time of the next thing."""
        with self._clock.lock:
            now = self._clock.now()
            where = {"account": scope.account, "region": scope.region} if scope else {}
            answer = self._interpreter.ask({**request, **where, "now": round(now * 1000)})
            for call in answer["calls"]:
                self._begin(call)
            if self._due:
                self._due.cancel()
            self._due = self._clock.at(answer["due"] / 1000, lambda: self._ask({"operation": "poll"})) if answer.get("due") else None
            for event in answer["events"]:  # E-210
                self._world.emit(event, now)
        refused = answer.get("refused")
        if refused:
            raise Refused(refused["code"], refused["message"], STATEMENTS.get(refused["code"], "E-207"))
        return answer.get("result")

    def _begin(self, call: Mapping[str, Any]) -> None:
        details = call["details"]
        make = {"invoke": self._world.invoke, "api": self._world.call_api, "publish": self._world.publish}[call["kind"]]
        principal = principal_of(details)

        def run() -> None:
            answer: dict[str, Any]
            try:
                answer = {"result": make(principal, details)}
            except CallRefused as problem:
                answer = {"error": str(problem)}
            except Exception as problem:  # noqa: BLE001 - the step would wait forever
                answer = {"error": f"The local AWS met a problem: {problem!r}"}
            with self._clock.lock:
                self._running -= 1
                self._ask({"operation": "answer", "call": call["call"], **answer})

        self._running += 1
        self._world.in_background(run)


def principal_of(details: Mapping[str, Any]) -> str:
    """The session that a step calls with (E-206)."""
    role = details.get("role")
    if not role:
        return str(details["executedBy"])
    return f"arn:aws:sts::{role.split(':')[4]}:assumed-role/{role.rsplit('/', 1)[-1]}/Automation-{details['executionId']}"


def _role(content: Mapping[str, Any], given: Mapping[str, Any]) -> str:
    """The role of a start: literal, or the value of a parameter."""
    role = str(content.get("assumeRole") or "")
    parameter = _PARAMETER.match(role)
    if not parameter:
        return role
    name = parameter.group(1)
    values = given.get(name) or [content.get("parameters", {}).get(name, {}).get("default", "")]
    return str(values[0])
