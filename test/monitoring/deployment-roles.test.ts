import { Token } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { decide, KEY, messageOn, rulesOf, stackOf, stackWith } from './event-alarms';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { AlarmSeverity } from '../../src/notification/notify';
import { alarmsOf } from '../alarms-of';
import { match } from '../event-patterns';
import { altered, documented, fromCloudTrail } from '../events';
import type { Event } from '../events';
import { Setup } from '../plan/setup';
import { problemsOf } from '../problems';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const ROLE = 'arn:aws:iam::111122223333:role/cdk-hnb659fds-cfn-exec-role-111122223333-us-west-2';
const DELETION = fromCloudTrail('cloudtrail-backup-delete-recovery-point');
const deploying = stackWith('central', { deploymentRoles: [ROLE] });

const call = (eventName: string) => altered(DELETION, { eventName, requestParameters: { backupVaultName: 'central' } });
const onKey = (name: string) => fromCloudTrail(`kms-${name}`);

/** As AWS CloudTrail has who made a call: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html */
const ASSUMED = (role: string) => ({
  type: 'AssumedRole',
  arn: 'arn:aws:sts::111122223333:assumed-role/any/session',
  sessionContext: { sessionIssuer: { type: 'Role', principalId: 'AROAEXAMPLE', arn: role, accountId: '111122223333', userName: 'any' }, attributes: { mfaAuthenticated: 'false' } },
});
const ROOT = { type: 'Root', principalId: '111122223333', arn: 'arn:aws:iam::111122223333:root', accountId: '111122223333' };
const USER = { type: 'IAMUser', principalId: 'AIDAEXAMPLE', arn: 'arn:aws:iam::111122223333:user/Alice', accountId: '111122223333', userName: 'Alice' };
const USER_WITH_MFA = { ...USER, sessionContext: { attributes: { mfaAuthenticated: 'true' } } };
const OTHERS: [string, object][] = [
  ['another role', ASSUMED('arn:aws:iam::111122223333:role/Admin')], ['a role whose name begins so', ASSUMED(`${ROLE}2`)], ['a role of another account', ASSUMED(ROLE.replace('iam::1', 'iam::2'))],
  ['the root user', ROOT], ['an IAM user', USER], ['an IAM user with MFA', USER_WITH_MFA], ['somebody without a type', {}],
];

/** How severe the messages about each of these events are. */
function severities(stack: Stack, name: string, events: Event[]): string[] {
  const rules = rulesOf(stack, name);
  const decisions = match(events.flatMap((event) => rules.map(({ Name, EventPattern }) => ({ name: Name, pattern: EventPattern, event }))));
  return events.map((_, at) => rules.filter((__, index) => decisions[at * rules.length + index] === 'matches')
    .map(({ Targets: [{ InputTransformer }] }) => /"title": "(\w+): /.exec(InputTransformer.InputTemplate)![1]).join());
}

const by = (event: Event, userIdentity: object) => altered(event, { userIdentity });

test.each<[string, string, Event]>([
  ['PutBackupVaultAccessPolicy', 'vault-tampered', call('PutBackupVaultAccessPolicy')],
  ['PutBackupVaultNotifications', 'vault-tampered', call('PutBackupVaultNotifications')],
  ['DeleteBackupVault', 'vault-tampered', call('DeleteBackupVault')],
  ['PutKeyPolicy', 'vault-key-tampered', onKey('put-key-policy')],
  ['CreateBackupAccessPoint', 'recovery-point-exposed', call('CreateBackupAccessPoint')],
])('%s by a deployment is a warning, by anybody else it is critical', (_, name, event) => {
  expect(severities(deploying, name, [by(event, ASSUMED(ROLE)), ...OTHERS.map(([, userIdentity]) => by(event, userIdentity))]))
    .toEqual(['WARNING', ...OTHERS.map(() => 'CRITICAL')]);
});

test.each<[string, string, Event]>([
  ['PutBackupVaultLockConfiguration', 'vault-tampered', call('PutBackupVaultLockConfiguration')],
  ['DeleteBackupVaultLockConfiguration', 'vault-tampered', call('DeleteBackupVaultLockConfiguration')],
  ['ScheduleKeyDeletion', 'vault-key-tampered', onKey('schedule-key-deletion')],
  ['DisableKey', 'vault-key-tampered', onKey('disable-key')],
  ['DeleteImportedKeyMaterial', 'vault-key-tampered', onKey('delete-imported-key-material')],
  ['DeleteRecoveryPoint', 'recovery-point-deleted', call('DeleteRecoveryPoint')],
  ['UpdateRecoveryPointLifecycle', 'recovery-point-deleted', call('UpdateRecoveryPointLifecycle')],
])('%s is critical whoever makes it, a deployment included', (_, name, event) => {
  const all = [ASSUMED(ROLE), ...OTHERS.map(([, userIdentity]) => userIdentity)];

  expect(severities(deploying, name, all.map((userIdentity) => by(event, userIdentity)))).toEqual(all.map(() => 'CRITICAL'));
});

test('a removed plan is a warning by a deployment only', () => {
  const setup = new Setup();
  new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting()], deploymentRoles: [ROLE] });
  const rules = JSON.parse(JSON.stringify(rulesOf(setup.stack, 'backup-plan-removed')).replaceAll(/Plan\w+\.BackupPlanId/g, 'plan'));
  const removed = altered(DELETION, { eventName: 'DeleteBackupPlan', requestParameters: { backupPlanId: 'plan' } });
  const critical = rules.filter(({ Targets }: any) => /"title": "CRITICAL/.test(Targets[0].InputTransformer.InputTemplate));
  const warning = rules.filter((rule: any) => !critical.includes(rule));

  expect(decide(critical, [by(removed, ASSUMED(ROLE)), by(removed, ROOT)])).toEqual(['differs', 'matches']);
  expect(decide(warning, [by(removed, ASSUMED(ROLE)), by(removed, ROOT)])).toEqual(['matches', 'differs']);
});

