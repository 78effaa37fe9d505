import type { RecoveryReport } from './report-model';

type Part = Pick<RecoveryReport, 'buckets' | 'captures' | 'coverage' | 'plans' | 'runbooks' | 'vaults'>;

/**
 * Behaviour of AWS that recovery depends on, and that AWS does not document, or no source settles. `docs/unverified.md` has what the library does
 * about it, and how to find out.
 */
const QUESTIONS: readonly (readonly [question: string, concerns: (report: Part) => boolean])[] = [
  ['Does Amazon S3 accept a literal alias as `ReplicaKmsKeyID`?', ({ buckets }) => buckets.some(({ replica }) => replica)],
  ['Does an update of a vault move the date on which its compliance lock becomes final?', ({ vaults }) => vaults.some(({ lock }) => lock.mode === 'compliance')],
  ['Can AWS Backup copy a recovery point back into another account with the permissions of `DrRole.copyBack`?', copiesIntoAnotherAccount],
  ['Does a copy into another account require `AWSBackupDefaultServiceRole` in the destination account?', copiesIntoAnotherAccount],
  ['What else does a restored DynamoDB table lack?', protectsTables],
  ['Does AWS CloudFormation manage a restored table that has the name of the lost one?', protectsTables],
  ['Does a retention of each object arrive in a replica whose bucket has a default retention?', ({ captures, buckets }) =>
    buckets.some(({ arn, replica, lock }) => replica && lock && captures.some(({ bucket }) => bucket === arn))],
  ['Which source ARN does EventBridge Scheduler give to the role of a schedule?', ({ captures }) => captures.length > 0],
  ['Which `eventSource` do CloudTrail records of Application Auto Scaling have?', ({ captures }) => captures.some(({ onChange }) => onChange !== 'off')],
  ['Does a new tag of an image count as a push for replication in Amazon ECR?', ({ captures }) => captures.some(({ kind }) => kind === 'ecs')],
  ['Does a restored Amazon ECS service belong to its stack again?', ({ runbooks }) => runbooks.some(({ kind }) => kind === 'ecs-restore')],
  ['Does an `aws:invokeLambdaFunction` step fail if the function returns an error?', ({ runbooks }) => runbooks.length > 0],
  ['Can a step after a loop use the outputs of the last iteration?', ({ runbooks }) => runbooks.length > 0],
  ['How many rejections reject an `aws:approve` step, and do two sessions of one role count as two approvals?', ({ runbooks }) =>
    runbooks.some(({ requiredApprovals }) => requiredApprovals > 0)],
];

/** The questions that concern an app. */
export function unverifiedBehaviour(report: Part): string[] {
  return QUESTIONS.filter(([, concerns]) => concerns(report)).map(([question]) => question);
}

function copiesIntoAnotherAccount({ plans, vaults }: Part): boolean {
  const accounts = new Map(vaults.map(({ arn, account }) => [arn, account]));
  return plans.some(({ account, destinations }) => destinations.some(({ vault }) => (accounts.get(vault) ?? account) !== account));
}

function protectsTables({ coverage }: Part): boolean {
  return coverage.some(({ type, by }) => type.startsWith('AWS::DynamoDB::') && by.some(({ kind }) => kind === 'plan'));
}
