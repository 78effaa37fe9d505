"""The statements about how recovery points end (B-192 to B-199)."""

from __future__ import annotations

import pytest
from rules_aws import ARCHIVE, DAY, HOUR, IRELAND, NOT_FOUND, ROLE, WORKLOAD, Aws, refused, table_arn, vault_arn

ORDERS = table_arn("orders")
OPERATOR = f"arn:aws:iam::{WORKLOAD}:user/operator"
DISTRUST = {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}]}
BAD_STATE = "InvalidResourceStateException"


def test_b192_a_point_is_there_until_its_end(aws: Aws) -> None:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.forward(7 * DAY - HOUR - 1)
    assert aws.point("local", point)["Status"] == "COMPLETED"


def test_b192_a_point_is_gone_eight_hours_after_its_end(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    aws.forward(7 * DAY - HOUR + 8 * HOUR + aws.backup.assumptions.seconds_to_delete)
    assert aws.points("local") == []


def test_b192_points_without_an_end_stay(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.forward(2000 * DAY)
    assert aws.points("local") == [point]


def lose_the_role(aws: Aws, how: str) -> None:
    if how == "deleted":
        aws.world.delete_role(ROLE)
    else:
        aws.world.trusts[ROLE] = DISTRUST


@pytest.mark.parametrize("how", ["deleted", "not assumable"])
def test_b194_a_point_that_lost_its_role_becomes_expired_and_stays(how: str) -> None:
    aws = Aws(points_outlive_their_role=True)
    aws.advanced()
    aws.vault("local")
    aws.table("orders")
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    lose_the_role(aws, how)
    aws.forward(8 * DAY)
    assert aws.point("local", point)["Status"] == "EXPIRED"


@pytest.mark.parametrize("how", ["deleted", "not assumable"])
def test_b193_with_the_service_linked_role_a_point_that_lost_its_role_is_deleted(how: str) -> None:
    aws = Aws(points_outlive_their_role=False)
    aws.advanced()
    aws.vault("local")
    aws.table("orders")
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    lose_the_role(aws, how)
    aws.forward(8 * DAY)
    assert aws.points("local") == []


def test_b193_a_copy_in_another_account_does_not_need_the_role_of_the_job(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.copy(point, "local", vault_arn("archive", ARCHIVE), Lifecycle={"DeleteAfterDays": 7})
    aws.world.delete_role(ROLE)
    aws.forward(8 * DAY)
    assert aws.points("archive", ARCHIVE) == []


def test_b193_a_role_that_is_there_again_at_the_end_deletes_the_point(aws: Aws) -> None:
    aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    trust = aws.world.trusts.pop(ROLE)
    aws.forward(3 * DAY)
    aws.world.trusts[ROLE] = trust
    aws.forward(5 * DAY)
    assert aws.points("local") == []


def expired(aws: Aws) -> str:
    point = aws.back_up(ORDERS, Lifecycle={"DeleteAfterDays": 7})
    trust = aws.world.trusts.pop(ROLE)
    aws.forward(8 * DAY)
    aws.world.trusts[ROLE] = trust
    assert aws.point("local", point)["Status"] == "EXPIRED"
    return point


def test_b195_an_expired_point_stays_although_its_role_is_back(aws: Aws) -> None:
    point = expired(aws)
    aws.forward(100 * DAY)
    assert aws.point("local", point)["Status"] == "EXPIRED"


def test_b195_an_expired_point_can_be_deleted_by_a_call(aws: Aws) -> None:
    point = expired(aws)
    aws.delete_point("local", point)
    aws.forward(HOUR)
    assert aws.points("local") == []


def test_b196_a_deleted_point_is_deleting_and_then_gone(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    aws.delete_point("local", point)
    assert aws.point("local", point)["Status"] == "DELETING"
    aws.forward(HOUR)
    with refused(NOT_FOUND, "B-2", "B-202"):
        aws.point("local", point)


@pytest.mark.parametrize("how", ["deleted", "not assumable"])
def test_b197_the_deletion_of_a_point_that_lost_its_role_leaves_it_expired(aws: Aws, how: str) -> None:
    point = aws.back_up(ORDERS)
    lose_the_role(aws, how)
    aws.delete_point("local", point)
    aws.forward(HOUR)
    assert aws.point("local", point)["Status"] == "EXPIRED"


def test_b198_an_expired_point_is_deleted_by_whom_may_create_the_service_linked_role(aws: Aws) -> None:
    point = expired(aws)
    aws.world.delete_role(ROLE)
    aws.delete_point("local", point)
    aws.forward(HOUR)
    assert aws.points("local") == []


def test_b198_an_expired_point_stays_for_whom_may_not(aws: Aws) -> None:
    point = expired(aws)
    aws.world.without(OPERATOR, "iam:CreateServiceLinkedRole")
    aws.delete_point("local", point)
    aws.forward(HOUR)
    assert aws.point("local", point)["Status"] == "EXPIRED"


def test_b199_a_point_that_is_being_made_can_not_be_deleted(aws: Aws) -> None:
    aws.start_backup(ORDERS)
    aws.forward(50)
    (point,) = aws.points("local")
    with refused(BAD_STATE, "B-199"):
        aws.delete_point("local", point)


def test_b199_a_point_that_is_being_copied_can_not_be_deleted(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    job = aws.start_copy(point, "local", vault_arn("remote", region=IRELAND))
    aws.forward(20)
    assert aws.copy_job(job)["State"] == "RUNNING"
    with refused(BAD_STATE, "B-199"):
        aws.delete_point("local", point)


def test_b199_a_point_that_is_being_restored_can_not_be_deleted(aws: Aws) -> None:
    point = aws.back_up(ORDERS)
    job = aws.start_restore(point, targetTableName="restored")
    aws.forward(20)
    assert aws.restore_job(job)["Status"] == "RUNNING"
    with refused(BAD_STATE, "B-199"):
        aws.delete_point("local", point)
