"""An AWS for tests of rules."""

from __future__ import annotations

import pytest
from rules_aws import ARCHIVE, IRELAND, LET_COPIES_IN, LONDON, WORKLOAD, Aws


@pytest.fixture
def bare() -> Aws:
    """Accounts, roles and an organization, and nothing of AWS Backup."""
    return Aws()


@pytest.fixture
def aws() -> Aws:
    """Also a vault `local` in the workload account, a vault `remote` in its second Region, a vault `archive` in the
    archive account that lets copies in, a table, the advanced features of DynamoDB, and copies across accounts."""
    aws = Aws()
    for region in (LONDON, IRELAND):
        aws.advanced(WORKLOAD, region)
        aws.advanced(ARCHIVE, region)
    aws.across_accounts()
    aws.vault("local")
    aws.vault("remote", region=IRELAND)
    aws.vault("archive", ARCHIVE)
    aws.policy("archive", LET_COPIES_IN, ARCHIVE)
    aws.table("orders")
    return aws
