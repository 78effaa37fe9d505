import { readFileSync } from 'fs';
import * as path from 'path';
import { Annotations, Stack, Stage, Tags, CfnParameter } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import { Annotations as Found, Match } from 'aws-cdk-lib/assertions';
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager';
import { newApp, PLACE, protectedStack, reportIn, tableIn } from './apps';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { CoverageCheck } from '../../src/report/coverage-check';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';

const FORGOTTEN = "AWS::DynamoDB::Table 'Orders/Forgotten' is unprotected. No selection contains it. Add it to a selection of a TieredBackupPlan, "
  + "or pass it to 'accept' of the CoverageCheck with the reason why it needs no protection";

const warningsOf = (stack: Stack): string[] => Found.fromStack(stack).findWarning('*', Match.anyValue()).map(({ id, entry }) => `${id}: ${String(entry.data)}`);
const forgottenOf = (stack: Stack) => stack.node.findChild('Forgotten');

function problemsOf(app: App): string {
  try {
    app.synth();
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('a table that nothing selects is a warning on the table, and the selected one is not', () => {
  const app = newApp();
  const stack = protectedStack(app);
  new CoverageCheck(app, 'Coverage');

  expect(warningsOf(stack).filter((text) => text.includes('unprotected'))).toEqual([`/Orders/Forgotten/Resource: ${FORGOTTEN} [ack: cdk-backup-dr:unprotected]`]);
});

test('the warning is there even if the stack of the table is synthesized before everything of this library', () => {
  const app = newApp();
  const early = new Stack(app, 'Early', { env: PLACE });
  tableIn(early, 'Table');
  protectedStack(app);
  new CoverageCheck(app, 'Coverage');

  expect(warningsOf(early)).toEqual([expect.stringContaining("AWS::DynamoDB::Table 'Early/Table' is unprotected.")]);
});

test('a warning that is acknowledged is not shown', () => {
  const app = newApp();
  const stack = protectedStack(app);
  new CoverageCheck(app, 'Coverage');
  Annotations.of(forgottenOf(stack)).acknowledgeWarning('cdk-backup-dr:unprotected', 'A cache.');

  expect(warningsOf(stack).filter((text) => text.includes('unprotected'))).toEqual([]);
});

test('with strict, it is an error that names each unprotected resource', () => {
  const app = newApp();
  tableIn(protectedStack(app), 'Lost');
  new CoverageCheck(app, 'Coverage', { strict: true });

  expect(problemsOf(app)).toContain(`[Coverage] ${FORGOTTEN}`);
  expect(problemsOf(app)).toContain("[Coverage] AWS::DynamoDB::Table 'Orders/Lost' is unprotected.");
  expect(problemsOf(app)).not.toContain('Orders/Table');
});

test('with strict, an app in which everything is protected is synthesized', () => {
  const app = newApp();
  const stack = protectedStack(app);
  stack.node.tryRemoveChild('Forgotten');
  new CoverageCheck(app, 'Coverage', { strict: true });

  expect(problemsOf(app)).toBe('');
});

test('a check of a stack is about that stack only', () => {
  const app = newApp();
  protectedStack(app);
  const other = protectedStack(app, {}, 'Other');
  new CoverageCheck(other, 'Coverage', { strict: true });

  expect(problemsOf(app)).toContain("'Other/Forgotten'");
  expect(problemsOf(app)).not.toContain("'Orders/Forgotten'");
});

test('tags that an aspect of the app adds are seen', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  new CoverageCheck(app, 'Coverage', { strict: true });
  tableIn(stack, 'Table');
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: BackupTier.standard() });
  plan.addSelection('Tagged', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], tags: { Backup: 'yes' } });
  Tags.of(app).add('Backup', 'yes');

  expect(problemsOf(app)).toBe('');
});

test('what tags decide at deployment is not checked, also with strict', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: BackupTier.standard() });
  plan.addSelection('Tagged', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)], tags: { Backup: 'yes' } });
  Tags.of(tableIn(stack, 'Table')).add('Backup', new CfnParameter(stack, 'Parameter').valueAsString);
  new CoverageCheck(app, 'Coverage', { strict: true });

  expect(Found.fromStack(stack).findInfo('*', Match.anyValue()).map(({ entry }) => entry.data)).toContain(
    "not checked: whether AWS::DynamoDB::Table 'Stack/Table' is protected: Tags or names that are known only at deployment decide whether it is in Stack/Plan/Tagged. [ack: cdk-backup-dr:protectionUndecided]");
});

