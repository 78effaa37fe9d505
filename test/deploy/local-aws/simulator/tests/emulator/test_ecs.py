"""Amazon ECS, Application Auto Scaling and Amazon ECR over the wire and by CloudFormation, in a running local AWS."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import Any, Iterator

import botocore.auth
import botocore.awsrequest
import botocore.credentials
import botocore.exceptions
import pytest
from running import PRIMARY, SECONDARY, WORKLOAD, RunningLocalAws

IMAGE = f"{WORKLOAD}.dkr.ecr.{PRIMARY}.amazonaws.com/acme/app:1.0.0"
SUB = "Fn::Sub"


def get(name: str, attribute: str = "Arn") -> dict[str, Any]:
    return {"Fn::GetAtt": [name, attribute]}


def template() -> dict[str, Any]:
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ecs-tasks.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
    pull = {"Statement": [{"Effect": "Allow", "Action": ["ecr:GetAuthorizationToken", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"], "Resource": "*"}]}
    container = {
        "Name": "App", "Image": IMAGE, "Invented": {"SubMember": 1}, "PortMappings": [{"ContainerPort": "8080"}], "DockerLabels": {"Some.Label": "x"},
        "Environment": [{"Name": "A", "Value": "b"}], "LogConfiguration": {"LogDriver": "awslogs", "Options": {"awslogs-group": {"Ref": "Logs"}}},
    }  # fmt: skip
    volume = {"Name": "efs", "EFSVolumeConfiguration": {"FilesystemId": "fs-1", "AuthorizationConfig": {"IAM": "ENABLED"}}}
    service = {
        "ServiceName": "app", "Cluster": {"Ref": "Cluster"}, "LaunchType": "FARGATE", "DesiredCount": "2", "TaskDefinition": {"Ref": "Task"},
        "NetworkConfiguration": {"AwsvpcConfiguration": {"Subnets": [{"Ref": "Subnet"}], "SecurityGroups": [get("Group", "GroupId")], "AssignPublicIp": "DISABLED"}},
        "Invented": {"SubMember": [1]}, "GatewayConnectors": [{"Name": "g"}], "ServiceConnectConfiguration": {"Enabled": True}, "PropagateTags": "SERVICE",
        "DeploymentConfiguration": {"DeploymentCircuitBreaker": {"Enable": True, "Rollback": True}, "Invented": 1}, "Tags": [{"Key": "k", "Value": "v"}],
    }  # fmt: skip
    target = {
        "MinCapacity": 2, "MaxCapacity": "10", "ResourceId": {"Fn::Join": ["", ["service/", {"Ref": "Cluster"}, "/", get("Service", "Name")]]},
        "ScalableDimension": "ecs:service:DesiredCount", "ServiceNamespace": "ecs",
        "ScheduledActions": [{"ScheduledActionName": "night", "Schedule": "cron(0 20 * * ? *)", "ScalableTargetAction": {"MaxCapacity": 2}}],
    }  # fmt: skip
    tracking = {"TargetValue": 60, "PredefinedMetricSpecification": {"PredefinedMetricType": "ECSServiceAverageCPUUtilization"}}
    to = {"Destinations": [{"Region": SECONDARY, "RegistryId": {"Ref": "AWS::AccountId"}}], "RepositoryFilters": [{"Filter": "acme/", "FilterType": "PREFIX_MATCH"}]}
    return {"Resources": {
        "Repository": {"Type": "AWS::ECR::Repository", "Properties": {"RepositoryName": "acme/app", "EmptyOnDelete": True, "LifecyclePolicy": {"LifecyclePolicyText": "{}"}}},
        "Replication": {"Type": "AWS::ECR::ReplicationConfiguration", "Properties": {"ReplicationConfiguration": {"Rules": [to]}}},
        "Vpc": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.0.0.0/16"}},
        "Subnet": {"Type": "AWS::EC2::Subnet", "Properties": {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}},
        "Group": {"Type": "AWS::EC2::SecurityGroup", "Properties": {"GroupDescription": "g", "VpcId": {"Ref": "Vpc"}}},
        "Logs": {"Type": "AWS::Logs::LogGroup", "Properties": {"LogGroupName": "g"}},
        "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": trust, "Policies": [{"PolicyName": "pull", "PolicyDocument": pull}]}},
        "Cluster": {"Type": "AWS::ECS::Cluster", "Properties": {"ClusterName": "main", "ClusterSettings": [{"Name": "containerInsights", "Value": "enabled"}]}},
        "Provider": {"Type": "AWS::ECS::CapacityProvider", "Properties": {
            "Name": "mine", "AutoScalingGroupProvider": {"AutoScalingGroupArn": "arn:aws:autoscaling:x", "ManagedScaling": {"TargetCapacity": "90"}}}},
        "Associations": {"Type": "AWS::ECS::ClusterCapacityProviderAssociations", "Properties": {
            "Cluster": {"Ref": "Cluster"}, "CapacityProviders": ["FARGATE", {"Ref": "Provider"}],
            "DefaultCapacityProviderStrategy": [{"CapacityProvider": "FARGATE", "Weight": "1"}]}},
        "Task": {"Type": "AWS::ECS::TaskDefinition", "Properties": {
            "Family": "app", "Cpu": "256", "Memory": "512", "NetworkMode": "awsvpc", "RequiresCompatibilities": ["FARGATE"], "ExecutionRoleArn": get("Role"),
            "Volumes": [volume], "ContainerDefinitions": [container]}},
        "Service": {"Type": "AWS::ECS::Service", "Properties": service},
        "Target": {"Type": "AWS::ApplicationAutoScaling::ScalableTarget", "Properties": target},
        "Policy": {"Type": "AWS::ApplicationAutoScaling::ScalingPolicy", "Properties": {
            "PolicyName": "cpu", "PolicyType": "TargetTrackingScaling", "ScalingTargetId": {"Ref": "Target"}, "TargetTrackingScalingPolicyConfiguration": tracking}},
        "Rule": {"Type": "AWS::Events::Rule", "Properties": {"Name": "nightly", "ScheduleExpression": "rate(1 day)", "Targets": [
            {"Id": "t", "Arn": get("Cluster"), "RoleArn": get("Role"), "EcsParameters": {"TaskDefinitionArn": {"Ref": "Task"}}}]}},
    }}  # fmt: skip


@pytest.fixture(scope="module")
def deployed() -> Iterator[RunningLocalAws]:
    with RunningLocalAws.start(LOCAL_AWS_AUTH="1") as running:
        stack = running.deploy("containers", template())
        assert stack["StackStatus"] == "CREATE_COMPLETE", running.client("cloudformation").describe_stack_events(StackName="containers")
        yield running


def raw(aws: RunningLocalAws, target: str, service: str, content: Any) -> dict[str, Any]:
    """An answer as it is on the wire: an SDK would remove what its model does not know."""
    headers = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
    request = botocore.awsrequest.AWSRequest("POST", f"{aws.endpoint}/", headers, json.dumps(content).encode())
    botocore.auth.SigV4Auth(botocore.credentials.Credentials(WORKLOAD, "test"), service, PRIMARY).add_auth(request)
    with urllib.request.urlopen(urllib.request.Request(request.url, request.body, dict(request.headers))) as answer:
        return json.load(answer)  # type: ignore[no-any-return]


def ecs(aws: RunningLocalAws, operation: str, **content: Any) -> dict[str, Any]:
    return raw(aws, f"AmazonEC2ContainerServiceV20141113.{operation}", "ecs", content)


def test_e50_each_property_of_a_template_is_in_the_answer(deployed: RunningLocalAws) -> None:
    [service] = ecs(deployed, "DescribeServices", cluster="main", services=["app"], include=["TAGS"])["services"]
    assert service["invented"] == {"subMember": [1]} and service["desiredCount"] == 2 and service["propagateTags"] == "SERVICE"
    assert service["deploymentConfiguration"]["deploymentCircuitBreaker"] == {"enable": True, "rollback": True}
    assert service["deploymentConfiguration"]["invented"] == 1 and {"key": "k", "value": "v"} in service["tags"]
    [revision] = ecs(deployed, "DescribeServiceRevisions", serviceRevisionArns=[service["currentServiceRevisions"][0]["arn"]])["serviceRevisions"]
    assert revision["gatewayConnectors"] == [{"name": "g"}] and revision["serviceConnectConfiguration"] == {"enabled": True}
    assert revision["containerImages"][0]["imageDigest"].startswith("sha256:")
    definition = ecs(deployed, "DescribeTaskDefinition", taskDefinition=service["taskDefinition"])["taskDefinition"]
    [container] = definition["containerDefinitions"]
    assert container["invented"] == {"subMember": 1} and container["dockerLabels"] == {"Some.Label": "x"} and container["portMappings"][0]["containerPort"] == 8080
    assert definition["volumes"] == [{"name": "efs", "efsVolumeConfiguration": {"fileSystemId": "fs-1", "authorizationConfig": {"iam": "ENABLED"}}}]
    [provider] = ecs(deployed, "DescribeCapacityProviders", capacityProviders=["mine"])["capacityProviders"]
    assert provider["autoScalingGroupProvider"]["managedScaling"] == {"targetCapacity": 90}


@pytest.mark.parametrize(("operation", "content", "code"), [
    ("CreateService", {"serviceName": "x", "cluster": "main", "taskDefinition": "app", "launchType": "MOON"}, "InvalidParameterException"),
    ("DescribeServices", {"cluster": "main"}, "InvalidParameterException"),
    ("DescribeServices", {"cluster": "main", "services": "app"}, "SerializationException"),
])  # fmt: skip
def test_e50_what_the_model_knows_is_checked(deployed: RunningLocalAws, operation: str, content: dict[str, Any], code: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as problem:
        ecs(deployed, operation, **content)
    assert problem.value.headers["x-local-aws-statement"] == "E-50" and json.load(problem.value)["__type"] == code


def test_scaling_of_a_template_is_there(deployed: RunningLocalAws) -> None:
    scaling = deployed.client("application-autoscaling")
    [target] = scaling.describe_scalable_targets(ServiceNamespace="ecs", ResourceIds=["service/main/app"])["ScalableTargets"]
    assert (target["MinCapacity"], target["MaxCapacity"]) == (2, 10)
    assert [policy["PolicyName"] for policy in scaling.describe_scaling_policies(ServiceNamespace="ecs", ResourceId="service/main/app")["ScalingPolicies"]] == ["cpu"]
    assert [action["ScheduledActionName"] for action in scaling.describe_scheduled_actions(ServiceNamespace="ecs")["ScheduledActions"]] == ["night"]


def test_e143_an_image_is_replicated_after_a_while(deployed: RunningLocalAws) -> None:
    ecr = deployed.client("ecr")
    ecr.put_image(repositoryName="acme/app", imageManifest="{}", imageTag="1.0.0")
    asked = {"repositoryName": "acme/app", "imageId": {"imageTag": "1.0.0"}}
    there = {"region": SECONDARY, "registryId": WORKLOAD}
    assert ecr.describe_image_replication_status(**asked)["replicationStatuses"] == [{**there, "status": "IN_PROGRESS"}]
    deployed.local("clock", {"forwardSeconds": 1800})
    assert ecr.describe_image_replication_status(**asked)["replicationStatuses"] == [{**there, "status": "COMPLETE"}]
    [image] = deployed.client("ecr", region=SECONDARY).describe_images(repositoryName="acme/app")["imageDetails"]
    assert image["imageTags"] == ["1.0.0"]


def test_e144_an_image_that_no_rule_is_about_has_no_status(deployed: RunningLocalAws) -> None:
    ecr = deployed.client("ecr")
    ecr.create_repository(repositoryName="other")
    ecr.put_image(repositoryName="other", imageManifest="{}", imageTag="1")
    assert ecr.describe_image_replication_status(repositoryName="other", imageId={"imageTag": "1"})["replicationStatuses"] == []


def test_e145_an_image_that_is_not_there(deployed: RunningLocalAws) -> None:
    ecr = deployed.client("ecr")
    with pytest.raises(ecr.exceptions.ImageNotFoundException):
        ecr.describe_image_replication_status(repositoryName="acme/app", imageId={"imageTag": "2"})
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.describe_image_replication_status(repositoryName="unknown", imageId={"imageTag": "2"})


def test_the_rules_of_a_cluster_are_found_by_it(deployed: RunningLocalAws) -> None:
    arn = f"arn:aws:ecs:{PRIMARY}:{WORKLOAD}:cluster/main"
    events = deployed.client("events")
    assert events.list_rule_names_by_target(TargetArn=arn)["RuleNames"] == ["nightly"]
    assert events.list_targets_by_rule(Rule="nightly")["Targets"][0]["EcsParameters"]["TaskDefinitionArn"].endswith("task-definition/app:1")


def limited(aws: RunningLocalAws, name: str, *statements: dict[str, Any]) -> Any:
    """A client of a user who is allowed this and nothing else."""
    iam = aws.client("iam")
    iam.create_user(UserName=name)
    iam.put_user_policy(UserName=name, PolicyName="p", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": list(statements)}))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return aws.client("ecs", aws_access_key_id=key["AccessKeyId"], aws_secret_access_key=key["SecretAccessKey"])


def test_e51_the_condition_on_the_cluster(deployed: RunningLocalAws) -> None:
    cluster = f"arn:aws:ecs:{PRIMARY}:{WORKLOAD}:cluster/main"
    client = limited(deployed, "lister", {"Effect": "Allow", "Action": "ecs:ListServices", "Resource": "*", "Condition": {"ArnEquals": {"ecs:cluster": cluster}}})
    assert len(client.list_services(cluster="main")["serviceArns"]) == 1
    deployed.local("clock", {"forwardSeconds": 2})
    with pytest.raises(botocore.exceptions.ClientError, match="is not authorized to perform: ecs:ListServices"):
        client.list_services(cluster="other")


def test_e51_each_resource_has_to_be_allowed(deployed: RunningLocalAws) -> None:
    service = f"arn:aws:ecs:{PRIMARY}:{WORKLOAD}:service/main/app"
    client = limited(deployed, "reader", {"Effect": "Allow", "Action": ["ecs:DescribeServices", "ecs:DescribeServiceRevisions"], "Resource": service})
    [found] = client.describe_services(cluster="main", services=["app"])["services"]
    with pytest.raises(botocore.exceptions.ClientError, match="AccessDenied"):
        client.describe_services(cluster="main", services=["app", "other"])
    with pytest.raises(botocore.exceptions.ClientError, match="ecs:DescribeServiceRevisions on resource: .*:service-revision/"):
        client.describe_service_revisions(serviceRevisionArns=[found["currentServiceRevisions"][0]["arn"]])


def test_e118_a_call_too_many_is_throttled(deployed: RunningLocalAws) -> None:
    client = deployed.client("ecs")
    deployed.local("clock", {"forwardSeconds": 5})
    client.list_services(cluster="main")
    with pytest.raises(client.exceptions.ClientError, match="ThrottlingException"):
        client.list_services(cluster="main")
    time.sleep(1.1)  # real time passes as well
    client.list_services(cluster="main")


def test_e130_a_deployment_and_calls_of_the_apis_are_events(deployed: RunningLocalAws) -> None:
    events, sqs, scaling = (deployed.client(name) for name in ("events", "sqs", "application-autoscaling"))
    queue = sqs.create_queue(QueueName="events")["QueueUrl"]
    arn = f"arn:aws:sqs:{PRIMARY}:{WORKLOAD}:events"
    policy = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "events.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "*"}]}
    sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps(policy)})
    events.put_rule(Name="all", EventPattern=json.dumps({"source": ["aws.ecs", "aws.autoscaling"]}))
    events.put_targets(Rule="all", Targets=[{"Id": "q", "Arn": arn}])
    deployed.client("ecs").update_service(cluster="main", service="app", forceNewDeployment=True)
    scaling.register_scalable_target(ServiceNamespace="ecs", ResourceId="service/main/app", ScalableDimension="ecs:service:DesiredCount", MaxCapacity=11)
    deployed.local("clock", {"forwardSeconds": 300})
    found = [json.loads(message["Body"]) for message in sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)["Messages"]]
    assert [(event["source"], event["detail"].get("eventName"), event["detail"].get("eventSource")) for event in found] == [
        ("aws.ecs", "SERVICE_DEPLOYMENT_IN_PROGRESS", None),
        ("aws.ecs", "UpdateService", "ecs.amazonaws.com"),
        ("aws.autoscaling", "RegisterScalableTarget", "autoscaling.amazonaws.com"),
        ("aws.ecs", "SERVICE_DEPLOYMENT_COMPLETED", None),
    ]
    assert found[2]["detail"]["additionalEventData"] == {"service": "application-autoscaling"}
    assert found[1]["detail"]["requestParameters"] == {"cluster": "main", "service": "app", "forceNewDeployment": True}


def test_a_stack_is_updated_and_deleted(deployed: RunningLocalAws) -> None:
    content = template()
    content["Resources"]["Service"]["Properties"].update(DesiredCount=3, Tags=[{"Key": "k", "Value": "w"}])
    content["Resources"]["Task"]["Properties"]["Memory"] = "1024"
    assert deployed.deploy("containers", content)["StackStatus"] == "UPDATE_COMPLETE"
    [service] = ecs(deployed, "DescribeServices", cluster="main", services=["app"], include=["TAGS"])["services"]
    assert (service["desiredCount"], service["taskDefinition"].rsplit("/", 1)[1]) == (3, "app:2") and {"key": "k", "value": "w"} in service["tags"]
    assert ecs(deployed, "DescribeTaskDefinition", taskDefinition="app:1")["taskDefinition"]["status"] == "INACTIVE"
    deployed.client("cloudformation").delete_stack(StackName="containers")
    for _ in range(100):
        if ecs(deployed, "DescribeClusters", clusters=["main"])["clusters"][0]["status"] == "INACTIVE":
            break
        time.sleep(0.1)
    assert ecs(deployed, "DescribeClusters", clusters=["main"])["clusters"][0]["status"] == "INACTIVE"


def test_a_stack_that_amazon_ecs_refuses(guarded_aws: RunningLocalAws) -> None:
    content = template()
    del content["Resources"]["Service"]["Properties"]["NetworkConfiguration"]
    assert guarded_aws.deploy("refused", content)["StackStatus"] == "ROLLBACK_COMPLETE"
    events = guarded_aws.client("cloudformation").describe_stack_events(StackName="refused")["StackEvents"]
    assert any("Network Configuration must be provided" in event.get("ResourceStatusReason", "") and "[E-97]" in event["ResourceStatusReason"] for event in events)
