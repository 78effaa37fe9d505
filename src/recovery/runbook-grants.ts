import * as iam from 'aws-cdk-lib/aws-iam';
import { RUNBOOK_TAG } from '../execution/runbook.contract';

/**
 * The runbook that permissions are granted on.
 *
 * @internal
 */
export interface GrantedRunbook {
  readonly documentName: string;
  readonly documentArn: string;
  /** The role that AWS Systems Manager assumes for a run. */
  readonly documentRole: iam.IRole;
  /** Pattern of the ARNs of all executions of the account and region. */
  readonly executions: string;
}

/**
 * Permissions on a runbook.
 */
export class RunbookGrants {
  /** @internal */
  public static _of(runbook: GrantedRunbook): RunbookGrants {
    return new RunbookGrants(runbook);
  }

  private constructor(private readonly runbook: GrantedRunbook) {}

  /**
   * Allows an operator to start the runbook with the tag of `startCommand`, to signal and stop executions with that tag, and to list the steps of executions.
   *
   * To approve a run, a principal must also be one of the `approvers`.
   *
   * @param grantee The operator
   * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-setup-identity-based-policies.html
   */
  public start(grantee: iam.IGrantable): iam.Grant {
    const { documentName, documentArn, documentRole, executions } = this.runbook;
    const allow = (actions: string[], resource: string, conditions?: Record<string, Record<string, string>>) =>
      iam.Grant.addToPrincipal({ grantee, actions, resourceArns: [resource], conditions });
    const tag = { [`aws:ResourceTag/${RUNBOOK_TAG}`]: documentName };
    return [
      allow([
        'ssm:StartAutomationExecution', 'ssm:GetAutomationExecution', 'ssm:SendAutomationSignal', 'ssm:StopAutomationExecution',
      ], executions, { StringEquals: tag }),
      // AWS documents no condition on a tag for it.
      allow(['ssm:DescribeAutomationStepExecutions'], executions),
      // An execution of another runbook keeps its tag. One that starts may have no tag yet, as one that nobody tagged.
      allow(['ssm:AddTagsToResource'], executions, { StringEquals: { [`aws:RequestTag/${RUNBOOK_TAG}`]: documentName }, StringEqualsIfExists: tag }),
      allow(['ssm:DescribeAutomationExecutions'], '*'),
      // AWS Systems Manager asks for it whether the role is in the document or a parameter.
      allow(['iam:PassRole'], documentRole.roleArn, { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } }),
    ].reduce((all, grant) => all.combine(grant), allow(['ssm:StartAutomationExecution'], documentArn));
  }
}