describe('what is accepted', () => {
  test('is no error, and is in the report with its reason', () => {
    const app = newApp();
    const stack = protectedStack(app);
    new CoverageCheck(app, 'Coverage', { strict: true }).accept(forgottenOf(stack), 'A cache: the application fills it again.');

    const { accepted, coverage, verdict } = reportIn(app);
    expect(accepted).toEqual([{ path: 'Orders/Forgotten', property: 'CoverageCheck.accept', reason: 'A cache: the application fills it again.' }]);
    expect(coverage.find((each) => each.path === 'Orders/Forgotten')).toMatchObject({ status: 'accepted', reason: 'A cache: the application fills it again.' });
    expect(verdict.resources).toEqual({ protected: 1, accepted: 1, undecided: 0, unprotected: 0 });
  });

  test('can be everything of a type in a stack, and nothing else of it', () => {
    const app = newApp();
    const stack = protectedStack(app);
    new secretsmanager.Secret(stack, 'Secret');
    new CoverageCheck(app, 'Coverage', { strict: true }).accept(stack, 'Rotated, and created again by its stack.', 'AWS::SecretsManager::Secret');

    expect(problemsOf(app)).toContain('Orders/Forgotten');
    expect(problemsOf(app)).not.toContain('Orders/Secret');
  });

  test('has the reason that is nearest to the resource', () => {
    const app = newApp();
    const stack = protectedStack(app);
    const check = new CoverageCheck(app, 'Coverage', { strict: true });
    check.accept(app, 'All of it.');
    check.accept(forgottenOf(stack), 'Only this one.');

    expect(reportIn(app).coverage.map(({ path: each, reason }) => [each, reason])).toContainEqual(['Orders/Forgotten', 'Only this one.']);
  });

  test('is a warning where everything is protected', () => {
    const app = newApp();
    const stack = protectedStack(app);
    new CoverageCheck(app, 'Coverage', { strict: true }).accept(stack.node.findChild('Table'), 'A cache.');
    stack.node.tryRemoveChild('Forgotten');

    expect(warningsOf(stack)).toContain("/Orders/Table: 'accept' of 'Coverage' accepts nothing here: what is in 'Orders/Table' is protected, or not stateful. Remove it [ack: cdk-backup-dr:acceptedInVain]");
  });

  test('does not survive the removal of the check', () => {
    const app = newApp();
    new CoverageCheck(app, 'Coverage').accept(forgottenOf(protectedStack(app)), 'A cache.');
    app.node.tryRemoveChild('Coverage');

    expect(reportIn(app).verdict.resources).toMatchObject({ accepted: 0, unprotected: 1 });
  });

  test('must be below the scope, have a reason, and name types of stateful resources: one error says all', () => {
    const app = newApp();
    const [one, other] = ['One', 'Other'].map((id) => new Stack(app, id, { env: PLACE }));
    const check = new CoverageCheck(one, 'Coverage');

    expect(() => check.accept(other, ' ', 'AWS::SNS::Topic')).toThrow([
      "invalid CoverageCheck.accept() at 'One/Coverage':",
      "- 'resources' must be below 'One', which is checked, got 'Other'",
      "- 'reason' must say why the resources need no protection, got none",
      "- 'resourceTypes' (resource_types) must be AWS CloudFormation types of stateful resources, such as 'AWS::DynamoDB::Table', got 'AWS::SNS::Topic'",
    ].join('\n'));
  });
});

describe('in an app with Stages', () => {
  test('each Stage must have a check, because it is synthesized first', () => {
    const app = newApp();
    tableIn(new Stack(new Stage(app, 'Prod', { env: PLACE }), 'Stack'), 'Table');
    new CoverageCheck(app, 'Coverage');

    expect(problemsOf(app)).toContain("[Coverage] the Stage 'Prod' must have a CoverageCheck of its own, because it is synthesized before 'Coverage'");
  });

  test('what the check of the App accepts in a Stage is accepted by the check of the Stage, and not in vain', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod', { env: PLACE });
    const stack = new Stack(stage, 'Stack');
    new CoverageCheck(stage, 'Coverage', { strict: true });
    new CoverageCheck(app, 'Coverage', { strict: true }).accept(tableIn(stack, 'Table'), 'A cache.');

    expect(problemsOf(app)).toBe('');
    expect(stack.node.findChild('Table').node.metadata.map(({ data }) => String(data)).filter((text) => text.includes('accepts nothing'))).toEqual([]);
  });

  test('the check of a Stage finds what is in it', () => {
    const app = newApp();
    const stage = new Stage(app, 'Prod', { env: PLACE });
    tableIn(new Stack(stage, 'Stack'), 'Table');
    new CoverageCheck(stage, 'Coverage', { strict: true });
    new CoverageCheck(app, 'Coverage', { strict: true });

    expect(problemsOf(app)).toContain("[Prod/Coverage] AWS::DynamoDB::Table 'Prod/Stack/Table' is unprotected.");
  });
});

test('each message that is said is in the file of messages', () => {
  const app = newApp();
  protectedStack(app);
  new CoverageCheck(app, 'Coverage');
  const { directory } = app.synth();

  const { messages } = JSON.parse(readFileSync(path.join(directory, 'cdk-backup-dr-messages.json'), 'utf8'));
  expect(messages).toContainEqual({ id: 'cdk-backup-dr:unprotected', level: 'warning', path: 'Orders/Forgotten/Resource', text: FORGOTTEN });
});

test('strict must be true or false', () => {
  expect(() => new CoverageCheck(newApp(), 'Coverage', { strict: 'yes' as never })).toThrow("'strict' must be true or false, got 'yes'");
});
