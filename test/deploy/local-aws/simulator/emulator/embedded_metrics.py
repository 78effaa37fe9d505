"""Metrics in the log lines of functions go to the evaluator of alarms."""

from __future__ import annotations

from typing import Any

from messaging.embedded_metrics import data_in
from ministack.core.responses import get_account_id, get_region
from ministack.services import lambda_svc
from signals.metrics import Metrics, metric, value
from signals.ports import Scope


def install(metrics: Metrics) -> None:
    """Reads what each run of a function writes."""
    emit = lambda_svc._emit_lambda_logs

    def emit_and_measure(func: Any, request_id: str, log_text: str, *rest: Any, **more: Any) -> None:
        emit(func, request_id, log_text, *rest, **more)
        scope = Scope(get_account_id(), get_region())
        for line in (log_text or "").splitlines():
            for datum in data_in(line):
                metrics.put(metric(scope, datum.namespace, datum.name, datum.dimensions), datum.time, value(datum.value))

    lambda_svc._emit_lambda_logs = emit_and_measure
