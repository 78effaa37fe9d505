"""How a deployment goes on: tasks start or do not, targets become healthy or do not, and it completes or fails (E-111, E-114, E-171 to E-173)."""

from __future__ import annotations

import math

from .deployments import REVISION_MEMBERS, add_revision, path_of, resolve_images
from .state import Context, Params, Record, Region
from .task_definition_checks import cpu_units
from .task_definitions import find

SECONDS_TO_START = 60.0
"""Until a task runs, or has failed to start (E-171)."""

SECONDS_TO_DEPLOY = 180.0
"""From the beginning of a deployment until its tasks are healthy and the old ones are gone (E-114)."""

LONGEST_WAIT = 27 * 60.0
"""Amazon ECS waits longer and longer before it starts a task that failed again, up to 27 minutes (E-172)."""

LEAST_FAILURES, MOST_FAILURES = 3, 200
"""How many tasks fail before the circuit breaker trips: half of the desired ones, within these bounds (E-173)."""

UNITS = 1024
"""CPU units of a vCPU."""

IN_PROGRESS, FAILED = "IN_PROGRESS", "FAILED"
BREAKER = "ECS deployment circuit breaker"
IN_DEPLOYMENT = ("serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations")


def begin(context: Context, region: Region, service: Record, params: Params, reason: str = "") -> None:
    """A deployment of a service begins, with what it was given."""
    now = context.clock.now()
    number = context.number(service["serviceArn"])
    if service["deploymentController"]["type"] == "EXTERNAL" or not service.get("taskDefinition"):
        return
    fargate = service.get("launchType") == "FARGATE" or any(item["capacityProvider"].startswith("FARGATE") for item in service.get("capacityProviderStrategy") or [])
    if fargate:
        service.setdefault("platformVersion", "LATEST")
        service["platformFamily"] = "Linux"
    revision = add_revision(context, region, service, params)
    deployment: Record = {
        "id": f"ecs-svc/{number}",
        "status": "PRIMARY",
        "taskDefinition": service["taskDefinition"],
        "desiredCount": service["desiredCount"],
        "pendingCount": service["desiredCount"],
        "runningCount": 0,
        "failedTasks": 0,
        "createdAt": now,
        "updatedAt": now,
        **{name: service[name] for name in ("launchType", "capacityProviderStrategy", "platformVersion", "platformFamily", "networkConfiguration") if name in service},
        **{name: params[name] for name in IN_DEPLOYMENT if params.get(name)},
        "rolloutState": IN_PROGRESS,
        "rolloutStateReason": reason or f"ECS deployment ecs-svc/{number} in progress.",
    }
    for old in service["deployments"]:
        old["status"] = "ACTIVE"
    service["deployments"].insert(0, deployment)
    service["pendingCount"] = service["desiredCount"]
    summary = {"arn": revision["serviceRevisionArn"], "requestedTaskCount": service["desiredCount"], "runningTaskCount": 0, "pendingTaskCount": service["desiredCount"]}
    service["currentServiceRevisions"].insert(0, summary)
    arn = region.arn(f"service-deployment/{path_of(service)}/{number}")
    region.deployments[arn] = {
        "serviceDeploymentArn": arn, "serviceArn": service["serviceArn"], "clusterArn": service["clusterArn"], "createdAt": now, "startedAt": now,
        "updatedAt": now, "status": IN_PROGRESS, "targetServiceRevision": summary, "deploymentConfiguration": service["deploymentConfiguration"],
    }  # fmt: skip
    service["currentServiceDeployment"] = arn
    _emit(context, region, service, deployment)
    context.clock.at(now + SECONDS_TO_START, lambda: _start(context, region, service, deployment))


def scale(context: Context, region: Region, service: Record) -> None:
    """Another number of tasks is wanted of a service. Those of a deployment that is going on start with it."""
    count, now = service["desiredCount"], context.clock.now()
    for deployment in service["deployments"][:1]:
        deployment.update(desiredCount=count, updatedAt=now)
        service["pendingCount"] = deployment["pendingCount"] = max(0, count - deployment["runningCount"])
        if deployment["rolloutState"] != IN_PROGRESS:
            context.clock.at(now + SECONDS_TO_START, lambda: _start(context, region, service, deployment))


def settle(context: Context, region: Region, service: Record) -> None:
    """What CloudFormation waits for has happened: the tasks run (E-116)."""
    if service["status"] != "ACTIVE":
        return
    for deployment in list(service["deployments"])[:1]:
        _run(service, deployment)
        if deployment["rolloutState"] == IN_PROGRESS:
            _complete(context, region, service, deployment)


def _is_newest(service: Record, deployment: Record) -> bool:
    """Only the newest deployment of an active service goes on; older ones were replaced by it."""
    return service["status"] == "ACTIVE" and bool(service["deployments"]) and service["deployments"][0] is deployment and deployment["rolloutState"] != FAILED


def _start(context: Context, region: Region, service: Record, deployment: Record) -> None:
    """The tasks that are wanted start. If they can't, Amazon ECS tries again later."""
    if not _is_newest(service, deployment):
        return
    problem = _problem(context, region, service)
    if problem and service["desiredCount"] > deployment["runningCount"]:
        _task_failed(context, region, service, deployment, problem)
        return
    _run(service, deployment)
    if deployment["rolloutState"] == IN_PROGRESS:
        healthy = context.clock.now() + SECONDS_TO_DEPLOY - SECONDS_TO_START
        context.clock.at(healthy, lambda: _become_steady(context, region, service, deployment))


