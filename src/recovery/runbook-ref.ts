import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import type { RunbookGrants } from './runbook-grants';

/**
 * A runbook: an AWS Systems Manager Automation document with the function that does its work.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-automation.html
 */
export interface IRunbook extends IConstruct {
  /**
   * Name of the document.
   */
  readonly documentName: string;

  /**
   * ARN of the document.
   */
  readonly documentArn: string;

  /**
   * Role of the function, which reads the snapshots and recovers.
   */
  readonly role: iam.IRole;

  /**
   * URL of the console page on which an operator starts the runbook.
   *
   * Select the latest version of the document there: the page offers the default version, which an update of the stack may have left as it was.
   * `startCommand` asks for the latest one.
   */
  readonly consoleUrl: string;

  /**
   * Command that starts the runbook, for version 2 of the AWS CLI. With its defaults, it restores missing resources
   * from the newest snapshot. The parameters without a default have placeholders such as `<reason>`, and the tag is the one that
   * `grants.start` requires.
   */
  readonly startCommand: string;

  /**
   * Permissions on the runbook.
   */
  readonly grants: RunbookGrants;
}
