"""Which operations of AWS Backup the local AWS does not simulate: a list that can only get shorter."""

from __future__ import annotations

from backup import OPERATIONS
from service.routes import operation_names

NOT_SIMULATED = {
    "AssociateBackupVaultMpaApprovalTeam",
    "CancelLegalHold",
    "CreateBackupAccessPoint",
    "CreateFramework",
    "CreateLegalHold",
    "CreateLogicallyAirGappedBackupVault",
    "CreateReportPlan",
    "CreateRestoreAccessBackupVault",
    "CreateRestoreTestingPlan",
    "CreateRestoreTestingSelection",
    "CreateTieringConfiguration",
    "DeleteBackupAccessPoint",
    "DeleteFramework",
    "DeleteReportPlan",
    "DeleteRestoreTestingPlan",
    "DeleteRestoreTestingSelection",
    "DeleteTieringConfiguration",
    "DescribeBackupAccessPoint",
    "DescribeFramework",
    "DescribeReportJob",
    "DescribeReportPlan",
    "DescribeScanJob",
    "DisassociateBackupVaultMpaApprovalTeam",
    "DisassociateRecoveryPointFromParent",
    "GetBackupPlanFromTemplate",
    "GetLegalHold",
    "GetPITRMalwareScanResults",
    "GetRecoveryPointIndexDetails",
    "GetRestoreTestingInferredMetadata",
    "GetRestoreTestingPlan",
    "GetRestoreTestingSelection",
    "GetTieringConfiguration",
    "ListBackupAccessPoints",
    "ListBackupAccessPointsByRecoveryPoint",
    "ListBackupAccessPointsByResource",
    "ListBackupJobSummaries",
    "ListBackupPlanTemplates",
    "ListCopyJobSummaries",
    "ListFrameworks",
    "ListIndexedRecoveryPoints",
    "ListLegalHolds",
    "ListRecoveryPointsByLegalHold",
    "ListReportJobs",
    "ListReportPlans",
    "ListRestoreAccessBackupVaults",
    "ListRestoreJobSummaries",
    "ListRestoreTestingPlans",
    "ListRestoreTestingSelections",
    "ListScanJobSummaries",
    "ListScanJobs",
    "ListTieringConfigurations",
    "PutRestoreValidationResult",
    "RevokeRestoreAccessBackupVault",
    "StartReportJob",
    "StartScanJob",
    "UpdateFramework",
    "UpdateRecoveryPointIndexSettings",
    "UpdateReportPlan",
    "UpdateRestoreTestingPlan",
    "UpdateRestoreTestingSelection",
    "UpdateTieringConfiguration",
}


def test_every_other_operation_is_simulated() -> None:
    assert set(operation_names()) - set(OPERATIONS) == NOT_SIMULATED


def test_no_operation_is_simulated_that_aws_backup_does_not_have() -> None:
    assert set(OPERATIONS) - set(operation_names()) == set()


def test_the_list_has_not_grown() -> None:
    assert len(NOT_SIMULATED) <= 61
