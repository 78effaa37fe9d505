import assert from 'node:assert/strict';
import { Assembly, environmentOf, stages } from './assembly';
import { test } from './test';

const MANAGEMENT = '111111111111 eu-west-2';
const INFRASTRUCTURE = '222222222222 eu-west-2';
const INFRASTRUCTURE_SECONDARY = '222222222222 eu-west-1';
const LOG_ARCHIVE = '333333333333 eu-west-2';
const LOG_ARCHIVE_SECONDARY = '333333333333 eu-west-1';

const expected = {
  dev: {
    environments: {
      'acme-dev-organization': MANAGEMENT,
      'acme-dev-log-archive': LOG_ARCHIVE,
      'acme-dev-log-archive-support-eu-west-1-for-eu-west-2': LOG_ARCHIVE_SECONDARY,
      'acme-dev-workload': INFRASTRUCTURE,
      'acme-dev-workload-support-eu-west-1-for-eu-west-2': INFRASTRUCTURE_SECONDARY,
      'acme-dev-backup': INFRASTRUCTURE,
      'acme-dev-monitoring': LOG_ARCHIVE,
    },
    settings: [INFRASTRUCTURE, LOG_ARCHIVE],
    retained: { 'AWS::Backup::BackupVault': 2, 'AWS::DynamoDB::Table': 3, 'AWS::ECR::Repository': 1, 'AWS::KMS::Key': 20, 'AWS::S3::Bucket': 15 },
  },
  prod: {
    environments: {
      'acme-prod-organization': MANAGEMENT,
      'acme-prod-log-archive': LOG_ARCHIVE,
      'acme-prod-log-archive-support-eu-west-1-for-eu-west-2': LOG_ARCHIVE_SECONDARY,
      'acme-prod-workload': INFRASTRUCTURE,
      'acme-prod-workload-support-eu-west-1-for-eu-west-2': INFRASTRUCTURE_SECONDARY,
      'acme-prod-backup': INFRASTRUCTURE,
      'acme-prod-backup-support-eu-west-1-for-eu-west-2': INFRASTRUCTURE_SECONDARY,
      'acme-prod-monitoring': LOG_ARCHIVE,
      'acme-prod-monitoring-support-eu-west-1-for-eu-west-2': LOG_ARCHIVE_SECONDARY,
    },
    settings: [INFRASTRUCTURE_SECONDARY, INFRASTRUCTURE, LOG_ARCHIVE_SECONDARY, LOG_ARCHIVE],
    retained: { 'AWS::Backup::BackupVault': 4, 'AWS::DynamoDB::Table': 3, 'AWS::ECR::Repository': 1, 'AWS::KMS::Key': 24, 'AWS::S3::Bucket': 15 },
  },
};

