"""With authorization: what roles may do on the wire, the keys and variables of their policies, and what AWS checks beside the called action."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError
from running import ARCHIVE, MANAGEMENT, PRIMARY, WORKLOAD, RunningLocalAws

TABLE = f"arn:aws:dynamodb:{PRIMARY}:{WORKLOAD}:table"


def as_role(running: RunningLocalAws, service: str, *statements: dict[str, Any], account: str = WORKLOAD, name: str = "operator") -> Any:
    """A client with a session of a role that has these statements."""
    iam, sts = running.client("iam", account), running.client("sts", account)
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": account}, "Action": "sts:AssumeRole"}]}
    try:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    except iam.exceptions.EntityAlreadyExistsException:
        pass
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/{name}", RoleSessionName="session")["Credentials"]
    return running.client(
        service,
        account,
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def allow(action: Any, resource: str = "*", **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **({"Condition": condition} if condition else {})}


def denied(call: Any, **parameters: Any) -> str:
    """The message of a denial."""
    with pytest.raises(ClientError) as refusal:
        call(**parameters)
    error = refusal.value.response["Error"]
    assert "AccessDenied" in error["Code"], error
    return str(error["Message"])


def test_a_role_that_may_not_call_aws_backup_is_denied(guarded_aws: RunningLocalAws) -> None:
    client = as_role(guarded_aws, "backup", allow("backup:ListBackupPlans"))
    assert client.list_backup_plans()["BackupPlansList"] == []
    assert "backup:ListBackupVaults" in denied(client.list_backup_vaults)


def test_a_job_needs_the_permission_to_pass_its_role(guarded_aws: RunningLocalAws) -> None:
    role = f"arn:aws:iam::{WORKLOAD}:role/backup-role"
    job = {"BackupVaultName": "passing", "ResourceArn": f"{TABLE}/orders", "IamRoleArn": role}
    guarded_aws.client("backup").create_backup_vault(BackupVaultName="passing")
    service = {"Effect": "Allow", "Principal": {"Service": "backup.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [service]})
    guarded_aws.client("iam").create_role(RoleName="backup-role", AssumeRolePolicyDocument=document)
    key, attribute = [{"AttributeName": "pk", "KeyType": "HASH"}], [{"AttributeName": "pk", "AttributeType": "S"}]
    guarded_aws.client("dynamodb").create_table(TableName="orders", KeySchema=key, AttributeDefinitions=attribute, BillingMode="PAY_PER_REQUEST")
    client = as_role(guarded_aws, "backup", allow("backup:*"), name="passer")
    assert "iam:PassRole" in denied(client.start_backup_job, **job)
    to_ec2 = allow("iam:PassRole", role, StringEquals={"iam:PassedToService": "ec2.amazonaws.com"})
    client = as_role(guarded_aws, "backup", allow("backup:*"), to_ec2, name="passer")
    assert "iam:PassRole" in denied(client.start_backup_job, **job)
    to_backup = allow("iam:PassRole", role, StringEquals={"iam:PassedToService": "backup.amazonaws.com"})
    client = as_role(guarded_aws, "backup", allow("backup:*"), to_backup, name="passer")
    assert client.start_backup_job(**job)["BackupJobId"]


ITEM_ACTIONS = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"]


@pytest.mark.parametrize("missing", ITEM_ACTIONS)
def test_a_restore_of_dynamodb_needs_to_read_and_write_the_target(guarded_aws: RunningLocalAws, missing: str) -> None:
    root = guarded_aws.client("dynamodb")
    key, attribute = [{"AttributeName": "pk", "KeyType": "HASH"}], [{"AttributeName": "pk", "AttributeType": "S"}]
    try:
        root.create_table(TableName="source", KeySchema=key, AttributeDefinitions=attribute, BillingMode="PAY_PER_REQUEST")
    except root.exceptions.ResourceInUseException:
        pass
    backup = root.create_backup(TableName="source", BackupName="before")["BackupDetails"]["BackupArn"]
    target = f"restored-{missing}"
    restore = {"TargetTableName": target, "BackupArn": backup}
    called = allow("dynamodb:RestoreTableFromBackup")
    some = [f"dynamodb:{action}" for action in ITEM_ACTIONS if action != missing]
    client = as_role(guarded_aws, "dynamodb", called, allow(some, f"{TABLE}/{target}"), name="restorer")
    assert f"not authorized to perform: dynamodb:{missing} on resource: {TABLE}/{target}" in denied(client.restore_table_from_backup, **restore)
    client = as_role(guarded_aws, "dynamodb", called, allow([*some, f"dynamodb:{missing}"], f"{TABLE}/{target}"), name="restorer")
    assert client.restore_table_from_backup(**restore)["TableDescription"]["TableName"] == target


def test_service_access_can_be_allowed_for_one_service(guarded_aws: RunningLocalAws) -> None:
    one = allow("organizations:EnableAWSServiceAccess", **{"StringEquals": {"organizations:ServicePrincipal": "backup.amazonaws.com"}})
    client = as_role(guarded_aws, "organizations", one, account=MANAGEMENT)
    client.enable_aws_service_access(ServicePrincipal="backup.amazonaws.com")
    assert "organizations:EnableAWSServiceAccess" in denied(client.enable_aws_service_access, ServicePrincipal="ssm.amazonaws.com")


def test_a_service_linked_role_can_be_allowed_by_its_arn_and_by_its_service(guarded_aws: RunningLocalAws) -> None:
    role = f"arn:aws:iam::{WORKLOAD}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup"
    one = allow("iam:CreateServiceLinkedRole", role, StringEquals={"iam:AWSServiceName": "backup.amazonaws.com"})
    client = as_role(guarded_aws, "iam", one, name="linker")
    client.create_service_linked_role(AWSServiceName="backup.amazonaws.com")
    denied(client.create_service_linked_role, AWSServiceName="ecs.amazonaws.com")


def test_a_service_linked_role_that_is_there_is_refused_as_iam_refuses_it(guarded_aws: RunningLocalAws) -> None:
    client = guarded_aws.client("iam", MANAGEMENT)
    client.create_service_linked_role(AWSServiceName="backup.amazonaws.com")
    taken = "InvalidInput.*Service role name AWSServiceRoleForBackup has been taken in this account, please try a different suffix."
    with pytest.raises(ClientError, match=taken):
        client.create_service_linked_role(AWSServiceName="backup.amazonaws.com")


def test_a_variable_in_a_policy_on_the_wire_has_its_value(guarded_aws: RunningLocalAws) -> None:
    own = allow("dynamodb:DescribeTable", "arn:aws:dynamodb:*:${aws:PrincipalAccount}:table/source-${aws:PrincipalOrgID}")
    client = as_role(guarded_aws, "dynamodb", own, name="variables")
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        client.describe_table(TableName="source-o-exampleorg12")
    denied(client.describe_table, TableName="source")


def vault_template(name: str) -> str:
    return json.dumps({"Resources": {"Vault": {"Type": "AWS::Backup::BackupVault", "Properties": {"BackupVaultName": name}}}})


def service_role(running: RunningLocalAws, name: str, service: str, *statements: dict[str, Any]) -> str:
    iam = running.client("iam")
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}]}
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName=name, PolicyName="p", PolicyDocument=document)
    return f"arn:aws:iam::{WORKLOAD}:role/{name}"


def test_cloudformation_acts_with_the_permissions_of_the_stacks_role(guarded_aws: RunningLocalAws) -> None:
    service = "cloudformation.amazonaws.com"
    weak = service_role(guarded_aws, "cfn-weak", service, allow("backup:*"))
    strong = service_role(guarded_aws, "cfn-strong", service, allow(["backup:*", "backup-storage:MountCapsule"]))
    cloudformation = guarded_aws.client("cloudformation")
    cloudformation.create_stack(StackName="weak", TemplateBody=vault_template("weak"), RoleARN=weak)
    assert guarded_aws.settled("weak")["StackStatus"] == "ROLLBACK_COMPLETE"
    (reason,) = guarded_aws.failures("weak")
    assert "assumed-role/cfn-weak/AWSCloudFormation is not authorized to perform: backup-storage:MountCapsule" in reason
    cloudformation.create_stack(StackName="strong", TemplateBody=vault_template("strong"), RoleARN=strong)
    assert guarded_aws.settled("strong")["StackStatus"] == "CREATE_COMPLETE"


def test_a_change_set_is_executed_with_the_role_that_it_was_made_with(guarded_aws: RunningLocalAws) -> None:
    service = "cloudformation.amazonaws.com"
    role = service_role(guarded_aws, "cfn-change", service, allow(["backup:*", "backup-storage:MountCapsule"]))
    passing = allow("iam:PassRole", role, StringEquals={"iam:PassedToService": service})
    client = as_role(guarded_aws, "cloudformation", allow("cloudformation:*"), passing, name="deployer")
    change = {"StackName": "changed", "ChangeSetName": "first", "ChangeSetType": "CREATE", "TemplateBody": vault_template("changed")}
    client.create_change_set(**change, RoleARN=role)
    client.execute_change_set(StackName="changed", ChangeSetName="first")
    assert guarded_aws.settled("changed")["StackStatus"] == "CREATE_COMPLETE", guarded_aws.failures("changed")


def test_a_stacks_role_has_to_be_passed_and_to_trust_cloudformation(guarded_aws: RunningLocalAws) -> None:
    role = service_role(guarded_aws, "cfn-passed", "cloudformation.amazonaws.com", allow("backup:*"))
    other = service_role(guarded_aws, "not-for-cfn", "ec2.amazonaws.com", allow("backup:*"))
    client = as_role(guarded_aws, "cloudformation", allow("cloudformation:*"), name="not-passing")
    assert "iam:PassRole" in denied(client.create_stack, StackName="unpassed", TemplateBody=vault_template("unpassed"), RoleARN=role)
    with pytest.raises(ClientError, match="is invalid or cannot be assumed"):
        guarded_aws.client("cloudformation").create_stack(StackName="other", TemplateBody=vault_template("other"), RoleARN=other)


def test_calls_are_logged_with_their_principal_and_their_outcome(guarded_aws: RunningLocalAws) -> None:
    client = as_role(guarded_aws, "backup", allow("backup:ListBackupPlans"), account=ARCHIVE, name="logged")
    client.list_backup_plans()
    denied(client.list_backup_vaults)
    calls = [call for call in guarded_aws.local("calls")["calls"] if "assumed-role/logged" in call["principal"]]
    seen = [(call["account"], call["region"], call["service"], call["action"], call["outcome"][:12]) for call in calls]
    assert seen == [
        (ARCHIVE, PRIMARY, "backup", "ListBackupPlans", "OK"),
        (ARCHIVE, PRIMARY, "backup", "ListBackupVaults", "AccessDenied"),
    ]


def test_a_repository_that_is_described_by_its_name_has_to_be_allowed(guarded_aws: RunningLocalAws) -> None:
    for name in ("mine", "other"):
        guarded_aws.client("ecr").create_repository(repositoryName=name)
    client = as_role(guarded_aws, "ecr", allow("ecr:DescribeRepositories", f"arn:aws:ecr:{PRIMARY}:{WORKLOAD}:repository/mine"), name="describer")
    assert [each["repositoryName"] for each in client.describe_repositories(repositoryNames=["mine"])["repositories"]] == ["mine"]
    assert "ecr:DescribeRepositories" in denied(client.describe_repositories, repositoryNames=["other"])
