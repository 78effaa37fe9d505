"""Stacks in a running local AWS: creation, updates without replacement, replacement, and what stays behind."""

from __future__ import annotations

import json
from typing import Any

import pytest
from running import ARCHIVE, PRIMARY, SECONDARY, WORKLOAD, RunningLocalAws


def template(**resources: Any) -> dict[str, Any]:
    return {"Resources": resources}


def resource(kind: str, properties: dict[str, Any] | None = None, **attributes: Any) -> dict[str, Any]:
    return {"Type": kind, "Properties": properties or {}, **attributes}


def vault(name: str, **more: Any) -> dict[str, Any]:
    return resource("AWS::Backup::BackupVault", {"BackupVaultName": name, **more}, DeletionPolicy="Retain", UpdateReplacePolicy="Retain")


def table(**more: Any) -> dict[str, Any]:
    properties = {
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "BillingMode": "PAY_PER_REQUEST",
        **more,
    }
    return resource("AWS::DynamoDB::Table", properties, DeletionPolicy="Retain", UpdateReplacePolicy="Retain")


def test_a_vault_gets_its_policy_lock_and_tags(local_aws: RunningLocalAws) -> None:
    policy = {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "backup:DeleteRecoveryPoint", "Resource": "*"}]}
    lock = {"MinRetentionDays": "7", "MaxRetentionDays": 30}
    made = local_aws.deploy("vault-all", template(Vault=vault("all", AccessPolicy=policy, LockConfiguration=lock, BackupVaultTags={"a": "b"})))
    assert made["StackStatus"] == "CREATE_COMPLETE"
    backup = local_aws.client("backup")
    described = backup.describe_backup_vault(BackupVaultName="all")
    assert (described["Locked"], described["MinRetentionDays"], described["MaxRetentionDays"]) == (True, 7, 30)
    assert json.loads(backup.get_backup_vault_access_policy(BackupVaultName="all")["Policy"]) == policy
    assert backup.list_tags(ResourceArn=described["BackupVaultArn"])["Tags"]["a"] == "b"


def test_an_update_of_a_vaults_lock_does_not_replace_it(local_aws: RunningLocalAws) -> None:
    local_aws.deploy("vault-update", template(Vault=vault("update", LockConfiguration={"MinRetentionDays": 7})))
    before = local_aws.client("backup").describe_backup_vault(BackupVaultName="update")
    after_stack = local_aws.deploy("vault-update", template(Vault=vault("update", LockConfiguration={"MinRetentionDays": 8})))
    after = local_aws.client("backup").describe_backup_vault(BackupVaultName="update")
    assert after_stack["StackStatus"] == "UPDATE_COMPLETE"
    assert (before["CreationDate"], before["MinRetentionDays"], after["MinRetentionDays"]) == (after["CreationDate"], 7, 8)


def test_a_lock_that_leaves_the_template_leaves_the_vault(local_aws: RunningLocalAws) -> None:
    local_aws.deploy("vault-unlock", template(Vault=vault("unlock", LockConfiguration={"MinRetentionDays": 7})))
    local_aws.deploy("vault-unlock", template(Vault=vault("unlock")))
    assert local_aws.client("backup").describe_backup_vault(BackupVaultName="unlock")["Locked"] is False


def test_a_vault_whose_name_is_taken_is_refused(local_aws: RunningLocalAws) -> None:
    local_aws.client("backup").create_backup_vault(BackupVaultName="taken")
    made = local_aws.deploy("vault-taken", template(Vault=vault("taken")))
    assert made["StackStatus"] == "ROLLBACK_COMPLETE"
    (reason,) = local_aws.failures("vault-taken")
    assert "AlreadyExistsException" in reason and "HandlerErrorCode: AlreadyExists" in reason


def test_a_vault_that_stays_behind_stops_the_next_deployment_of_the_stack(local_aws: RunningLocalAws) -> None:
    made = template(Vault=vault("stays"))
    local_aws.deploy("vault-stays", made)
    local_aws.client("cloudformation").delete_stack(StackName="vault-stays")
    assert local_aws.client("backup").describe_backup_vault(BackupVaultName="stays")["BackupVaultName"] == "stays"
    assert local_aws.deploy("vault-stays", made)["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_vault_with_another_key_is_refused_under_the_same_name(local_aws: RunningLocalAws) -> None:
    key = resource("AWS::KMS::Key", {"KeyPolicy": open_key_policy()})
    local_aws.deploy("vault-key", template(Vault=vault("key"), Key=key))
    changed = vault("key", EncryptionKeyArn={"Fn::GetAtt": ["Key", "Arn"]})
    assert local_aws.deploy("vault-key", template(Vault=changed, Key=key))["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert any("custom-named resource requires replacing" in reason for reason in local_aws.failures("vault-key"))


def open_key_policy() -> dict[str, Any]:
    principal = {"AWS": f"arn:aws:iam::{WORKLOAD}:root"}
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}]}


