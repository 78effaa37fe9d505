"""Requests by AWS's model: what is refused before the simulator sees it, and what of its answer goes out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from backup.caller import Caller
from backup.errors import NotSimulated, Refused
from service.front import Front
from service.routes import find_route, operation, operation_names

CALLER = Caller("222222222222", "eu-west-2", "arn:aws:iam::222222222222:root")


class Recorder:
    """Takes every call, and answers what it is told to."""

    def __init__(self, answer: Any = None) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.result = answer

    def call(self, operation: str, caller: Caller, params: dict[str, Any]) -> dict[str, Any]:
        self.calls.append((operation, params))
        if isinstance(self.result, Exception):
            raise self.result
        return self.result or {}


def ask(method: str, path: str, body: Any = None, query: Any = None, answer: Any = None) -> tuple[int, dict[str, str], Any, Recorder]:
    recorder = Recorder(answer)
    status, headers, content = Front(recorder).answer(method, path, json.dumps(body).encode() if body is not None else b"", query or {}, CALLER)
    return status, headers, json.loads(content or b"null"), recorder


@pytest.mark.parametrize("name", operation_names())
def test_every_operation_is_found_by_its_own_request(name: str) -> None:
    model = operation(name)
    values = {"recoveryPointArn": "arn:aws:dynamodb:eu-west-2:222222222222:table/t/backup/01", "resourceArn": "arn:aws:s3:::b/c"}
    path = model.http["requestUri"].split("?")[0]
    for member_name, member in model.input_shape.members.items() if model.input_shape else ():
        if member.serialization.get("location") == "uri":
            label = member.serialization.get("name", member_name)
            path = path.replace("{" + label + "}", values.get(label, "a-value"))
    found = find_route(model.http["method"], path)
    assert found is not None and found[0].name == name


def test_an_arn_with_slashes_in_the_path_arrives_whole() -> None:
    arn = "arn:aws:dynamodb:eu-west-2:222222222222:table/orders/backup/01"
    *_, recorder = ask("GET", f"/backup-vaults/local/recovery-points/{arn}/restore-metadata")
    assert recorder.calls == [("GetRecoveryPointRestoreMetadata", {"BackupVaultName": "local", "RecoveryPointArn": arn})]


def test_an_arn_at_the_end_of_the_path_arrives_without_the_slash_behind_it() -> None:
    arn = "arn:aws:backup:eu-west-2:222222222222:backup-vault:local"
    *_, recorder = ask("GET", f"/tags/{arn}/")
    assert recorder.calls == [("ListTags", {"ResourceArn": arn})]


def test_numbers_and_times_in_the_query_arrive_as_such() -> None:
    query = {"maxResults": ["7"], "createdAfter": ["2026-11-28T12:00:00Z"], "state": ["COMPLETED"]}
    *_, recorder = ask("GET", "/backup-jobs/", query=query)
    assert recorder.calls == [("ListBackupJobs", {"MaxResults": 7, "ByCreatedAfter": 1795867200.0, "ByState": "COMPLETED"})]


def test_a_missing_member_is_refused() -> None:
    status, headers, content, recorder = ask("PUT", "/backup-jobs", {"BackupVaultName": "local"})
    assert (status, headers["x-amzn-errortype"], headers["x-local-aws-statement"]) == (400, "MissingParameterValueException", "B-1")
    assert content["Message"] == "Missing required parameter: ResourceArn, IamRoleArn"
    assert recorder.calls == []


def test_a_missing_member_of_a_member_is_refused() -> None:
    _, headers, content, _ = ask("PUT", "/backup/plans", {"BackupPlan": {"BackupPlanName": "p", "Rules": [{"RuleName": "daily"}]}})
    assert headers["x-amzn-errortype"] == "MissingParameterValueException"
    assert content["Message"] == "Missing required parameter: BackupPlan.Rules.1.member.TargetBackupVaultName"


@pytest.mark.parametrize(
    ("method", "path", "body", "message"),
    [
        ("PUT", "/backup-vaults/a b", {}, "regular expression pattern: ^[a-zA-Z0-9\\-\\_]{2,50}$"),
        ("PUT", "/backup-vaults/x", {}, "regular expression pattern: ^[a-zA-Z0-9\\-\\_]{2,50}$"),
        ("GET", "/backup-jobs/", None, "Member must have value less than or equal to 1000"),
        ("PUT", "/backup-vaults/local/notification-configuration", {"SNSTopicArn": "arn:x", "BackupVaultEvents": ["JOB_DONE"]}, "enum value set"),
    ],
)
def test_what_the_model_does_not_allow_is_refused(method: str, path: str, body: Any, message: str) -> None:
    status, headers, content, recorder = ask(method, path, body, {"maxResults": ["1001"]})
    assert (status, headers["x-amzn-errortype"], headers["x-local-aws-statement"]) == (400, "InvalidParameterValueException", "B-6")
    assert message in content["Message"]
    assert recorder.calls == []


@pytest.mark.parametrize("body", [{"Lifecycle": {"DeleteAfterDays": "7"}}, {"Lifecycle": []}, {"Lifecycle": {"DeleteAfterDays": True}}])
def test_a_value_of_another_type_is_refused(body: Any) -> None:
    _, headers, _, recorder = ask("PUT", "/backup-jobs", body)
    assert headers["x-amzn-errortype"] == "SerializationException"
    assert recorder.calls == []


def test_resource_types_with_spaces_are_names_of_the_opt_in_map() -> None:
    status, _, _, recorder = ask("PUT", "/account-settings", {"ResourceTypeOptInPreference": {"SAP HANA on Amazon EC2": True}})
    assert status == 200
    assert recorder.calls == [("UpdateRegionSettings", {"ResourceTypeOptInPreference": {"SAP HANA on Amazon EC2": True}})]


def test_a_member_that_the_model_does_not_have_is_ignored() -> None:
    *_, recorder = ask("PUT", "/backup-vaults/local", {"EncryptionKeyArn": "arn:k", "Colour": "blue"})
    assert recorder.calls == [("CreateBackupVault", {"BackupVaultName": "local", "EncryptionKeyArn": "arn:k"})]


def test_no_member_is_invented_in_an_answer() -> None:
    answer = {"BackupVaultName": "local", "NumberOfRecoveryPoints": 0, "Locked": False, "Policy": "{}", "LockDate": None}
    status, _, content, _ = ask("GET", "/backup-vaults/local", answer=answer)
    assert status == 200
    assert content == {"BackupVaultName": "local", "NumberOfRecoveryPoints": 0, "Locked": False}


def test_a_refusal_of_the_simulator_goes_out_with_its_statement() -> None:
    answer = Refused("AccessDeniedException", "No.", "B-43")
    status, headers, content, _ = ask("GET", "/backup-vaults/local", answer=answer)
    assert (status, headers["x-amzn-errortype"], headers["x-local-aws-statement"], content["Message"]) == (403, "AccessDeniedException", "B-43", "No.")


def test_an_operation_that_is_not_simulated_is_refused_in_a_sentence() -> None:
    status, headers, content, _ = ask("GET", "/legal-holds", answer=NotSimulated("ListLegalHolds"))
    assert (status, headers["x-local-aws-statement"]) == (400, "-")
    assert content["Message"] == "The local AWS does not simulate ListLegalHolds of AWS Backup."


def test_a_path_that_aws_backup_does_not_have_is_refused() -> None:
    _, headers, content, _ = ask("GET", "/backup-vault")
    assert (headers["x-amzn-errortype"], content["Message"]) == ("UnknownOperationException", "AWS Backup has no GET /backup-vault.")


def test_a_call_within_the_process_is_checked_like_a_request() -> None:
    with pytest.raises(Refused) as refusal:
        Front(Recorder()).call("CreateBackupVault", CALLER, {"BackupVaultName": "a b"})
    assert (refusal.value.code, refusal.value.statement) == ("InvalidParameterValueException", "B-6")
