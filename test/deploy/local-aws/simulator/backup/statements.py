"""The statements of docs/aws-behaviour.md that the simulator does not play, each with the reason.

Every other statement is cited by the code of this package; a test holds it.
"""

NOT_SIMULATED: dict[str, str] = {
    "B-400": "continuous backups",
    "B-401": "logically air-gapped vaults",
    "B-402": "legal holds, access points, indexes, scans, tiering",
    "B-403": "restore testing, frameworks, reports",
    "B-404": "organization policies",
    "B-405": "states that need composite points",
    "B-406": "retries by AWS",
    "B-407": "quotas of concurrent jobs",
    "B-408": "maintenance windows",
    "B-409": "permissions on other resources than tables",
    "B-410": "the delay of a global setting",
    "B-411": "increments and costs",
    "B-412": "closing of accounts",
    "B-413": "archive of EBS snapshots",
    "B-414": "kms:DescribeKey on aws/backup",
}