def plan(days: int) -> dict[str, Any]:
    rule = {"RuleName": "daily", "TargetBackupVault": {"Ref": "Vault"}, "Lifecycle": {"DeleteAfterDays": str(days)}}
    return resource("AWS::Backup::BackupPlan", {"BackupPlan": {"BackupPlanName": "plan", "BackupPlanRule": [rule]}})


def plan_template(days: int, selection: str) -> dict[str, Any]:
    service = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    role = resource("AWS::IAM::Role", {"AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": [service]}})
    chosen = {"SelectionName": selection, "IamRoleArn": {"Fn::GetAtt": ["Role", "Arn"]}, "Resources": ["*"]}
    return template(
        Vault=vault("planned"),
        Role=role,
        Plan=plan(days),
        Selection=resource("AWS::Backup::BackupSelection", {"BackupPlanId": {"Ref": "Plan"}, "BackupSelection": chosen}),
    )


def test_retention_that_is_raised_keeps_the_plan_and_a_changed_selection_is_a_new_one(local_aws: RunningLocalAws) -> None:
    assert local_aws.deploy("plan", plan_template(30, "all"))["StackStatus"] == "CREATE_COMPLETE"
    before = local_aws.ids("plan")
    assert local_aws.deploy("plan", plan_template(60, "everything"))["StackStatus"] == "UPDATE_COMPLETE"
    after = local_aws.ids("plan")
    assert (before["Plan"], before["Vault"]) == (after["Plan"], after["Vault"])
    assert before["Selection"] != after["Selection"]
    rule = local_aws.client("backup").get_backup_plan(BackupPlanId=after["Plan"])["BackupPlan"]["Rules"][0]
    assert (rule["Lifecycle"]["DeleteAfterDays"], rule["TargetBackupVaultName"]) == (60, "planned")


def test_the_same_template_again_has_nothing_to_do(local_aws: RunningLocalAws) -> None:
    made = template(Vault=vault("again"))
    local_aws.deploy("again", made)
    with pytest.raises(Exception, match="No updates are to be performed"):
        local_aws.deploy("again", made)


def test_settings_of_a_table_are_applied_and_updated_in_place(local_aws: RunningLocalAws) -> None:
    settings = {
        "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        "TimeToLiveSpecification": {"AttributeName": "ttl", "Enabled": True},
        "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": "arn:aws:kms:eu-west-2:222222222222:key/1"},
    }
    local_aws.deploy("table-settings", template(Table=table(**settings)))
    dynamodb, name = local_aws.client("dynamodb"), local_aws.ids("table-settings")["Table"]
    dynamodb.put_item(TableName=name, Item={"pk": {"S": "stays"}})
    assert recovery(dynamodb, name) == "ENABLED"
    assert dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]["TimeToLiveStatus"] == "ENABLED"
    assert dynamodb.describe_table(TableName=name)["Table"]["SSEDescription"]["KMSMasterKeyArn"].endswith(":key/1")
    changed = {**settings, "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": False}}
    assert local_aws.deploy("table-settings", template(Table=table(**changed)))["StackStatus"] == "UPDATE_COMPLETE"
    assert (local_aws.ids("table-settings")["Table"], recovery(dynamodb, name)) == (name, "DISABLED")
    assert dynamodb.scan(TableName=name)["Count"] == 1


def recovery(dynamodb: Any, name: str) -> str:
    description = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    return str(description["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"])


def test_a_table_whose_keys_change_is_replaced_and_the_old_one_kept(local_aws: RunningLocalAws) -> None:
    local_aws.deploy("table-keys", template(Table=table()))
    old = local_aws.ids("table-keys")["Table"]
    local_aws.client("dynamodb").put_item(TableName=old, Item={"pk": {"S": "stays"}})
    keys = {"KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}], "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}]}
    assert local_aws.deploy("table-keys", template(Table=table(**keys)))["StackStatus"] == "UPDATE_COMPLETE"
    assert local_aws.ids("table-keys")["Table"] != old
    assert local_aws.client("dynamodb").scan(TableName=old)["Count"] == 1


