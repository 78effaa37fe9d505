import { writeFileSync } from 'fs';
import { drill, storyOfStacks } from './drill';
import type { Promises } from './promises';
import { assumptionsOf, lineOf, summaryOf, tableOf } from './report';
import type { DrillFile } from './report';
import type { AssemblyStack } from '../assembly/assembly';
import type { LocalAws } from '../local-aws/local-aws';

export interface TellOptions {
  readonly stage: string;
  readonly stacks: readonly AssemblyStack[];
  /** The steps to try, besides those that they need; all by default. */
  readonly only?: string[];
  /** Where the result is written as JSON. */
  readonly file: string;
}

/**
 * Runs the drill and prints it.
 *
 * @returns whether every step has held
 */
export async function tell(aws: LocalAws, { stage, stacks, only, file }: TellOptions): Promise<boolean> {
  const { promises } = storyOfStacks(stacks);
  const startedAt = (await aws.clock.now()).toISOString();
  console.log([
    '',
    `The stage ${stage}, on a local AWS. NOTHING HERE TOUCHES AWS: accounts, regions, AWS Backup and the time are simulated on this machine.`,
    'A line for each step: what came of it, how long it took here, the simulated time (UTC); its name: what is promised -- what was seen.',
    '',
  ].join('\n'));
  const result = await drill(aws, { promised: stacks, only, onStep: (_, tried, position) => tried && console.log(lineOf(tried, position)) });
  const assumptions = await aws.assumptions();
  const content: DrillFile = {
    version: 1,
    simulated: true,
    stage,
    plan: promises.plan.name,
    startedAt,
    seconds: result.seconds,
    hasHeld: result.hasHeld,
    assumptions,
    steps: result.steps,
    records: result.records,
    recoveries: result.recoveries,
  };
  writeFileSync(file, `${JSON.stringify(content, undefined, 2)}\n`);
  console.log([
    '',
    tableOf(result),
    '',
    'What AWS does not document is assumed (seconds, unless it says otherwise):',
    assumptionsOf(assumptions),
    '',
    `${summaryOf(result)} All of it was simulated; nothing touched AWS. The result is also in ${file}.`,
  ].join('\n'));
  return result.hasHeld;
}

/** What to look at while the local AWS is up. */
export function invitationOf(aws: LocalAws, { plan, wayBack, eventLog, source }: Promises): string {
  const variables = (account: string, region: string) =>
    Object.entries(aws.environment(account, region)).map(([name, value]) => `export ${name}=${value}`);
  const at = (account: string, region: string, command: string) => `  AWS_ACCESS_KEY_ID=${account} AWS_REGION=${region} aws ${command}`;
  return [
    '',
    'The local AWS is up until you press Ctrl-C. In another terminal:',
    '',
    ...variables(plan.account, plan.region).map((line) => `  ${line}`),
    '',
    'An access key of 12 digits is that account. Five things to look at:',
    '',
    at(plan.account, plan.region, 'backup list-backup-jobs'),
    at(wayBack.from.account, wayBack.from.region, `backup list-recovery-points-by-backup-vault --backup-vault-name ${wayBack.from.name}`),
    at(source.account, source.region, `backup get-backup-vault-access-policy --backup-vault-name ${source.name}`),
    at(eventLog.account, eventLog.region, `logs filter-log-events --log-group-name ${eventLog.name} --max-items 3`),
    at(eventLog.account, eventLog.region, 'cloudwatch describe-alarms --state-value ALARM'),
    '',
    `Let a day pass: curl -X POST ${aws.endpoint}/_local/clock -d '{"forwardSeconds": 86400}'`,
  ].join('\n');
}