for (const stage of ['dev', 'prod'] as const) {
  const assembly = stages[stage];
  const { environments, settings, retained } = expected[stage];

  test(`${stage} has these stacks, in these accounts and regions`, () => {
    assert.deepEqual(Object.fromEntries(assembly.stacks.map((stack) => [stack.stackName, environmentOf(stack)])), environments);
  });

  test(`${stage} turns on AWS Backup for DynamoDB in every account and region that backs up, copies or restores`, () => {
    const where = assembly.stacks.flatMap((stack) => assembly.resources('Custom::BackupRegionSettings', [stack]).map(() => environmentOf(stack)));
    assert.deepEqual(where.sort(), settings);
    for (const { Properties } of assembly.resources('Custom::BackupRegionSettings')) {
      assert.deepEqual([Properties.resourceTypeOptIn, Properties.resourceTypeManagement], [['DynamoDB'], ['DynamoDB']]);
    }
  });

  test(`${stage} turns on copies between accounts in the management account, before there is a vault to lock or a copy to fail`, () => {
    assert.equal(assembly.resources('Custom::OrganizationBackupSettings', [assembly.stack(`acme-${stage}-organization`)]).length, 1);
    const dependencies = (name: string) => assembly.stack(name).dependencies.map(({ id }) => id).filter((id) => !id.endsWith('.assets'));
    const withVaults = assembly.stacks.filter((stack) => assembly.resources('AWS::Backup::BackupVault', [stack]).length > 0);
    for (const name of withVaults.map(({ stackName }) => stackName).filter((each) => each.includes('log-archive'))) {
      assert.ok(dependencies(name).includes(`acme-${stage}-organization`));
      assert.ok(dependencies(`acme-${stage}-backup`).includes(assembly.stack(name).id));
    }
  });

  test(`${stage} retains every vault, table, key, bucket and repository, and the roles that back up, restore, copy back and replicate`, () => {
    const isRetained = ({ DeletionPolicy = 'Delete', UpdateReplacePolicy = 'Delete' }) =>
      ['Retain', 'RetainExceptOnCreate'].includes(DeletionPolicy) && UpdateReplacePolicy === 'Retain';
    const counts = Object.keys(retained).map((type) => [type, assembly.resources(type).filter(isRetained).length]);
    assert.deepEqual(Object.fromEntries(counts), retained);
    for (const type of Object.keys(retained)) {
      assert.deepEqual(assembly.resources(type).filter((resource) => !isRetained(resource)), []);
    }
    // A default name is the last of the path, a hash and the region, behind what is left of the stack's.
    const shown = (roleName: unknown) => `${roleName}`.replace(/^.*-(\w+)-[0-9a-f]{8}-eu-west-2$/, '$1');
    const roles = assembly.stacks.flatMap((stack) => assembly.resources('AWS::IAM::Role', [stack]).filter(isRetained)
      .map(({ Properties }) => `${stack.stackName} ${shown(Properties.RoleName)}`));
    assert.deepEqual(roles.sort(), [
      `acme-${stage}-backup acme-${stage}-backup-role`,
      `acme-${stage}-backup acme-${stage}-restore-role`,
      ...Array(5).fill(`acme-${stage}-log-archive Replication`),
      `acme-${stage}-log-archive acme-${stage}-copy-back-role`,
      `acme-${stage}-workload Replication`,
    ]);
  });

  test(`${stage} refers to nothing in another account or region`, () => {
    for (const { template: { Parameters: { BootstrapVersion, ...parameters }, ...rest } } of assembly.stacks) {
      assert.equal(BootstrapVersion.Default, '/cdk-bootstrap/hnb659fds/version'); // the CDK's own, of the same account and region
      assert.doesNotMatch(JSON.stringify({ parameters, ...rest }), /Fn::GetStackOutput|AWS::SSM::Parameter::Value|Custom::CrossRegionExport/);
    }
    const exports = assembly.stacks.flatMap((stack) =>
      Object.values<any>(stack.template.Outputs ?? {}).map(({ Export }) => `${environmentOf(stack)} ${Export?.Name}`));
    for (const stack of assembly.stacks) {
      for (const [, name] of JSON.stringify(stack.template).matchAll(/"Fn::ImportValue":"([^"]+)"/g)) {
        assert.ok(exports.includes(`${environmentOf(stack)} ${name}`), `${stack.stackName} imports ${name} of another account or region`);
      }
    }
  });

  test(`${stage} tags its stacks with what never changes`, () => {
    for (const { tags } of assembly.stacks) {
      assert.deepEqual(tags, { Environment: stage, Project: 'acme' });
    }
  });

  test(`${stage}'s stacks say whom to ask`, () => {
    for (const { template, stackName } of assembly.stacks.filter((stack) => !stack.stackName.includes('support'))) {
      assert.match(template.Description, /platform-team@example\.com$/, stackName);
    }
  });

  test(`${stage} synthesizes without an error or a warning, and nothing is left unchecked`, () => {
    assert.deepEqual(assembly.stacks.flatMap((stack) => stack.messages.map(({ id, entry }) => `${id}: ${entry.data}`)), []);
    assert.equal(assembly.printed, '');
  });

  test(`${stage} has no finding of cdk-nag that is not suppressed`, () => {
    for (const stack of assembly.stacks) {
      const lines = assembly.nagReport(stack);
      const hasRules = Object.values<any>(stack.template.Resources).some(({ Type }) => Type !== 'AWS::Oam::Sink'); // cdk-nag has none for sinks
      assert.ok(!hasRules || lines.some(({ compliance }) => compliance === 'Compliant'), `cdk-nag did not look at ${stack.stackName}`);
      assert.deepEqual(lines.filter(({ compliance }) => !['Compliant', 'Suppressed'].includes(compliance)), []);
    }
  });

  test(`${stage} has no suppression that suppresses nothing`, () => {
    for (const stack of assembly.stacks) {
      const suppressed = assembly.nagReport(stack).filter(({ compliance }) => compliance === 'Suppressed');
      const declared = Object.values<any>(stack.template.Resources).flatMap(({ Metadata }) =>
        (Metadata.cdk_nag?.rules_to_suppress ?? []).flatMap(({ id, applies_to = ['the only finding'] }: any) =>
          applies_to.map(() => `${id} at ${Metadata['aws:cdk:path']}`)));
      assert.deepEqual(declared.sort(), suppressed.map(({ ruleId, resourceId }) => `${ruleId} at ${resourceId}`).sort());
    }
  });
}

test('production without the secondary region has the same stacks in the primary one, and they wait for nothing that is not there', () => {
  const left = Assembly.of('prod', { lostRegion: 'eu-west-1' });
  const primary = stages.prod.stacks.filter(({ environment }) => environment.region === 'eu-west-2');
  assert.deepEqual(left.stacks.map(({ stackName }) => stackName).sort(), primary.map(({ stackName }) => stackName).sort());
  for (const { stackName, template } of primary) {
    assert.deepEqual(left.stack(stackName).template, template, stackName);
    assert.ok(left.stack(stackName).dependencies.length > 0); // none of them is missing, or this would throw
  }
});
