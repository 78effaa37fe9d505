"""What Service Quotas says of AWS Fargate (E-179)."""

from __future__ import annotations

from typing import Any

from backup.errors import NotSimulated, Refused
from signals.ports import Scope

from .state import Params, Record

FARGATE = "fargate"
ON_DEMAND, SPOT = "L-3032A538", "L-36FBB829"
NAMES = {ON_DEMAND: "Fargate On-Demand vCPU resource count", SPOT: "Fargate Spot vCPU resource count"}
OF_A_NEW_ACCOUNT = 6.0
"""vCPUs of each kind, in an account and Region that nobody has asked more for."""


class Quotas:
    """The quotas of all accounts."""

    def __init__(self) -> None:
        self._applied: dict[tuple[Scope, str], float] = {}

    def call(self, operation: str, scope: Scope, params: Params) -> dict[str, Any]:
        """Does what the operation does, or raises Refused."""
        if operation in ("ListServiceQuotas", "ListAWSDefaultServiceQuotas"):
            codes = list(NAMES) if params["ServiceCode"] == FARGATE else []
            return {"Quotas": [self._quota(scope, code, operation == "ListServiceQuotas") for code in codes]}
        if operation not in ("GetServiceQuota", "GetAWSDefaultServiceQuota"):
            raise NotSimulated(operation)
        if params["ServiceCode"] != FARGATE or params["QuotaCode"] not in NAMES:
            raise Refused("NoSuchResourceException", "The specified quota does not exist.", "E-179")
        return {"Quota": self._quota(scope, params["QuotaCode"], operation == "GetServiceQuota")}

    def apply(self, scope: Scope, code: str, value: float) -> None:
        """AWS has granted another value."""
        self._applied[scope, code] = value

    def fargate_vcpu(self, scope: Scope) -> float:
        """How many vCPUs may run on demand."""
        return self._applied.get((scope, ON_DEMAND), OF_A_NEW_ACCOUNT)

    def _quota(self, scope: Scope, code: str, is_applied: bool) -> Record:
        value = self._applied.get((scope, code), OF_A_NEW_ACCOUNT) if is_applied else OF_A_NEW_ACCOUNT
        return {
            "ServiceCode": FARGATE,
            "ServiceName": "AWS Fargate",
            "QuotaArn": f"arn:aws:servicequotas:{scope.region}:{scope.account}:{FARGATE}/{code}",
            "QuotaCode": code,
            "QuotaName": NAMES[code],
            "Value": value,
            "Unit": "None",
            "Adjustable": True,
            "GlobalQuota": False,
        }

    def reset(self) -> None:
        """Forgets what was granted."""
        self._applied.clear()
