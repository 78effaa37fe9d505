"""Calls of the API in EventBridge."""

from __future__ import annotations

import pytest

from signals.api_calls import Call, Trail, detail, is_recorded, is_sent

ROLE = "arn:aws:sts::222222222222:assumed-role/intruder/session"
CALL = Call("backup", "DeleteRecoveryPoint", {"BackupVaultName": "local"}, "222222222222", "eu-west-2", ROLE, 1_800_000_000.0, 1)


@pytest.mark.parametrize(
    ("service", "operation", "sent"),
    [("backup", "DeleteRecoveryPoint", True), ("backup", "ListBackupVaults", False), ("backup", "DescribeBackupVault", False),
     ("kms", "ScheduleKeyDeletion", True), ("kms", "Decrypt", False), ("kms", "GenerateDataKey", False), ("s3", "DeleteBucket", False)],
)  # fmt: skip
def test_calls_that_only_read_are_not_sent(service: str, operation: str, sent: bool) -> None:
    assert is_sent(CALL._replace(service=service, operation=operation)) is sent


@pytest.mark.parametrize(
    ("trail", "recorded"),
    [
        (Trail("222222222222", "eu-west-2", True, False, False), True),
        (Trail("222222222222", "eu-west-2", False, False, False), False),
        (Trail("222222222222", "eu-west-1", True, False, False), False),
        (Trail("222222222222", "eu-west-1", True, True, False), True),
        (Trail("111111111111", "eu-west-2", True, True, True), True),
        (Trail("111111111111", "eu-west-2", True, True, False), False),
        (Trail("333333333333", "eu-west-2", True, True, True), False),
    ],
)
def test_a_trail_of_the_account_or_of_its_organization_records_it(trail: Trail, recorded: bool) -> None:
    assert is_recorded(CALL, [trail], "111111111111") is recorded


def test_the_event_says_who_did_what() -> None:
    event = detail(CALL)
    assert [event["eventSource"], event["eventName"]] == ["backup.amazonaws.com", "DeleteRecoveryPoint"]
    assert event["requestParameters"] == {"backupVaultName": "local"}
    assert event["userIdentity"]["type"] == "AssumedRole"
    assert event["userIdentity"]["sessionContext"]["sessionIssuer"]["arn"] == "arn:aws:iam::222222222222:role/intruder"
    assert "errorCode" not in event


def test_a_refused_call_says_so_and_a_call_on_a_key_names_the_key() -> None:
    arn = "arn:aws:kms:eu-west-2:222222222222:key/1"
    event = detail(CALL._replace(service="kms", operation="DisableKey", error_code="AccessDenied", error_message="no", resources=(arn,)))
    assert [event["errorCode"], event["errorMessage"]] == ["AccessDenied", "no"]
    assert event["resources"] == [{"accountId": "222222222222", "type": "AWS::KMS::Key", "ARN": arn}]


@pytest.mark.parametrize(("arn", "kind"), [("arn:aws:iam::222222222222:root", "Root"), ("arn:aws:iam::222222222222:user/ann", "IAMUser")])
def test_other_callers(arn: str, kind: str) -> None:
    assert detail(CALL._replace(principal_arn=arn))["userIdentity"]["type"] == kind