def test_a_protected_table_is_not_deleted(local_aws: RunningLocalAws) -> None:
    protected = {**table(DeletionProtectionEnabled=True), "DeletionPolicy": "Delete"}
    local_aws.deploy("table-protected", template(Table=protected))
    local_aws.client("cloudformation").delete_stack(StackName="table-protected")
    assert local_aws.settled("table-protected")["StackStatus"] == "DELETE_FAILED"


def test_what_the_template_retains_stays_when_the_stack_is_deleted(local_aws: RunningLocalAws) -> None:
    key = resource("AWS::KMS::Key", {"KeyPolicy": open_key_policy()}, DeletionPolicy="Retain")
    bucket = resource("AWS::S3::Bucket", {"BucketName": "kept-bucket"}, DeletionPolicy="Retain")
    local_aws.deploy("kept", template(Table=table(), Key=key, Bucket=bucket, Gone=resource("AWS::SQS::Queue", {"QueueName": "gone"})))
    ids = local_aws.ids("kept")
    local_aws.client("cloudformation").delete_stack(StackName="kept")
    assert local_aws.client("dynamodb").describe_table(TableName=ids["Table"])["Table"]["TableStatus"] == "ACTIVE"
    assert local_aws.client("kms").describe_key(KeyId=ids["Key"])["KeyMetadata"]["KeyState"] == "Enabled"
    assert "kept-bucket" in [one["Name"] for one in local_aws.client("s3").list_buckets()["Buckets"]]
    assert local_aws.client("sqs").list_queues(QueueNamePrefix="gone").get("QueueUrls", []) == []


def test_tags_of_the_stack_reach_tables_vaults_buckets_and_rules(local_aws: RunningLocalAws) -> None:
    made = template(
        Table=table(Tags=[{"Key": "own", "Value": "1"}]),
        Vault=vault("tagged"),
        Bucket=resource("AWS::S3::Bucket", {"BucketName": "tagged-bucket"}),
        Rule=resource("AWS::Events::Rule", {"EventPattern": {"source": ["aws.backup"]}}),
    )
    local_aws.deploy("tagged", made, Tags=[{"Key": "stage", "Value": "prod"}])
    ids = local_aws.ids("tagged")
    arn = f"arn:aws:dynamodb:{PRIMARY}:{WORKLOAD}:table/{ids['Table']}"
    on_table = {tag["Key"]: tag["Value"] for tag in local_aws.client("dynamodb").list_tags_of_resource(ResourceArn=arn)["Tags"]}
    assert (on_table["stage"], on_table["own"]) == ("prod", "1")
    vault_arn = f"arn:aws:backup:{PRIMARY}:{WORKLOAD}:backup-vault:tagged"
    assert local_aws.client("backup").list_tags(ResourceArn=vault_arn)["Tags"]["stage"] == "prod"
    on_bucket = local_aws.client("s3").get_bucket_tagging(Bucket="tagged-bucket")["TagSet"]
    assert {"Key": "stage", "Value": "prod"} in on_bucket
    rule = local_aws.client("events").describe_rule(Name=ids["Rule"])["Arn"]
    assert {"Key": "stage", "Value": "prod"} in local_aws.client("events").list_tags_for_resource(ResourceARN=rule)["Tags"]


def test_a_change_set_is_made_looked_at_and_executed(local_aws: RunningLocalAws) -> None:
    local_aws.deploy("change-set", template(Vault=vault("change-set", LockConfiguration={"MinRetentionDays": 7})))
    cloudformation = local_aws.client("cloudformation")
    body = json.dumps(template(Vault=vault("change-set", LockConfiguration={"MinRetentionDays": 9})))
    cloudformation.create_change_set(StackName="change-set", ChangeSetName="raise", TemplateBody=body)
    changes = cloudformation.describe_change_set(StackName="change-set", ChangeSetName="raise")["Changes"]
    assert [(one["ResourceChange"]["Action"], one["ResourceChange"]["Replacement"]) for one in changes] == [("Modify", "False")]
    cloudformation.execute_change_set(StackName="change-set", ChangeSetName="raise")
    assert local_aws.settled("change-set")["StackStatus"] == "UPDATE_COMPLETE"
    assert local_aws.client("backup").describe_backup_vault(BackupVaultName="change-set")["MinRetentionDays"] == 9