def _problem(context: Context, region: Region, service: Record) -> str | None:
    problem = context.world.task_problem(region.scope, find(region, service["taskDefinition"]) or {})
    if problem:
        return f"failed to launch a task with (error {problem})."
    wanted = _units(region, service) * service["desiredCount"] if _is_on_demand(service) else 0
    used = sum(_units(region, other) * other["runningCount"] for other in region.services.values() if other is not service and _is_on_demand(other))
    if wanted and used + wanted > context.world.vcpu_quota(region.scope) * UNITS:
        return "was unable to place a task. Reason: You've reached the limit on the number of vCPUs you can run concurrently."
    return None


def _is_on_demand(service: Record) -> bool:
    return service.get("launchType") == "FARGATE" or any(item["capacityProvider"] == "FARGATE" for item in service.get("capacityProviderStrategy") or [])


def _units(region: Region, service: Record) -> int:
    definition = find(region, service.get("taskDefinition") or "") or {}
    return cpu_units(str(definition.get("cpu") or 0))


def _become_steady(context: Context, region: Region, service: Record, deployment: Record) -> None:
    if not _is_newest(service, deployment) or deployment["rolloutState"] != IN_PROGRESS:
        return
    problem = context.world.target_problem(region.scope, service)
    if problem and service["desiredCount"] > 0:
        deployment["runningCount"] = 0
        _task_failed(context, region, service, deployment, problem)
        return
    _run(service, deployment)
    _complete(context, region, service, deployment)


def _run(service: Record, deployment: Record) -> None:
    count = service["desiredCount"]
    deployment.update(runningCount=count, pendingCount=0, desiredCount=count)
    service.update(runningCount=count, pendingCount=0)
    for summary in service["currentServiceRevisions"][:1]:
        summary.update(requestedTaskCount=count, runningTaskCount=count, pendingTaskCount=0)


def _task_failed(context: Context, region: Region, service: Record, deployment: Record, message: str) -> None:
    """Tasks of a deployment failed. The circuit breaker counts them; without it Amazon ECS tries again for ever."""
    now, count = context.clock.now(), service["desiredCount"]
    rounds = deployment["failedTasks"] // max(1, count)
    deployment["failedTasks"] += count
    deployment.update(pendingCount=count - deployment["runningCount"], updatedAt=now)
    service.update(runningCount=max(one["runningCount"] for one in service["deployments"]), pendingCount=deployment["pendingCount"])
    _note(context, service, message)
    breaker = service["deploymentConfiguration"]["deploymentCircuitBreaker"]
    threshold = min(MOST_FAILURES, max(LEAST_FAILURES, math.ceil(count / 2)))
    if breaker.get("enable") and deployment["rolloutState"] == IN_PROGRESS and deployment["failedTasks"] >= threshold:
        _fail(context, region, service, deployment, bool(breaker.get("rollback")))
        return
    wait = min(LONGEST_WAIT, SECONDS_TO_START * 2 ** min(rounds, 10))
    context.clock.at(now + wait, lambda: _start(context, region, service, deployment))


def _fail(context: Context, region: Region, service: Record, deployment: Record, is_rolled_back: bool) -> None:
    """The circuit breaker ends a deployment. Where an earlier one has completed, it can be rolled back to."""
    now = context.clock.now()
    deployment.update(rolloutState=FAILED, rolloutStateReason=f"{BREAKER}: tasks failed to start.", runningCount=0, pendingCount=0, updatedAt=now)
    service["pendingCount"] = 0
    ended = region.deployments[service.pop("currentServiceDeployment")]
    ended.update(status="STOPPED", statusReason=deployment["rolloutStateReason"], updatedAt=now, stoppedAt=now)
    _emit(context, region, service, deployment)
    last = next((one for one in service["deployments"] if one["rolloutState"] == "COMPLETED"), None)
    if is_rolled_back and last is not None:
        ended["status"] = "ROLLBACK_IN_PROGRESS"
        before = region.revisions[service["currentServiceRevisions"][service["deployments"].index(last)]["arn"]]
        service.update({name: before[name] for name in ("taskDefinition", *REVISION_MEMBERS) if name in before})
        begin(context, region, service, before, f"{BREAKER}: rolling back to deploymentId {last['id']}.")


def _complete(context: Context, region: Region, service: Record, deployment: Record) -> None:
    now = context.clock.now()
    deployment.update(rolloutState="COMPLETED", rolloutStateReason=f"ECS deployment {deployment['id']} completed.", updatedAt=now)
    service["deployments"] = [deployment]
    service["currentServiceRevisions"] = service["currentServiceRevisions"][:1]
    resolve_images(context, region.revisions[service["currentServiceRevisions"][0]["arn"]])
    finished = region.deployments[service.pop("currentServiceDeployment")]
    finished.update(status="SUCCESSFUL", finishedAt=now, updatedAt=now)
    for other in region.deployments.values():
        if other["serviceArn"] == service["serviceArn"] and other["status"] == "ROLLBACK_IN_PROGRESS":
            other["status"] = "ROLLBACK_SUCCESSFUL"
    _note(context, service, "has reached a steady state.")
    _emit(context, region, service, deployment)


def _note(context: Context, service: Record, message: str) -> None:
    """One of the newest hundred events of a service."""
    event = {"id": context.number("event"), "createdAt": context.clock.now(), "message": f"(service {service['serviceName']}) {message}"}
    service["events"] = [event, *service["events"]][:100]


def _emit(context: Context, region: Region, service: Record, deployment: Record) -> None:
    state = deployment["rolloutState"]
    detail = {
        "eventType": "ERROR" if state == FAILED else "INFO",
        "eventName": f"SERVICE_DEPLOYMENT_{state}",
        "deploymentId": deployment["id"],
        "updatedAt": deployment["updatedAt"],
        "reason": deployment["rolloutStateReason"],
    }
    context.world.emit(region.scope, "ECS Deployment State Change", detail, [service["serviceArn"]])
