"""A service of Amazon ECS with its scaling is lost and comes back, by the calls of a role that may do this and nothing else."""

from __future__ import annotations

import json
from typing import Any, Iterator

import botocore.exceptions
import pytest
from running import PRIMARY, WORKLOAD, RunningLocalAws

NAME = {"cluster": "main", "service": "app"}
TARGET = {"ServiceNamespace": "ecs", "ResourceId": "service/main/app", "ScalableDimension": "ecs:service:DesiredCount"}
TRACKING = {"TargetValue": 60.0, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
IMAGE = f"{WORKLOAD}.dkr.ecr.{PRIMARY}.amazonaws.com/app"


def arn(service: str, resource: str) -> str:
    return f"arn:aws:{service}:{PRIMARY}:{WORKLOAD}:{resource}"


def allow(*actions: str, on: Any = "*", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": list(actions), "Resource": on, **({"Condition": condition} if condition else {})}


def role(name: str, service: str, *statements: dict[str, Any]) -> dict[str, Any]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    policies = [{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17", "Statement": list(statements)}}] if statements else []
    return {"Type": "AWS::IAM::Role", "Properties": {"RoleName": name, "AssumeRolePolicyDocument": trust, "Policies": policies}}


def surroundings() -> dict[str, Any]:
    """What a service needs and a restore finds: nothing of Amazon ECS."""
    pull = allow("ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")
    balancer = {"Name": "lb", "Subnets": [{"Ref": "Subnet"}], "Scheme": "internal"}
    group = {"Name": "app", "Port": 80, "Protocol": "HTTP", "TargetType": "ip", "VpcId": {"Ref": "Vpc"}}
    forward = [{"Type": "forward", "TargetGroupArn": {"Ref": "Targets"}}]
    return {"Resources": {
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}}},
        "Balancer": {"Type": "AWS::ElasticLoadBalancingV2::LoadBalancer", "Properties": balancer},
        "Targets": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": group},
        "Unused": {"Type": "AWS::ElasticLoadBalancingV2::TargetGroup", "Properties": {**group, "Name": "unused"}},
        "Listener": {"Type": "AWS::ElasticLoadBalancingV2::Listener", "Properties": {
            "LoadBalancerArn": {"Ref": "Balancer"}, "Port": 80, "Protocol": "HTTP", "DefaultActions": forward}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "/app"}},
        "Secret": {"Type": "AWS::SecretsManager::Secret", "Properties": {"Name": "password", "SecretString": "s"}},
        "Parameter": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/app/mode", "Type": "String", "Value": "v"}},
        "Repository": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "app"}},
        "Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "q"}},
        "Namespace": {"Type": "AWS::ServiceDiscovery::HttpNamespace", "Properties": {"Name": "apps"}},
        "Registry": {"Type": "AWS::ServiceDiscovery::Service", "Properties": {"Name": "app", "NamespaceId": {"Ref": "Namespace"}}},
        "Execution": role("execution", "ecs-tasks.amazonaws.com", pull, allow("secretsmanager:GetSecretValue", "ssm:GetParameters")),
        "Task": role("task", "ecs-tasks.amazonaws.com"),
        "OnPath": {"Type": "AWS::IAM::Role", "Properties": {**role("on-path", "ecs-tasks.amazonaws.com")["Properties"], "Path": "/apps/"}},
        "NoSecrets": role("no-secrets", "ecs-tasks.amazonaws.com", pull),
        "Wrong": role("wrong", "lambda.amazonaws.com"),
        "Hook": role("hook", "ecs.amazonaws.com"),
        "Events": role("events", "events.amazonaws.com"),
        "Scheduler": role("scheduler", "scheduler.amazonaws.com", allow("sqs:SendMessage")),
    }}  # fmt: skip