def test_a_composite_alarm_needs_its_children(local_aws: RunningLocalAws) -> None:
    lonely = resource("AWS::CloudWatch::CompositeAlarm", {"AlarmName": "all", "AlarmRule": 'ALARM("nobody")'})
    assert local_aws.deploy("composite-lonely", template(All=lonely))["StackStatus"] == "ROLLBACK_COMPLETE"
    child = {"AlarmName": "child", "MetricName": "m", "Namespace": "n", "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0, "EvaluationPeriods": 1}
    pair = template(
        Child=resource("AWS::CloudWatch::Alarm", child),
        All=resource("AWS::CloudWatch::CompositeAlarm", {"AlarmName": "all", "AlarmRule": 'ALARM("child")', "Tags": [{"Key": "a", "Value": "b"}]}, DependsOn="Child"),
    )
    assert local_aws.deploy("composite", pair)["StackStatus"] == "CREATE_COMPLETE"
    (alarm,) = local_aws.client("cloudwatch").describe_alarms(AlarmTypes=["CompositeAlarm"], AlarmNames=["all"])["CompositeAlarms"]
    assert alarm["AlarmRule"] == 'ALARM("child")'
    assert {"Key": "a", "Value": "b"} in local_aws.client("cloudwatch").list_tags_for_resource(ResourceARN=alarm["AlarmArn"])["Tags"]


def test_an_alarm_on_an_expression_keeps_its_queries(local_aws: RunningLocalAws) -> None:
    metric = {"Namespace": "AWS/Backup", "MetricName": "NumberOfCopyJobsFailed", "Dimensions": [{"Name": "BackupVaultName", "Value": "v"}]}
    queries = [
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": "300", "Stat": "Sum"}, "ReturnData": False},
        {"Id": "e", "Expression": "FILL(m, 0)", "ReturnData": True},
    ]
    alarm = {"AlarmName": "math", "Metrics": queries, "ComparisonOperator": "GreaterThanThreshold", "Threshold": 0, "EvaluationPeriods": 1}
    assert local_aws.deploy("math", template(Alarm=resource("AWS::CloudWatch::Alarm", alarm)))["StackStatus"] == "CREATE_COMPLETE"
    (described,) = local_aws.client("cloudwatch").describe_alarms(AlarmNames=["math"])["MetricAlarms"]
    assert [query["Id"] for query in described["Metrics"]] == ["m", "e"]
    assert described["Metrics"][0]["MetricStat"]["Period"] == 300
    assert "MetricName" not in described


def network(**more: Any) -> dict[str, Any]:
    return template(
        Vpc=resource("AWS::EC2::VPC", {"CidrBlock": "10.0.0.0/16"}),
        Subnet=resource("AWS::EC2::Subnet", {"VpcId": {"Ref": "Vpc"}, "CidrBlock": "10.0.0.0/24"}),
        Address=resource("AWS::EC2::EIP", {"Domain": "vpc", "Tags": [{"Key": "a", "Value": "b"}]}),
        **more,
    )


def test_addresses_gateways_and_flow_logs_are_made_and_deleted(local_aws: RunningLocalAws) -> None:
    gateway = {"SubnetId": {"Ref": "Subnet"}, "AllocationId": {"Fn::GetAtt": ["Address", "AllocationId"]}}
    log = {"ResourceId": {"Ref": "Vpc"}, "ResourceType": "VPC", "TrafficType": "ALL", "LogGroupName": {"Ref": "Group"}, "DeliverLogsPermissionArn": f"arn:aws:iam::{WORKLOAD}:role/none"}
    made = network(
        Group=resource("AWS::Logs::LogGroup", {"LogGroupName": "flow"}),
        Gateway=resource("AWS::EC2::NatGateway", gateway),
        Log=resource("AWS::EC2::FlowLog", log),
    )
    assert local_aws.deploy("network", made)["StackStatus"] == "CREATE_COMPLETE"
    ec2, ids = local_aws.client("ec2"), local_aws.ids("network")
    assert ec2.describe_nat_gateways(NatGatewayIds=[ids["Gateway"]])["NatGateways"][0]["State"] == "available"
    assert ec2.describe_flow_logs(FlowLogIds=[ids["Log"]])["FlowLogs"][0]["ResourceId"] == ids["Vpc"]
    assert [address["PublicIp"] for address in ec2.describe_addresses()["Addresses"]] == [ids["Address"]]
    local_aws.client("cloudformation").delete_stack(StackName="network")
    assert ec2.describe_addresses()["Addresses"] == [] and ec2.describe_flow_logs()["FlowLogs"] == []


def test_a_gateway_in_a_subnet_that_does_not_exist_is_refused(local_aws: RunningLocalAws) -> None:
    made = network(Gateway=resource("AWS::EC2::NatGateway", {"SubnetId": "subnet-none"}))
    assert local_aws.deploy("network-bad", made)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("InvalidSubnetID.NotFound" in reason for reason in local_aws.failures("network-bad"))


def test_a_policy_of_a_bus_that_does_not_exist_is_refused(local_aws: RunningLocalAws) -> None:
    properties = {"EventBusName": "none", "StatementId": "all", "Statement": {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents"}}
    assert local_aws.deploy("bus-none", template(Policy=resource("AWS::Events::EventBusPolicy", properties)))["StackStatus"] == "ROLLBACK_COMPLETE"


def test_a_bus_has_the_policy_of_the_template_until_it_is_deleted(local_aws: RunningLocalAws) -> None:
    condition = {"StringEquals": {"aws:PrincipalOrgID": "o-exampleorg12"}}
    statement = {"Effect": "Allow", "Principal": "*", "Action": "events:PutEvents", "Condition": condition}
    policy = {"EventBusName": {"Ref": "Bus"}, "StatementId": "organization", "Statement": statement}
    made = template(Bus=resource("AWS::Events::EventBus", {"Name": "central"}), Policy=resource("AWS::Events::EventBusPolicy", policy))
    local_aws.deploy("bus", made, ARCHIVE)
    events = local_aws.client("events", ARCHIVE)
    (seen,) = json.loads(events.describe_event_bus(Name="central")["Policy"])["Statement"]
    assert (seen["Sid"], seen["Condition"]) == ("organization", condition)
    local_aws.deploy("bus", template(Bus=made["Resources"]["Bus"]), ARCHIVE)
    assert "Policy" not in events.describe_event_bus(Name="central")


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        ({"EventPattern": {"source": "aws.backup"}}, "InvalidEventPatternException"),
        ({"EventPattern": {"source": [f"aws.{number}" for number in range(400)]}}, "2048 are allowed"),
        ({"EventBusName": "none", "EventPattern": {"source": ["x"]}}, "does not exist"),
        ({"EventPattern": {"source": ["x"]}, "Targets": [{"Id": str(n), "Arn": f"arn:aws:sns:eu-west-2:222222222222:t{n}"} for n in range(6)]}, "at most 5"),
    ],
)
def test_a_rule_that_aws_refuses_is_refused(local_aws: RunningLocalAws, rule: dict[str, Any], reason: str) -> None:
    name = "rule-" + reason.replace(" ", "-").lower().strip("-")[:20]
    assert local_aws.deploy(name, template(Rule=resource("AWS::Events::Rule", rule)))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any(reason in text for text in local_aws.failures(name))


def test_an_account_has_one_sink_in_a_region(local_aws: RunningLocalAws) -> None:
    sink = resource("AWS::Oam::Sink", {"Name": "sink"})
    assert local_aws.deploy("sink", template(Sink=sink), ARCHIVE)["StackStatus"] == "CREATE_COMPLETE"
    assert local_aws.deploy("sink-2", template(Sink=sink), ARCHIVE)["StackStatus"] == "ROLLBACK_COMPLETE"
    assert local_aws.deploy("sink", template(Sink=sink), ARCHIVE, SECONDARY)["StackStatus"] == "CREATE_COMPLETE"


def test_a_budget_is_made_updated_and_deleted(local_aws: RunningLocalAws) -> None:
    def budget(amount: int) -> dict[str, Any]:
        properties = {"BudgetName": "replication", "BudgetType": "COST", "TimeUnit": "MONTHLY", "BudgetLimit": {"Amount": amount, "Unit": "USD"}}
        return resource("AWS::Budgets::Budget", {"Budget": properties})

    budgets = local_aws.client("budgets")
    local_aws.deploy("budget", template(Budget=budget(10)))
    assert local_aws.deploy("budget", template(Budget=budget(20)))["StackStatus"] == "UPDATE_COMPLETE"
    described = budgets.describe_budget(AccountId=WORKLOAD, BudgetName="replication")["Budget"]
    assert float(described["BudgetLimit"]["Amount"]) == 20
    local_aws.client("cloudformation").delete_stack(StackName="budget")
    assert budgets.describe_budgets(AccountId=WORKLOAD).get("Budgets", []) == []
