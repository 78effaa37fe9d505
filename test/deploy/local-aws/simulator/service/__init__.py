"""The wire of AWS Backup, by AWS's own model of the service (botocore has it)."""
