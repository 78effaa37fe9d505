import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { stages } from './assembly';
import { test } from './test';

const HOME = { dev: 'acme-dev-backup', prod: 'acme-prod-backup' };
const AWAY = 'acme-prod-backup-support-eu-west-1-for-eu-west-2';

/** The document in a stack, and what its function is configured with. */
function runbookIn(stage: 'dev' | 'prod', stack: string): { readonly document: any; readonly settings: any } {
  const at = [stages[stage].stack(stack)];
  const [{ Properties: document }] = stages[stage].resources('AWS::SSM::Document', at) as any[];
  const [settings] = stages[stage].resources('AWS::Lambda::Function', at).flatMap(({ Properties }: any) => Properties.Environment?.Variables?.RUNBOOK_SETTINGS ?? []);
  return { document, settings: JSON.parse(settings) };
}

test('the runbook is in the primary region of both stages, and in the secondary one of production', () => {
  const found = (['dev', 'prod'] as const).flatMap((stage) => stages[stage].stacks.flatMap(({ stackName }) => {
    const [document] = stages[stage].resources('AWS::SSM::Document', [stages[stage].stack(stackName)]) as any[];
    return document === undefined ? [] : [`${stackName}: ${document.Properties.Name}`];
  }));
  assert.deepEqual(found.sort(), [`${AWAY}: acme-prod-restore-ecs`, 'acme-dev-backup: acme-dev-restore-ecs', 'acme-prod-backup: acme-prod-restore-ecs'].sort());
});

for (const [stage, stack, region] of [['dev', HOME.dev, 'eu-west-2'], ['prod', HOME.prod, 'eu-west-2'], ['prod', AWAY, 'eu-west-1']] as const) {
  test(`the runbook of ${stage} in ${region} restores the cluster of the primary region, with the roles of the workload`, () => {
    const { document, settings } = runbookIn(stage, stack);
    assert.deepEqual(document.Content.parameters.Cluster.allowedValues, [`acme-${stage}-cluster`]);
    assert.equal(settings.sourceRegion, 'eu-west-2');
    assert.deepEqual(settings.passableRoles, ['task', 'execution'].map((name) => `arn:aws:iam::222222222222:role/acme-${stage}-${name}-role`));
    const roles = stages[stage].resources('AWS::IAM::Role', [stages[stage].stack(`acme-${stage}-workload`)]).map(({ Properties }: any) => Properties.RoleName);
    assert.ok(settings.passableRoles.every((arn: string) => roles.includes(arn.split('/')[1])));
    assert.deepEqual([settings.bucket.account, settings.bucket.region], ['333333333333', region]);
  });

  test(`the README has the command that starts the runbook of ${stage} in ${region}`, () => {
    const { Outputs } = stages[stage].stack(stack).template;
    const readme = readFileSync(path.join(__dirname, '..', 'README.md'), 'utf8');
    const command = stage === 'dev' ? Outputs.EcsRestoreCommand.Value.replaceAll('acme-dev', 'acme-prod') : Outputs.EcsRestoreCommand.Value;
    assert.ok(readme.includes(command), command);
  });
}

test('a run is measured against the promise for the service in the primary region, and against that for the loss of the region in the secondary one', () => {
  const promised = (stack: string) => runbookIn('prod', stack).settings.objectives;
  assert.deepEqual(promised(HOME.prod), [{ name: 'ECS', survives: 'RESOURCE', rtoSeconds: 7200, rpoSeconds: 86_400 }]);
  assert.deepEqual(promised(AWAY), [{ name: 'Failover', survives: 'REGION', rtoSeconds: 28_800, rpoSeconds: 86_400 }]);
});
