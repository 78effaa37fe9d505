"""AWS::Budgets::Budget, of which ministack has the API and not the type."""

from __future__ import annotations

from typing import Any

from ministack.services import budgets

from emulator.answers import succeeded
from emulator.cloudformation.registry import Created, Properties, physical_name, register


def install() -> None:
    """Makes the type known."""
    register("AWS::Budgets::Budget", _create, _delete, _update, ("NotificationsWithSubscribers", "ResourceTags"))


def _create(logical_id: str, properties: Properties, stack: str) -> Created:
    budget = _typed(properties["Budget"])
    budget.setdefault("BudgetName", physical_name(stack, logical_id, 100))
    notifications = [_notification(entry) for entry in properties.get("NotificationsWithSubscribers", [])]
    succeeded(budgets._create_budget({"Budget": budget, "NotificationsWithSubscribers": notifications}))
    return budget["BudgetName"], {}


def _update(physical_id: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
    succeeded(budgets._update_budget({"NewBudget": {**_typed(new["Budget"]), "BudgetName": physical_id}}))
    return physical_id, {}


def _delete(physical_id: str, properties: Properties) -> None:
    if physical_id in budgets._budgets:
        succeeded(budgets._delete_budget({"BudgetName": physical_id}))


def _typed(budget: Properties) -> dict[str, Any]:
    """The API takes an amount as a string."""
    typed = dict(budget)
    if "BudgetLimit" in typed:
        typed["BudgetLimit"] = {**typed["BudgetLimit"], "Amount": str(typed["BudgetLimit"]["Amount"])}
    return typed


def _notification(entry: Properties) -> dict[str, Any]:
    threshold = float(entry["Notification"]["Threshold"])
    return {**entry, "Notification": {**entry["Notification"], "Threshold": threshold}}
