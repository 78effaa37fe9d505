"""Types of Amazon ECS: every property goes through to the API, whose checks run."""

from __future__ import annotations

from typing import Any

import botocore.session
from backup.errors import Refused
from ministack.core.responses import get_account_id, get_region
from signals.ports import Scope

from emulator.answers import ServiceRefused
from emulator.cloudformation.api_members import members_of
from emulator.cloudformation.registry import Created, Properties, physical_name, register
from emulator.ecs import LocalEcs

RENAMED = {"clusterSettings": "settings", "proxyConfigurationProperties": "properties"}
"""Properties whose members have another name in the API."""

NOT_OF_THE_API = ("forceNewDeployment", "serviceArn", "tags")
DEFINITION_REPLACES = (
    "ContainerDefinitions", "Cpu", "EnableFaultInjection", "EphemeralStorage", "ExecutionRoleArn", "Family", "InferenceAccelerators", "IpcMode",
    "Memory", "NetworkMode", "PidMode", "PlacementConstraints", "ProxyConfiguration", "RequiresCompatibilities", "RuntimePlatform", "TaskRoleArn",
    "Volumes",
)  # fmt: skip
ON_CREATION_ONLY = ("launchType", "role", "schedulingStrategy", "serviceName", "cluster")


class EcsTypes:
    """The types, over the simulated Amazon ECS."""

    def __init__(self, local: LocalEcs) -> None:
        self._local = local
        self._model = botocore.session.Session().get_service_model("ecs")

    def install(self) -> None:
        """Makes the types known."""
        tags = ("Tags", "list")
        register("AWS::ECS::Cluster", self._create_cluster, self._delete_cluster, self._update_cluster, ("ClusterName",), tags)
        register("AWS::ECS::TaskDefinition", self._create_definition, self._delete_definition, self._retag, DEFINITION_REPLACES, tags)
        replaces = ("Cluster", "LaunchType", "Role", "SchedulingStrategy", "ServiceName")
        register("AWS::ECS::Service", self._create_service, self._delete_service, self._update_service, replaces, tags)
        provider = "AWS::ECS::CapacityProvider"
        register(provider, self._create_provider, self._delete_provider, self._update_provider, ("Name",), tags)
        associations = "AWS::ECS::ClusterCapacityProviderAssociations"
        register(associations, self._associate, self._dissociate, self._associate_again, ("Cluster",))

    def _call(self, operation: str, properties: Properties, **more: Any) -> dict[str, Any]:
        shape = self._model.operation_model(operation).input_shape
        request = {**members_of(properties, shape, RENAMED), **more}
        try:
            return self._local.call("ecs", operation, request)
        except Refused as refused:
            raise ServiceRefused(f"{refused.code}: {refused.message} [{refused.statement}]") from refused

    def _create_cluster(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("ClusterName") or physical_name(stack, logical_id, 255)
        made = self._call("CreateCluster", properties, clusterName=name)
        return name, {"Arn": made["cluster"]["clusterArn"]}

    def _update_cluster(self, name: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        changed = {key: value for key, value in new.items() if key in ("ClusterSettings", "Configuration", "ServiceConnectDefaults")}
        made = self._call("UpdateCluster", changed, cluster=name)
        if "CapacityProviders" in new or "CapacityProviders" in old:
            self._associate_with(name, new.get("CapacityProviders") or [], new)
        self._replace_tags(made["cluster"]["clusterArn"], old, new)
        return name, {"Arn": made["cluster"]["clusterArn"]}

    def _delete_cluster(self, name: str, properties: Properties) -> None:
        self._call("DeleteCluster", {}, cluster=name)

    def _create_definition(self, logical_id: str, properties: Properties, stack: str) -> Created:
        family = properties.get("Family") or physical_name(stack, logical_id, 255)
        arn = self._call("RegisterTaskDefinition", properties, family=family)["taskDefinition"]["taskDefinitionArn"]
        return arn, {"TaskDefinitionArn": arn}

    def _delete_definition(self, arn: str, properties: Properties) -> None:
        self._call("DeregisterTaskDefinition", {}, taskDefinition=arn)

    def _retag(self, arn: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        self._replace_tags(arn, old, new)
        return arn, {"TaskDefinitionArn": arn}

    def _create_service(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("ServiceName") or physical_name(stack, logical_id, 255)
        given = {key: value for key, value in properties.items() if key not in ("ForceNewDeployment", "ServiceArn")}
        service = self._call("CreateService", given, serviceName=name)["service"]
        return self._settled(service)

    def _update_service(self, arn: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        shape = self._model.operation_model("CreateService").input_shape
        before, after = (members_of(properties, shape, RENAMED) for properties in (old, new))
        changed = {key: value for key, value in after.items() if value != before.get(key) and key not in (*NOT_OF_THE_API, *ON_CREATION_ONLY)}
        again = {"forceNewDeployment": True} if old.get("ForceNewDeployment") != new.get("ForceNewDeployment") else {}
        service = self._call("UpdateService", {}, cluster=_cluster_of(arn), service=arn, **changed, **again)["service"]
        self._replace_tags(arn, old, new)
        return self._settled(service)

    def _settled(self, service: dict[str, Any]) -> Created:
        arn = service["serviceArn"]
        self._local.ecs.wait_for(Scope(get_account_id(), get_region()), _cluster_of(arn), service["serviceName"])
        return arn, {"ServiceArn": arn, "Name": service["serviceName"]}

    def _delete_service(self, arn: str, properties: Properties) -> None:
        try:
            service = self._call("DeleteService", {}, cluster=_cluster_of(arn), service=arn, force=True)["service"]
        except ServiceRefused as refused:
            if "NotFoundException" in str(refused):
                return
            raise
        self._settled(service)

    def _create_provider(self, logical_id: str, properties: Properties, stack: str) -> Created:
        name = properties.get("Name") or physical_name(stack, logical_id, 255)
        made = self._call("CreateCapacityProvider", properties, name=name)
        return name, {"Arn": made["capacityProvider"]["capacityProviderArn"]}

    def _update_provider(self, name: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        made = self._call("UpdateCapacityProvider", {key: value for key, value in new.items() if key != "Tags"}, name=name)["capacityProvider"]
        self._replace_tags(made["capacityProviderArn"], old, new)
        return name, {"Arn": made["capacityProviderArn"]}

    def _delete_provider(self, name: str, properties: Properties) -> None:
        self._call("DeleteCapacityProvider", {}, capacityProvider=name)

    def _associate(self, logical_id: str, properties: Properties, stack: str) -> Created:
        self._associate_with(properties["Cluster"], properties["CapacityProviders"], properties)
        return properties["Cluster"], {}

    def _associate_again(self, cluster: str, old: Properties, new: Properties, stack: str, logical_id: str) -> Created:
        self._associate_with(cluster, new["CapacityProviders"], new)
        return cluster, {}

    def _dissociate(self, cluster: str, properties: Properties) -> None:
        self._associate_with(cluster, [], {})

    def _associate_with(self, cluster: str, providers: list[str], properties: Properties) -> None:
        strategy = {"DefaultCapacityProviderStrategy": properties.get("DefaultCapacityProviderStrategy") or []}
        self._call("PutClusterCapacityProviders", strategy, cluster=cluster, capacityProviders=providers)

    def _replace_tags(self, arn: str, old: Properties, new: Properties) -> None:
        before, after = ({tag["Key"]: tag["Value"] for tag in properties.get("Tags") or []} for properties in (old, new))
        gone = sorted(before.keys() - after.keys())
        if gone:
            self._call("UntagResource", {}, resourceArn=arn, tagKeys=gone)
        if after:
            self._call("TagResource", {"Tags": new["Tags"]}, resourceArn=arn)


def _cluster_of(service: str) -> str:
    return service.split("/")[1]