test('what AWS Backup itself says of a changed vault is a warning then, since it does not say who did it', () => {
  const changed = altered(documented('backup-vault-state-change-modified'), { backupVaultName: 'central' });

  expect(severities(deploying, 'vault-tampered', [changed])).toEqual(['WARNING']);
  expect(severities(stackOf('central'), 'vault-tampered', [changed])).toEqual(['CRITICAL']);
});

test('alarms and messages on a deployment say so, and an override does not make them critical', () => {
  const stack = stackWith('central', { deploymentRoles: [ROLE], overrides: { vaultTampered: { severity: AlarmSeverity.CRITICAL } } });
  const [alarm] = alarmsOf(stack).filter(({ AlarmName }) => AlarmName.startsWith('vault-tampered-central.deployment-'));

  expect(alarm.AlarmDescription).toMatch(/^WARNING: .* \(vault central, by a deployment\) /);
  expect(messageOn(stack, 'vault-tampered', by(call('PutBackupVaultAccessPolicy'), ASSUMED(ROLE))).title).toMatch(/^WARNING: /);
});

test('of the essential alarms none is on a deployment, and the message is still published', () => {
  const stack = stackWith('central', { deploymentRoles: [ROLE], alarmSet: AlarmSet.ESSENTIAL });

  expect(alarmsOf(stack).map(({ AlarmDescription }) => AlarmDescription.split(':')[0]).sort()).toEqual(['CRITICAL', 'CRITICAL', 'CRITICAL', 'CRITICAL', 'WARNING']);
  expect(alarmsOf(stack).filter(({ AlarmName }) => AlarmName.startsWith('backup-tampered'))).toHaveLength(1);
});

test('central monitoring tells deployments apart as well', () => {
  const stack = stackIn(LOG_ARCHIVE, LONDON);
  new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12', deploymentRoles: [ROLE], accounts: ['111122223333', '123456789012'] });
  const of = (userIdentity: object, event: Event) => severities(stack, 'vault-tampered', [by(event, userIdentity)]);

  expect(of(ASSUMED(ROLE), call('PutBackupVaultAccessPolicy'))).toEqual(['WARNING']);
  expect(of(ROOT, call('PutBackupVaultAccessPolicy'))).toEqual(['CRITICAL']);
  expect(of(ASSUMED(ROLE), call('DeleteBackupVaultLockConfiguration'))).toEqual(['CRITICAL']);
});

test.each<[string, Partial<BackupAlarmsProps>, string]>([
  ['a session', { deploymentRoles: ['arn:aws:sts::111122223333:assumed-role/deploy/session'] },
    "'deploymentRoles' (deployment_roles) must be exact ARNs of roles, such as 'arn:aws:iam::111122223333:role/deploy', without wildcards, got 'arn:aws:sts::111122223333:assumed-role/deploy/session'"],
  ['a wildcard', { deploymentRoles: ['arn:aws:iam::111122223333:role/cdk-*'] },
    "'deploymentRoles' (deployment_roles) must be exact ARNs of roles, such as 'arn:aws:iam::111122223333:role/deploy', without wildcards, got 'arn:aws:iam::111122223333:role/cdk-*'"],
  ['a user', { deploymentRoles: ['arn:aws:iam::111122223333:user/deploy'] },
    "'deploymentRoles' (deployment_roles) must be exact ARNs of roles, such as 'arn:aws:iam::111122223333:role/deploy', without wildcards, got 'arn:aws:iam::111122223333:user/deploy'"],
  ['a token', { deploymentRoles: [Token.asString({ Ref: 'Role' })] }, "'deploymentRoles' (deployment_roles) must be literal ARNs, because the alarms of other regions use them too, got a token"],
  ['none', { deploymentRoles: [] }, "'deploymentRoles' (deployment_roles) must contain at least one role, got none: leave it out for no roles"],
  ['too many', { deploymentRoles: Array.from({ length: 12 }, (_, index) => `${ROLE}${index}`) },
    "'deploymentRoles' (deployment_roles) must have at most 1000 characters together, because the size of an event pattern is limited, got 1023: specify fewer"],
])('refuses %s as the role of a deployment', (_, props, problem) => {
  expect(problemsOf(() => stackWith('central', props))).toEqual([problem]);
});

test('as many roles as are taken fit into every pattern', () => {
  const roles = Array.from({ length: 11 }, (_, index) => `${ROLE}${index}`);

  expect(KEY).toContain('arn:aws:kms');
  expect(problemsOf(() => stackWith('c'.repeat(50), { deploymentRoles: roles }))).toEqual([]);
});
