"""A simulated SSM Automation with a clock of its own, and a world that keeps what it was told."""

from __future__ import annotations

import json
import threading
from typing import Any, Callable, Mapping

from automation.automation import Automation
from automation.interpreter import Interpreter
from automation.world import CallRefused
from backup.clock import Clock
from signals.ports import Scope

SCOPE = Scope("111111111111", "eu-west-1")
OPERATOR = "arn:aws:sts::111111111111:assumed-role/Operator/night"
BOSS = "arn:aws:sts::111111111111:assumed-role/Boss/night"
ROLE = "arn:aws:iam::111111111111:role/Automation"


class FakeWorld:
    """Allows everything that is not in `denied`."""

    def __init__(self) -> None:
        self.denied: set[str] = set()
        self.assumable = True
        self.asked: list[tuple[str, str, str, dict[str, Any]]] = []
        self.invoked: list[tuple[str, str]] = []
        self.published: list[tuple[str, str]] = []
        self.events: list[Mapping[str, Any]] = []
        self.function: Callable[[Any], Any] = lambda event: "DONE"
        self.threads: list[threading.Thread] = []

    def decide(self, principal: str, action: str, resource: str, context: Mapping[str, Any]) -> bool:
        self.asked.append((principal, action, resource, dict(context)))
        return action not in self.denied

    def is_assumable(self, role: str, context: Mapping[str, Any]) -> bool:
        return self.assumable

    def invoke(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        if "lambda:InvokeFunction" in self.denied:
            raise CallRefused("AccessDeniedException: no")
        self.invoked.append((principal, details["payload"]))
        try:
            return {"statusCode": 200, "payload": json.dumps(self.function(json.loads(details["payload"] or "{}")))}
        except ValueError as problem:
            return {"statusCode": 200, "functionError": "Unhandled", "payload": json.dumps({"errorMessage": str(problem)})}

    def call_api(self, principal: str, details: Mapping[str, Any]) -> dict[str, Any]:
        return {"Account": details["accountId"]}

    def publish(self, principal: str, details: Mapping[str, Any]) -> None:
        self.published.append((details["topicArn"], details["message"]))

    def emit(self, event: Mapping[str, Any], time: float) -> None:
        self.events.append(event)

    def in_background(self, run: Callable[[], None]) -> None:
        thread = threading.Thread(target=run)
        self.threads.append(thread)
        thread.start()


class Simulated:
    """The service, and what a test does with it."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.seconds = 1_772_420_400.0
        self.clock = Clock(lambda: self.seconds)
        self.world = FakeWorld()
        self.automation = Automation(self.clock, self.world, interpreter)
        self.automation.reset()

    def call(self, operation: str, caller: str = OPERATOR, **parameters: Any) -> dict[str, Any]:
        return self.automation.call(operation, SCOPE, caller, parameters)

    def create(self, document: Mapping[str, Any], name: str = "Runbook") -> dict[str, Any]:
        return self.call("CreateDocument", Name=name, Content=json.dumps(document), DocumentType="Automation")

    def start(self, document: Mapping[str, Any], **parameters: Any) -> str:
        """Creates a document, starts it and waits for the answers of functions."""
        self.create(document)
        started = str(self.call("StartAutomationExecution", DocumentName="Runbook", **parameters)["AutomationExecutionId"])
        self.settle()
        return started

    def settle(self) -> None:
        """Waits until no call is being answered."""
        while self.world.threads:
            self.world.threads.pop().join(10)
        assert not self.automation.is_busy

    def forward(self, seconds: float) -> None:
        self.clock.advance_to(self.clock.now() + seconds)
        self.settle()

    def execution(self, identity: str) -> dict[str, Any]:
        found: dict[str, Any] = self.call("GetAutomationExecution", AutomationExecutionId=identity)["AutomationExecution"]
        return found
