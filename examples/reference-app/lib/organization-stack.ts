import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import { OrganizationBackupSettings } from 'cdk-backup-dr';
import type { Construct } from 'constructs';

/**
 * What AWS Backup needs of the organization, in the management account.
 *
 * Every stage has this stack. It turns on what is off and never turns anything off, so the stages don't disturb each other.
 */
export class OrganizationStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps) {
    super(scope, id, props);
    new OrganizationBackupSettings(this, 'BackupSettings');
  }
}