def restorer() -> list[dict[str, Any]]:
    """What the restoring role may do: on literal resources, where IAM has resources for the action."""
    cluster, service, targets = arn("ecs", "cluster/main"), arn("ecs", "service/main/*"), arn("application-autoscaling", "scalable-target/*")
    passed = {"execution": "ecs-tasks", "task": "ecs-tasks", "hook": "ecs", "events": "events", "scheduler": "scheduler"}
    roles = {name: f"arn:aws:iam::{WORKLOAD}:role/{name}" for name in passed}
    return [
        allow("ecs:CreateCluster", "ecs:PutClusterCapacityProviders", "ecs:UpdateCluster", "ecs:DescribeClusters", on=cluster),
        allow("ecs:CreateService", "ecs:UpdateService", "ecs:DescribeServices", on=service),
        allow("ecs:RegisterTaskDefinition", "ecs:DescribeTaskDefinition", "ecs:ListTaskDefinitions", "ecs:DeregisterTaskDefinition"),
        allow("ecs:TagResource", "ecs:ListTagsForResource", on=[cluster, service]),
        allow("ecs:TagResource", on=arn("ecs", "task-definition/app:*"), StringEquals={"ecs:CreateAction": "RegisterTaskDefinition", "aws:RequestTag/team": "a"}),
        allow(*(f"application-autoscaling:{name}" for name in ("RegisterScalableTarget", "PutScalingPolicy", "PutScheduledAction")), on=targets),
        allow("application-autoscaling:DescribeScalableTargets", "cloudwatch:DescribeAlarms"),
        allow("cloudwatch:PutMetricAlarm", on=arn("cloudwatch", "alarm:TargetTracking-service/main/*")),
        *(allow("iam:PassRole", on=roles[name], StringEquals={"iam:PassedToService": f"{to}.amazonaws.com"}) for name, to in passed.items()),
        allow("iam:GetRole", on=[roles["execution"], f"arn:aws:iam::{WORKLOAD}:role/apps/on-path"]),
        allow("elasticloadbalancing:DescribeTargetHealth", "elasticloadbalancing:DescribeTargetGroups", "ec2:DescribeSubnets", "ec2:DescribeSecurityGroups"),
        allow("servicequotas:GetAWSDefaultServiceQuota", "ssm:DescribeParameters", "servicediscovery:ListNamespaces", "logs:DescribeLogGroups"),
        allow("servicequotas:GetServiceQuota", on=arn("servicequotas", "fargate/L-3032A538"), StringEquals={"servicequotas:service": "fargate"}),
        allow("secretsmanager:DescribeSecret", on=arn("secretsmanager", "secret:password-??????")),
        allow("ssm:GetParameters", on=arn("ssm", "parameter/app/mode")),
        allow("servicediscovery:GetService", on=arn("servicediscovery", "service/*")),
        allow("ecr:BatchGetImage", "ecr:DescribeImages", "ecr:DescribeImageReplicationStatus", on=arn("ecr", "repository/app")),
        allow("s3:GetObject", on="arn:aws:s3:::files/app.env"),
        allow("events:PutRule", "events:DisableRule", "events:TagResource", on=arn("events", "rule/nightly")),
        allow("events:PutTargets", on=arn("events", "rule/nightly"), ArnEquals={"events:TargetArn": cluster}),
        allow("scheduler:CreateSchedule", on=arn("scheduler", "schedule/mine/hourly")),
    ]  # fmt: skip


