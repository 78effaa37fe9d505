import { decide, decideOn, messageOn, rulesOf, stackOf } from './event-alarms';
import { anyTampering } from '../../src/events/tampering-events';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { alarmsOf } from '../alarms-of';
import { altered, documented, fromCloudTrail } from '../events';
import { Setup as Plans } from '../plan/setup';

/*
 * Calls and events that AWS Backup has had since 2025, and states that its metrics may not tell. AWS documents the names, by the
 * API and by https://docs.aws.amazon.com/aws-backup/latest/devguide/logging-using-cloudtrail.html, and no records of them.
 */

const DELETION = fromCloudTrail('cloudtrail-backup-delete-recovery-point');
const OF_SERVICE = fromCloudTrail('cloudtrail-backup-backup-job-completed');
const ABORTED = documented('backup-job-state-change-aborted');
const call = (eventName: string, requestParameters: object | null = null) => altered(DELETION, { eventName, requestParameters });
const ofService = (eventName: string) => altered(OF_SERVICE, { eventName });

describe('a backup job', () => {
  const name = ABORTED.detail.backupVaultName;
  const partial = altered(ABORTED, { state: 'PARTIAL' });

  test('that was stopped is an alarm by its event, of the vault and no other one', () => {
    expect(decideOn(stackOf(name), 'backup-job-aborted', [
      ABORTED, partial, altered(ABORTED, { state: 'ABORTING' }), altered(ABORTED, { backupVaultName: 'other' }), documented('backup-job-state-change-created'),
    ])).toEqual(['matches', 'differs', 'differs', 'differs', 'differs']);
  });

  test('that is partial is an alarm by its event, of the vault and no other one', () => {
    expect(decideOn(stackOf(name), 'recovery-point-partial', [partial, ABORTED, altered(partial, { backupVaultName: 'other' }), altered(partial, { state: 'COMPLETED' })]))
      .toEqual(['matches', 'differs', 'differs', 'differs']);
  });

  test.each([['backup-job-aborted', 'ABORTED'], ['recovery-point-partial', 'PARTIAL']])('is told of by its vault and its state: %s', (alarm, state) => {
    expect(messageOn(stackOf(name), alarm, altered(ABORTED, { state })).title)
      .toBe(`WARNING: A backup job into vault ${name} is ${state}, account 1112233445566, region us-west-2`);
  });

  test('that was stopped is counted by its metric as well', () => {
    expect(alarmsOf(stackOf('central')).filter(({ AlarmName }) => AlarmName.startsWith('backup-job-aborted')).map(({ MetricName }) => MetricName))
      .toEqual(['NumberOfBackupJobsAborted', 'TriggeredRules']);
  });
});

describe('whoever deletes a recovery point', () => {
  const by = (userIdentity: object) => altered(DELETION, { requestParameters: { backupVaultName: 'central' }, userIdentity });

  test('is told of: the root user, a user, a role, and an identity without a type, but no service of AWS', () => {
    expect(decideOn(stackOf('central'), 'recovery-point-deleted', [
      by({ type: 'Root' }), by({ type: 'IAMUser', userName: 'Alice' }), by({ type: 'AssumedRole' }), by({ accountId: '123456789012', invokedBy: 'any' }),
      by({ type: 'AWSService', invokedBy: 'backup.amazonaws.com' }),
    ])).toEqual(['matches', 'matches', 'matches', 'matches', 'differs']);
  });

  test('or disables the key of a vault is told of without a type of identity, too', () => {
    const disabled = fromCloudTrail('kms-disable-key');

    expect(decideOn(stackOf('central'), 'vault-key-tampered', [altered(disabled, { userIdentity: { accountId: '123456789012' } })])).toEqual(['matches']);
  });
});

test.each(['CreateBackupAccessPoint', 'CreateRestoreAccessBackupVault'])('%s exposes recovery points, whichever they are', (eventName) => {
  expect(decideOn(stackOf('central'), 'recovery-point-exposed', [
    call(eventName, { recoveryPointArn: 'any' }), altered(call(eventName), { errorCode: 'AccessDenied' }), altered(call(eventName), { eventSource: 'other.amazonaws.com' }),
  ])).toEqual(['matches', 'matches', 'differs']);
});

test('an access point that AWS Backup made is told of, with its name in the title, and one that is gone is not', () => {
  expect(decideOn(stackOf('central'), 'recovery-point-exposed', [
    ofService('BackupAccessPointCreated'), ofService('BackupAccessPointDeleted'), call('DeleteBackupAccessPoint'), DELETION, OF_SERVICE,
  ])).toEqual(['matches', 'differs', 'differs', 'differs', 'differs']);
  expect(messageOn(stackOf('central'), 'recovery-point-exposed', ofService('BackupAccessPointCreated')).title)
    .toBe('CRITICAL: BackupAccessPointCreated, account 123456789012, region us-east-1');
});

test.each([
  'UpdateRegionSettings', 'UpdateGlobalSettings', 'CreateLegalHold', 'CancelLegalHold', 'CreateTieringConfiguration', 'UpdateTieringConfiguration',
  'DeleteTieringConfiguration',
])('%s is a change of settings, for whichever vault', (eventName) => {
  expect(decideOn(stackOf('central'), 'backup-settings-changed', [call(eventName), altered(call(eventName), { eventSource: 'other.amazonaws.com' })])).toEqual(['matches', 'differs']);
});

test('what AWS Backup does to approval teams and to shared vaults is a change of settings, with an identity that has no type', () => {
  expect(OF_SERVICE.detail.userIdentity.type).toBeUndefined();
  expect(decideOn(stackOf('central'), 'backup-settings-changed', [
    ofService('AssociateBackupVaultMpaApprovalTeamCompleted'), ofService('RestoreAccessBackupVaultDeleted'), OF_SERVICE, call('DescribeRegionSettings'),
  ])).toEqual(['matches', 'matches', 'differs', 'differs']);
});

test('that settings of the region were changed is told of, also where there is no trail', () => {
  const changed = documented('region-setting-state-change-modified');

  expect(decideOn(stackOf('central'), 'backup-settings-changed', [changed, { ...changed, source: 'aws.other' }])).toEqual(['matches', 'differs']);
  expect(messageOn(stackOf('central'), 'backup-settings-changed', changed).title)
    .toBe('WARNING: Settings of AWS Backup are MODIFIED, account 1112233445566, region us-west-2');
});

test('a plan that is changed, or gets a selection, is a warning; another plan is not', () => {
  const PLAN_ID = '83fcb8ee-2d93-42ac-b06f-591563f3f8de';
  const setup = new Plans();
  new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting()] });
  const rules = JSON.parse(JSON.stringify(rulesOf(setup.stack, 'backup-plan-changed')).replaceAll(/Plan\w+\.BackupPlanId/g, PLAN_ID));
  const modified = documented('backup-plan-state-change-modified');

  expect(decide(rules, [
    call('UpdateBackupPlan', { backupPlanId: PLAN_ID }), call('CreateBackupSelection', { backupPlanId: PLAN_ID }), modified,
    call('UpdateBackupPlan', { backupPlanId: 'other' }), altered(modified, { backupPlanId: 'other' }), call('DeleteBackupPlan', { backupPlanId: PLAN_ID }),
    documented('backup-plan-state-change-deleted'), documented('backup-plan-state-change-created'),
  ])).toEqual(['matches', 'matches', 'matches', 'differs', 'differs', 'differs', 'differs', 'differs']);
});

test('what is forwarded as tampering fits into a pattern', () => {
  expect(JSON.stringify(anyTampering()).length).toBeLessThanOrEqual(2048); // the default quota of EventBridge
});
