import { App, Stage, Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { ManagementEventTrail } from '../../src/events/management-event-trail';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LONDON, stackIn } from '../stacks';

const TRAIL = 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization';

/** Alarms in two Stages, two in one of them. */
function define() {
  const app = new App();
  const stages = ['Dev', 'Prod'].map((id) => new Stage(app, id));
  const stacks = [[stages[0], LONDON, 'One'], [stages[1], LONDON, 'One'], [stages[1], IRELAND, 'Other']] as const;
  const all = stacks.map(([stage, region, id]) => {
    const stack = stackIn(INFRASTRUCTURE, region, stage, id);
    new BackupAlarms(stack, 'Alarms', { vaults: [new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: `${stage.node.id}-local` })] });
    return stack;
  });
  return { app, stages, stacks: all };
}

/** The constructs with an info that it is not checked whether there is a trail. */
function withInfo(app: App): string[] {
  app.synth();
  return app.node.findAll().filter(({ node }) => node.metadata.some(({ data }) => /whether a trail of AWS CloudTrail/.test(String(data)))).map(({ node }) => node.path);
}

test('alarms on calls report that nobody vouches for a trail', () => {
  expect(withInfo(define().app)).toEqual(['Dev/One/Alarms', 'Prod/One/Alarms', 'Prod/Other/Alarms']);
});

test.each<[string, (defined: ReturnType<typeof define>) => IConstruct, string[]]>([
  ['the app', ({ app }) => app, []],
  ['a Stage', ({ stages }) => stages[1], ['Dev/One/Alarms']],
  ['a stack', ({ stacks }) => stacks[2], ['Dev/One/Alarms', 'Prod/One/Alarms']],
])('for %s it is vouched once, also after the alarms', (_, scopeOf, left) => {
  const defined = define();
  ManagementEventTrail.vouchFor(scopeOf(defined), TRAIL);

  expect(withInfo(defined.app)).toEqual(left);
});

test('refuses what is no trail; a token may be one', () => {
  const message = "'trailArn' (trail_arn) must be the ARN of a trail, such as 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization', got ";

  expect(problemsOf(() => ManagementEventTrail.vouchFor(new App(), 'organization'))).toEqual([`${message}'organization'`]);
  expect(problemsOf(() => ManagementEventTrail.vouchFor(new App(), undefined as any))).toEqual([`${message}undefined`]);
  expect(problemsOf(() => ManagementEventTrail.vouchFor(new App(), Token.asString({ Ref: 'Trail' })))).toEqual([]);
});