class World:
    """A running local AWS with what surrounds a service, its owner, and the restoring user."""

    def __init__(self, aws: RunningLocalAws) -> None:
        self.aws = aws
        assert aws.deploy("surroundings", surroundings())["StackStatus"] == "CREATE_COMPLETE", aws.failures("surroundings")
        self.ids = aws.ids("surroundings")
        self.secret = aws.client("secretsmanager").describe_secret(SecretId="password")["ARN"]
        self.digest = aws.client("ecr").put_image(repositoryName="app", imageManifest="{}", imageTag="1")["image"]["imageId"]["imageDigest"]
        s3 = aws.client("s3")
        s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": PRIMARY})
        s3.put_object(Bucket="files", Key="app.env", Body=b"A=b")
        iam = aws.client("iam")
        iam.create_user(UserName="restorer")
        iam.put_user_policy(UserName="restorer", PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": restorer()}))
        key = iam.create_access_key(UserName="restorer")["AccessKey"]
        self._key = {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}

    def client(self, service: str) -> Any:
        """A client of the restoring user."""
        return self.aws.client(service, **self._key)

    def forward(self, seconds: float) -> None:
        self.aws.local("clock", {"forwardSeconds": seconds})

    def definition(self, **changes: Any) -> dict[str, Any]:
        container = {
            "name": "app", "image": f"{IMAGE}@{self.digest}", "portMappings": [{"containerPort": 80}], "dockerLabels": {"a": "b"},
            "secrets": [{"name": "PASSWORD", "valueFrom": self.secret}, {"name": "MODE", "valueFrom": "/app/mode"}],
            "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::files/app.env"}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "/app", "awslogs-region": PRIMARY, "awslogs-stream-prefix": "a"}},
        }  # fmt: skip
        return {
            "family": "app", "networkMode": "awsvpc", "cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"], "containerDefinitions": [container],
            "executionRoleArn": f"arn:aws:iam::{WORKLOAD}:role/execution", "taskRoleArn": f"arn:aws:iam::{WORKLOAD}:role/task", **changes,
        }  # fmt: skip

    def service(self, **changes: Any) -> dict[str, Any]:
        network = {"awsvpcConfiguration": {"subnets": [self.ids["Subnet"]], "securityGroups": [self.ids["Group"]]}}
        balancer = {"targetGroupArn": self.ids["Targets"], "containerName": "app", "containerPort": 80}
        return {
            "cluster": "main", "serviceName": "app", "taskDefinition": "app", "desiredCount": 2, "networkConfiguration": network, "loadBalancers": [balancer],
            "healthCheckGracePeriodSeconds": 30, "tags": [{"key": "team", "value": "a"}], "enableExecuteCommand": True,
            "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}, **changes,
        }  # fmt: skip

    def build(self, client: Any) -> None:
        """A cluster, a task definition, a service and its scaling."""
        ecs, scaling = client("ecs"), client("application-autoscaling")
        ecs.create_cluster(clusterName="main", settings=[{"name": "containerInsights", "value": "enabled"}])
        self.forward(1)
        strategy = [{"capacityProvider": "FARGATE", "weight": 1}]
        ecs.put_cluster_capacity_providers(cluster="main", capacityProviders=["FARGATE", "FARGATE_SPOT"], defaultCapacityProviderStrategy=strategy)
        ecs.register_task_definition(**self.definition())
        ecs.create_service(**self.service())
        scaling.register_scalable_target(**TARGET, MinCapacity=1, MaxCapacity=4)
        scaling.put_scaling_policy(**TARGET, PolicyName="cpu", PolicyType="TargetTrackingScaling", TargetTrackingScalingPolicyConfiguration=TRACKING)
        scaling.put_scheduled_action(**TARGET, ScheduledActionName="night", Schedule="cron(0 20 * * ? *)", ScalableTargetAction={"MaxCapacity": 2})

    def state(self) -> dict[str, Any]:
        """What there is, without what AWS makes anew."""
        ecs, scaling = self.aws.client("ecs"), self.aws.client("application-autoscaling")
        [service] = ecs.describe_services(cluster="main", services=["app"], include=["TAGS"])["services"]
        made = ("createdAt", "createdBy", "deployments", "events", "currentServiceDeployment", "currentServiceRevisions", "taskDefinition")
        definition = ecs.describe_task_definition(taskDefinition=service["taskDefinition"])["taskDefinition"]
        [cluster] = ecs.describe_clusters(clusters=["main"], include=["SETTINGS", "TAGS"])["clusters"]
        found = {
            "service": {name: value for name, value in service.items() if name not in made},
            "definition": {name: value for name, value in definition.items() if name not in ("taskDefinitionArn", "revision", "registeredAt", "registeredBy")},
            "cluster": cluster,
            "targets": scaling.describe_scalable_targets(ServiceNamespace="ecs")["ScalableTargets"],
            "policies": scaling.describe_scaling_policies(ServiceNamespace="ecs")["ScalingPolicies"],
            "actions": scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"],
        }
        return {name: [{k: v for k, v in one.items() if k != "CreationTime"} for one in records] if isinstance(records, list) else records for name, records in found.items()}

    def health(self) -> list[str]:
        found = self.client("elbv2").describe_target_health(TargetGroupArn=self.ids["Targets"])["TargetHealthDescriptions"]
        return [one["TargetHealth"]["State"] for one in found]

    def clear(self) -> None:
        """Deletes service and cluster, as somebody did by mistake."""
        ecs = self.aws.client("ecs")
        ecs.delete_service(**NAME, force=True)
        self.forward(60)
        ecs.delete_cluster(cluster="main")
        self.forward(5)


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        yield World(running)


@pytest.fixture
def built(world: World) -> World:
    """The service, running as it was built."""
    if not world.aws.client("ecs").list_clusters()["clusterArns"]:
        world.build(world.aws.client)
        world.forward(180)
    world.forward(5)  # so that no test is throttled by the calls of another one
    return world


def refused(code: str, message: str = "") -> Any:
    return pytest.raises(botocore.exceptions.ClientError, match=rf"\({code}\).*{message}")


def test_a_service_that_was_deleted_comes_back_as_it_was(built: World) -> None:
    before, ecs = built.state(), built.aws.client("ecs")
    ecs.delete_service(**NAME, force=True)
    assert built.state()["service"]["status"] == "DRAINING" and built.state()["targets"] == []
    with refused("InvalidParameterException", "Unable to Start a service that is still Draining."):
        built.client("ecs").create_service(**built.service())
    built.forward(60)
    assert built.state()["service"]["status"] == "INACTIVE"

    built.build(built.client)
    assert built.state()["service"]["runningCount"] == 0 and built.health() == []
    built.forward(60)
    assert built.state()["service"]["runningCount"] == 2 and built.health() == ["initial", "initial"]
    built.forward(120)
    assert built.state() == before and built.health() == ["healthy", "healthy"]
    [service] = ecs.describe_services(cluster="main", services=["app"])["services"]
    [deployment] = service["deployments"]
    assert deployment["rolloutState"] == "COMPLETED" and service["createdBy"].endswith(":user/restorer")


def test_a_cluster_that_was_deleted_comes_back_as_it_was(built: World) -> None:
    before = built.state()
    built.clear()
    with refused("ClusterNotFoundException"):
        built.client("ecs").create_service(**built.service())
    built.build(built.client)
    built.forward(180)
    assert built.state() == before


@pytest.mark.parametrize(("changes", "code", "message"), [
    ({"taskRoleArn": f"arn:aws:iam::{WORKLOAD}:role/hook"}, "AccessDeniedException", "iam:PassRole on resource: .*:role/hook"),
    ({"executionRoleArn": f"arn:aws:iam::{WORKLOAD}:role/wrong"}, "AccessDeniedException", "iam:PassRole on resource: .*:role/wrong"),
])  # fmt: skip
def test_e161_only_a_role_that_may_be_passed_is_in_a_task_definition(built: World, changes: dict[str, str], code: str, message: str) -> None:
    with refused(code, message):
        built.client("ecs").register_task_definition(**built.definition(**changes))


def test_e161_a_role_that_is_given_to_amazon_ecs_has_to_be_passed(built: World) -> None:
    volume = {"name": "v", "managedEBSVolume": {"roleArn": f"arn:aws:iam::{WORKLOAD}:role/task", "sizeInGiB": 1}}
    with refused("AccessDeniedException", "iam:PassRole on resource: .*:role/task"):
        built.client("ecs").update_service(**NAME, volumeConfigurations=[volume])
    volume["managedEBSVolume"]["roleArn"] = f"arn:aws:iam::{WORKLOAD}:role/hook"  # type: ignore[index]
    built.client("ecs").update_service(**NAME, volumeConfigurations=[volume])


def test_e162_a_role_that_is_gone(built: World) -> None:
    with refused("ClientException", "Role is not valid"):
        built.aws.client("ecs").register_task_definition(**built.definition(taskRoleArn=f"arn:aws:iam::{WORKLOAD}:role/gone"))


@pytest.mark.parametrize(("network", "message"), [({"subnets": ["subnet-gone"]}, "The subnet ID 'subnet-gone' does not exist"), ({"securityGroups": ["sg-gone"]}, "sg-gone")])
def test_e166_a_network_that_is_gone(built: World, network: dict[str, list[str]], message: str) -> None:
    given = {"subnets": [built.ids["Subnet"]], **network}
    with refused("InvalidParameterException", message):
        built.client("ecs").create_service(**built.service(serviceName="other", networkConfiguration={"awsvpcConfiguration": given}))


@pytest.mark.parametrize(("group", "message"), [("Unused", "does not have an associated load balancer"), (None, "validate the specified targetGroupArn")])
def test_e167_a_target_group_that_is_gone_or_unused(built: World, group: str | None, message: str) -> None:
    target = built.ids[group] if group else arn("elasticloadbalancing", "targetgroup/gone/1")
    with refused("InvalidParameterException", message):
        built.client("ecs").create_service(**built.service(serviceName="other", loadBalancers=[{"targetGroupArn": target, "containerName": "app", "containerPort": 80}]))


def test_e168_a_namespace_that_is_gone(built: World) -> None:
    with refused("NamespaceNotFoundException"):
        built.client("ecs").create_service(**built.service(serviceName="other", serviceConnectConfiguration={"enabled": True, "namespace": "gone"}))


def test_e169_tags_of_aws(built: World) -> None:
    service = arn("ecs", "service/main/app")
    with refused("InvalidParameterException", "aws:"):
        built.client("ecs").tag_resource(resourceArn=service, tags=[{"key": "aws:a", "value": "b"}])
    built.client("ecs").tag_resource(resourceArn=service, tags=[{"key": "a", "value": "b"}])


def test_e184_the_alarms_of_a_policy_have_to_be_allowed(built: World) -> None:
    iam, policy = built.aws.client("iam"), {"Version": "2012-10-17", "Statement": [allow("application-autoscaling:*")]}
    iam.create_user(UserName="scaler")
    iam.put_user_policy(UserName="scaler", PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="scaler")["AccessKey"]
    scaler = built.aws.client("application-autoscaling", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    asked = {**TARGET, "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "TargetTrackingScalingPolicyConfiguration": TRACKING}
    with refused("AccessDeniedException", "cloudwatch:PutMetricAlarm on resource: .*:alarm:TargetTracking-service/"):
        scaler.put_scaling_policy(**asked)
    with refused("AccessDeniedException", "application-autoscaling:DeregisterScalableTarget"):
        built.client("application-autoscaling").deregister_scalable_target(**TARGET)


def test_e183_tags_of_the_creation_have_to_be_allowed(built: World) -> None:
    ecs = built.client("ecs")
    ecs.register_task_definition(**built.definition(tags=[{"key": "team", "value": "a"}]))
    with refused("AccessDeniedException", "ecs:TagResource on resource: .*:task-definition/app:"):
        ecs.register_task_definition(**built.definition(tags=[{"key": "team", "value": "b"}]))


@pytest.mark.parametrize(("container", "changes", "message"), [
    ({"image": f"{IMAGE}@sha256:{'0' * 64}"}, {}, "CannotPullContainerError"),
    ({"image": f"{IMAGE}:gone"}, {}, "CannotPullContainerError"),
    ({"secrets": [{"name": "A", "valueFrom": arn("secretsmanager", "secret:gone")}]}, {}, "Secrets Manager can't find the specified secret"),
    ({"secrets": [{"name": "A", "valueFrom": "gone"}]}, {}, "invalid parameters: gone"),
    ({"environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::files/gone.env"}]}, {}, "failed to download env files"),
    ({"logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "gone"}}}, {}, "The specified log group does not exist."),
    ({}, {"taskRoleArn": f"arn:aws:iam::{WORKLOAD}:role/wrong"}, "ECS was unable to assume the role"),
    ({}, {"executionRoleArn": f"arn:aws:iam::{WORKLOAD}:role/task"}, "is not authorized to perform: ecr:GetAuthorizationToken"),
    ({}, {"executionRoleArn": f"arn:aws:iam::{WORKLOAD}:role/no-secrets"}, "is not authorized to perform: secretsmanager:GetSecretValue"),
])  # fmt: skip
def test_e172_a_task_that_can_not_start_fails_the_deployment(built: World, container: dict[str, Any], changes: dict[str, Any], message: str) -> None:
    definition = built.definition(family="broken", **changes)
    definition["containerDefinitions"][0].update(container)
    owner = built.aws.client("ecs")
    owner.register_task_definition(**definition)
    owner.create_service(**built.service(serviceName="broken", taskDefinition="broken", desiredCount=1, loadBalancers=[], healthCheckGracePeriodSeconds=0))
    built.forward(900)
    [service] = owner.describe_services(cluster="main", services=["broken"])["services"]
    owner.delete_service(cluster="main", service="broken", force=True)
    built.forward(60)
    assert message in service["events"][0]["message"] and service["runningCount"] == 0
    assert service["deployments"][0]["rolloutState"] == "FAILED"


def test_e178_targets_that_do_not_become_healthy(built: World) -> None:
    built.aws.local("targets", {"targetGroupArn": built.ids["Targets"], "healthy": False})
    assert built.health() == ["unhealthy", "unhealthy"]
    built.client("ecs").update_service(**NAME, forceNewDeployment=True)
    built.forward(170)
    assert built.state()["service"]["runningCount"] == 2
    built.forward(3600)
    [service] = built.client("ecs").describe_services(cluster="main", services=["app"])["services"]
    assert "is unhealthy in (target-group" in service["events"][0]["message"]
    assert "FAILED" in [deployment["rolloutState"] for deployment in service["deployments"]]
    built.aws.local("targets", {"targetGroupArn": built.ids["Targets"], "healthy": True})
    built.forward(3600)
    assert built.health() == ["healthy", "healthy"]


def test_e179_the_quota_of_fargate(built: World) -> None:
    quotas = built.client("service-quotas")
    asked = {"ServiceCode": "fargate", "QuotaCode": "L-3032A538"}
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 6.0
    built.aws.local("quotas", {"account": WORKLOAD, "region": PRIMARY, "quotaCode": "L-3032A538", "value": 100})
    assert quotas.get_service_quota(**asked)["Quota"]["Value"] == 100.0
    assert quotas.get_aws_default_service_quota(**asked)["Quota"]["Value"] == 6.0
    with refused("NoSuchResourceException"):
        built.aws.client("service-quotas").get_service_quota(ServiceCode="fargate", QuotaCode="L-GONE")


def test_e180_the_role_of_a_rule_has_to_be_passed(built: World) -> None:
    events, task = built.client("events"), arn("ecs", "task-definition/app:1")
    events.put_rule(Name="nightly", ScheduleExpression="rate(1 day)", State="DISABLED")
    target = {"Id": "t", "Arn": arn("ecs", "cluster/main"), "EcsParameters": {"TaskDefinitionArn": task}}
    with refused("AccessDeniedException", "iam:PassRole on resource: .*:role/scheduler"):
        events.put_targets(Rule="nightly", Targets=[{**target, "RoleArn": f"arn:aws:iam::{WORKLOAD}:role/scheduler"}])
    assert events.put_targets(Rule="nightly", Targets=[{**target, "RoleArn": f"arn:aws:iam::{WORKLOAD}:role/events"}])["FailedEntryCount"] == 0
    events.disable_rule(Name="nightly")
    events.tag_resource(ResourceARN=arn("events", "rule/nightly"), Tags=[{"Key": "a", "Value": "b"}])
    with refused("AccessDeniedException", "events:PutTargets"):
        events.put_targets(Rule="nightly", Targets=[{"Id": "q", "Arn": arn("sqs", "q")}])
    with refused("AccessDeniedException", "events:PutRule"):
        events.put_rule(Name="other", ScheduleExpression="rate(1 day)")


def test_e181_the_role_of_a_schedule_has_to_be_passed(built: World) -> None:
    scheduler = built.client("scheduler")
    built.aws.client("scheduler").create_schedule_group(Name="mine")
    schedule = {"Name": "hourly", "GroupName": "mine", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}, "State": "DISABLED"}
    with refused("AccessDeniedException", "iam:PassRole on resource: .*:role/events"):
        scheduler.create_schedule(**schedule, Target={"Arn": arn("sqs", "q"), "RoleArn": f"arn:aws:iam::{WORKLOAD}:role/events"})
    target = {"Arn": arn("sqs", "q"), "RoleArn": f"arn:aws:iam::{WORKLOAD}:role/scheduler"}
    with refused("AccessDeniedException", "scheduler:CreateSchedule"):
        scheduler.create_schedule(**{**schedule, "GroupName": "default"}, Target=target)
    scheduler.create_schedule(**schedule, Target=target)


def test_e182_what_a_preflight_reads(built: World) -> None:
    ids, client = built.ids, built.client
    assert client("elbv2").describe_target_groups(TargetGroupArns=[ids["Targets"]])["TargetGroups"][0]["LoadBalancerArns"] == [ids["Balancer"]]
    assert client("ec2").describe_subnets(SubnetIds=[ids["Subnet"]])["Subnets"][0]["VpcId"] == ids["Vpc"]
    assert client("ec2").describe_security_groups(GroupIds=[ids["Group"]])["SecurityGroups"][0]["GroupId"] == ids["Group"]
    assert client("iam").get_role(RoleName="execution")["Role"]["Arn"].endswith(":role/execution")
    assert client("iam").get_role(RoleName="on-path")["Role"]["Arn"].endswith(":role/apps/on-path")
    assert client("secretsmanager").describe_secret(SecretId="password")["ARN"] == built.secret
    assert client("ssm").get_parameters(Names=["/app/mode"])["InvalidParameters"] == []
    assert [one["Name"] for one in client("ssm").describe_parameters()["Parameters"]] == ["/app/mode"]
    assert [one["Name"] for one in client("servicediscovery").list_namespaces()["Namespaces"]] == ["apps"]
    assert client("servicediscovery").get_service(Id=ids["Registry"])["Service"]["Name"] == "app"
    assert [one["logGroupName"] for one in client("logs").describe_log_groups(logGroupNamePrefix="/app")["logGroups"]] == ["/app"]
    image = {"imageDigest": built.digest}
    assert client("ecr").batch_get_image(repositoryName="app", imageIds=[image])["images"][0]["imageId"]["imageDigest"] == built.digest
    assert client("ecr").describe_images(repositoryName="app", imageIds=[image])["imageDetails"][0]["imageDigest"] == built.digest
    assert client("ecr").describe_image_replication_status(repositoryName="app", imageId=image)["replicationStatuses"] == []
    assert client("s3").head_object(Bucket="files", Key="app.env")["ContentLength"] == 3


def test_e182_what_a_preflight_looks_for_is_found_by_filters(built: World) -> None:
    owner, ids = built.aws.client, built.ids
    parameters = owner("ssm").describe_parameters(MaxResults=50, ParameterFilters=[{"Key": "Name", "Option": "Equals", "Values": ["/app/mode", "/gone"]}])
    assert [one["Name"] for one in parameters["Parameters"]] == ["/app/mode"]
    subnets = owner("ec2").describe_subnets(Filters=[{"Name": "subnet-id", "Values": [ids["Subnet"], "subnet-gone"]}])["Subnets"]
    assert [one["SubnetId"] for one in subnets] == [ids["Subnet"]]
    groups = owner("ec2").describe_security_groups(Filters=[{"Name": "group-id", "Values": [ids["Group"], "sg-gone"]}])["SecurityGroups"]
    assert [one["GroupId"] for one in groups] == [ids["Group"]]
    assert {one["TargetGroupArn"] for one in owner("elbv2").describe_target_groups(PageSize=400)["TargetGroups"]} == {ids["Targets"], ids["Unused"]}
    assert [one["Name"] for one in owner("servicediscovery").list_services(MaxResults=100)["Services"]] == ["app"]
    assert [one["Arn"] for one in owner("servicediscovery").list_services()["Services"]][0].endswith(ids["Registry"])
    image, gone = {"imageDigest": built.digest}, {"imageDigest": f"sha256:{'0' * 64}"}
    batch = owner("ecr").batch_get_image(repositoryName="app", imageIds=[image, gone])
    assert [one["imageId"]["imageDigest"] for one in batch["images"]] == [built.digest]
    assert [(one["imageId"], one["failureCode"]) for one in batch["failures"]] == [(gone, "ImageNotFound")]
    assert "default" in [one["Name"] for one in owner("events").list_event_buses()["EventBuses"]]
    assert owner("scheduler").get_schedule_group(Name="default")["Name"] == "default"
    providers = owner("ecs").describe_capacity_providers(capacityProviders=["FARGATE", "gone"])
    assert [one["status"] for one in providers["capacityProviders"]] == ["ACTIVE"]
    files = owner("s3").list_objects_v2(Bucket="files", Prefix="app.env", MaxKeys=1)
    assert [one["Key"] for one in files["Contents"]] == ["app.env"]
    owner("secretsmanager").create_secret(Name="old", SecretString="s")
    owner("secretsmanager").delete_secret(SecretId="old", RecoveryWindowInDays=7)
    assert "DeletedDate" in owner("secretsmanager").describe_secret(SecretId="old")


@pytest.mark.parametrize(("service", "operation", "request_of", "code"), [
    ("elbv2", "describe_target_groups", {"TargetGroupArns": [arn("elasticloadbalancing", "targetgroup/gone/1")]}, "TargetGroupNotFound"),
    ("elbv2", "describe_target_health", {"TargetGroupArn": arn("elasticloadbalancing", "targetgroup/gone/1")}, "TargetGroupNotFound"),
    ("ec2", "describe_subnets", {"SubnetIds": ["subnet-00000000000000000"]}, "InvalidSubnetID.NotFound"),
    ("ec2", "describe_security_groups", {"GroupIds": ["sg-00000000000000000"]}, "InvalidGroup.NotFound"),
    ("iam", "get_role", {"RoleName": "gone"}, "NoSuchEntity"),
    ("secretsmanager", "describe_secret", {"SecretId": "gone"}, "ResourceNotFoundException"),
    ("servicediscovery", "get_service", {"Id": "srv-gone"}, "ServiceNotFound"),
    ("ecr", "describe_images", {"repositoryName": "app", "imageIds": [{"imageTag": "gone"}]}, "ImageNotFoundException"),
    ("s3", "head_object", {"Bucket": "files", "Key": "gone.env"}, "404"),
    ("s3", "list_objects_v2", {"Bucket": "gone", "Prefix": "a"}, "NoSuchBucket"),
    ("scheduler", "get_schedule_group", {"Name": "gone"}, "ResourceNotFoundException"),
    ("ecr", "batch_get_image", {"repositoryName": "gone", "imageIds": [{"imageTag": "1"}]}, "RepositoryNotFoundException"),
    ("events", "describe_rule", {"Name": "gone"}, "ResourceNotFoundException"),
    ("scheduler", "get_schedule", {"Name": "gone"}, "ResourceNotFoundException"),
])  # fmt: skip
def test_e182_what_is_not_there(world: World, service: str, operation: str, request_of: dict[str, Any], code: str) -> None:
    with refused(code):
        getattr(world.aws.client(service), operation)(**request_of)


@pytest.mark.parametrize(("service", "operation", "request_of"), [
    ("ssm", "get_parameters", {"Names": ["/app/mode", "/other"]}),
    ("secretsmanager", "describe_secret", {"SecretId": "other"}),
    ("iam", "get_role", {"RoleName": "task"}),
    ("ecr", "batch_get_image", {"repositoryName": "other", "imageIds": [{"imageTag": "1"}]}),
    ("events", "put_targets", {"Rule": "other", "Targets": [{"Id": "t", "Arn": arn("sqs", "q")}]}),
    ("ecs", "delete_service", {**NAME, "force": True}),
    ("ecs", "delete_cluster", {"cluster": "main"}),
])  # fmt: skip
def test_e182_what_the_role_may_not_do_is_denied(built: World, service: str, operation: str, request_of: dict[str, Any]) -> None:
    with refused("AccessDenied(Exception)?"):
        getattr(built.client(service), operation)(**request_of)


def test_e182_the_health_of_targets_is_allowed_for_all_resources_only(built: World) -> None:
    iam, groups = built.aws.client("iam"), built.ids["Targets"]
    iam.create_user(UserName="narrow")
    policy = {"Version": "2012-10-17", "Statement": [allow("elasticloadbalancing:DescribeTargetHealth", on=groups)]}
    iam.put_user_policy(UserName="narrow", PolicyName="p", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName="narrow")["AccessKey"]
    narrow = built.aws.client("elbv2", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])
    with refused("AccessDenied"):
        narrow.describe_target_health(TargetGroupArn=groups)
