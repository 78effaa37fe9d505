import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { decide, decideOn, KEY, messageOn, rulesOf, stackOf, stackWith } from './event-alarms';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { Notify } from '../../src/notification/notify';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOf } from '../alarms-of';
import { altered, documented, fromCloudTrail } from '../events';
import { Setup as Plans } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn, supportStackOf } from '../stacks';

/*
 * Whether the rules of a template match what AWS documents of its events, and not their neighbours. Vaults and keys are
 * those of the documented event, so that nothing of it is changed.
 */

const DOCUMENTED_DELETION = fromCloudTrail('cloudtrail-backup-delete-recovery-point');
// AWS documents it of the default vault, which can be none of ours: the name is the one thing that is changed.
const DELETION = altered(DOCUMENTED_DELETION, { requestParameters: { ...DOCUMENTED_DELETION.detail.requestParameters, backupVaultName: 'central' } });
const PLAN_DELETED = documented('backup-plan-state-change-deleted');
const PLAN_ID = '83fcb8ee-2d93-42ac-b06f-591563f3f8de';
const COMPLETED = documented('backup-job-state-change-completed');

/** A call on the vault `central`, of which AWS documents no record. */
const call = (eventName: string, requestParameters: object = { backupVaultName: 'central' }) => altered(DELETION, { eventName, requestParameters });
const onKey = (name: string) => fromCloudTrail(`kms-${name}`);

test.each([
  'DeleteBackupVault', 'PutBackupVaultLockConfiguration', 'DeleteBackupVaultLockConfiguration', 'PutBackupVaultAccessPolicy',
  'DeleteBackupVaultAccessPolicy', 'PutBackupVaultNotifications', 'DeleteBackupVaultNotifications',
  'AssociateBackupVaultMpaApprovalTeam', 'DisassociateBackupVaultMpaApprovalTeam', 'RevokeRestoreAccessBackupVault',
])('%s on the vault is tampering with it, on another vault it is not', (eventName) => {
  expect(decideOn(stackOf('central'), 'vault-tampered', [call(eventName), call(eventName, { backupVaultName: 'Other' })])).toEqual(['matches', 'differs']);
});

test('that a vault was changed or deleted is tampering, also where there is no trail; that it was made is not', () => {
  const events = ['modified', 'deleted', 'created'].map((state) => documented(`backup-vault-state-change-${state}`));
  const names = events.map(({ detail }) => detail.backupVaultName);

  expect(names.map((name, index) => decideOn(stackOf(name), 'vault-tampered', [events[index]])[0])).toEqual(['matches', 'matches', 'differs']);
  expect(decideOn(stackOf('other'), 'vault-tampered', events)).toEqual(['differs', 'differs', 'differs']);
});

test.each(['vault-tampered', 'recovery-point-deleted', 'vault-key-tampered'])('a call of that name of another service is no %s', (name) => {
  const of = { 'vault-tampered': call('DeleteBackupVault'), 'recovery-point-deleted': DELETION, 'vault-key-tampered': onKey('disable-key') }[name]!;

  expect(decideOn(stackOf('central'), name, [of, altered(of, { eventSource: 'other.amazonaws.com' }), { ...of, source: 'aws.other' }]))
    .toEqual(['matches', 'differs', 'differs']);
});

test('other calls and events of AWS Backup are no tampering with a vault', () => {
  expect(decideOn(stackOf('central'), 'vault-tampered', [
    DELETION, fromCloudTrail('cloudtrail-backup-start-backup-job'), fromCloudTrail('cloudtrail-backup-backup-job-completed'), PLAN_DELETED, COMPLETED,
  ])).toEqual(['differs', 'differs', 'differs', 'differs', 'differs']);
});

test('a recovery point that is deleted by hand is an alarm, of the vault and no other one', () => {
  expect(decideOn(stackOf('central'), 'recovery-point-deleted', [DELETION])).toEqual(['matches']);
  expect(decideOn(stackOf('Other'), 'recovery-point-deleted', [DELETION])).toEqual(['differs']);
});

test.each(['DisassociateRecoveryPoint', 'DisassociateRecoveryPointFromParent', 'UpdateRecoveryPointLifecycle'])('%s is an alarm as well', (eventName) => {
  expect(decideOn(stackOf('central'), 'recovery-point-deleted', [call(eventName)])).toEqual(['matches']);
});

test('an attempt to delete that was refused is an alarm', () => {
  expect(decideOn(stackOf('central'), 'recovery-point-deleted', [altered(DELETION, { errorCode: 'AccessDenied' })])).toEqual(['matches']);
});

test('what AWS Backup itself deletes at the end of a retention is none', () => {
  const ofService = { ...fromCloudTrail('cloudtrail-backup-backup-job-completed') };

  expect(decideOn(stackOf('central'), 'recovery-point-deleted', [
    altered(ofService, { eventName: 'BackupDeleted' }),
    altered(DELETION, { userIdentity: { type: 'AWSService', invokedBy: 'backup.amazonaws.com' } }),
    documented('recovery-point-state-change-completed'),
  ])).toEqual(['differs', 'differs', 'differs']);
});

test.each(['schedule-key-deletion', 'disable-key', 'put-key-policy', 'revoke-grant', 'delete-imported-key-material'])('%s on the key of the vault is an alarm', (name) => {
  expect(decideOn(stackOf('central'), 'vault-key-tampered', [onKey(name)])).toEqual(['matches']);
});

test('what harms no recovery point, or is done to another key, is none', () => {
  const other = altered(onKey('disable-key'), { resources: [{ ARN: `${KEY}0`, accountId: '111122223333' }] });

  expect(decideOn(stackOf('central'), 'vault-key-tampered', [
    altered(onKey('revoke-grant'), { userIdentity: { type: 'AWSService', invokedBy: 'backup.amazonaws.com' } }), onKey('cancel-key-deletion'), onKey('disable-key-rotation'), onKey('retire-grant'), documented('kms-cmk-deletion'), DELETION, other,
  ])).toEqual(['differs', 'differs', 'differs', 'differs', 'differs', 'differs', 'differs']);
});

test('a completed job that has something to say is an alarm, one that has not is none', () => {
  const name = COMPLETED.detail.backupVaultName;
  const withMessage = altered(COMPLETED, { statusMessage: 'We are unable to copy resource tags to your backup because of the Internal Failure.' });

  expect(decideOn(stackOf(name), 'backup-job-with-issues', [withMessage, COMPLETED, altered(COMPLETED, { statusMessage: '' })]))
    .toEqual(['matches', 'differs', 'differs']);
  expect(decideOn(stackOf('Other'), 'backup-job-with-issues', [withMessage])).toEqual(['differs']);
});

test.each(['failed', 'expired', 'aborted', 'running', 'pending', 'created'])('a job that is %s is not completed with issues, whatever it says', (state) => {
  const event = altered(documented(`backup-job-state-change-${state}`), { backupVaultName: 'central' });

  expect(decideOn(stackOf('central'), 'backup-job-with-issues', [event])).toEqual(['differs']);
});

describe('a plan', () => {
  const rules = (() => {
    const setup = new Plans();
    new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting()] });
    return JSON.parse(JSON.stringify(rulesOf(setup.stack, 'backup-plan-removed')).replaceAll(/Plan\w+\.BackupPlanId/g, PLAN_ID));
  })();

  test('that was deleted is an alarm, another one is not, nor one that was made or changed', () => {
    expect(decide(rules, [
      PLAN_DELETED, altered(PLAN_DELETED, { backupPlanId: 'other' }), documented('backup-plan-state-change-created'), documented('backup-plan-state-change-modified'),
    ])).toEqual(['matches', 'differs', 'differs', 'differs']);
  });

  test('whose deletion, or that of a selection, somebody calls for is an alarm', () => {
    expect(decide(rules, [
      call('DeleteBackupPlan', { backupPlanId: PLAN_ID }), call('DeleteBackupSelection', { backupPlanId: PLAN_ID, selectionId: 'any' }),
      call('DeleteBackupPlan', { backupPlanId: 'other' }), call('UpdateBackupPlan', { backupPlanId: PLAN_ID }),
    ])).toEqual(['matches', 'matches', 'differs', 'differs']);
  });

  test('whose selection AWS Backup gives up with its service-linked role is an alarm', () => {
    const ofService = fromCloudTrail('cloudtrail-backup-backup-job-completed');

    expect(decide(rules, [altered(ofService, { eventName: 'BackupSelectionDeletedDueToSLRDeletion' }), ofService])).toEqual(['matches', 'differs']);
  });

  test('is told of by its name', () => {
    const setup = new Plans();
    new BackupAlarms(setup.stack, 'Alarms', { vaults: [setup.vault], plans: [setup.selecting(undefined, { backupPlanName: 'acme-prod-backup' })] });

    expect(rulesOf(setup.stack, 'backup-plan-removed').map(({ Description }) => Description)).toEqual(Array(2).fill(expect.stringMatching(/\(plan acme-prod-backup\)$/)));
  });
});

test('a message says who did what, whether it was refused, and how to look the call up', () => {
  const { title, description, nextSteps } = messageOn(stackOf('central'), 'recovery-point-deleted', altered(DELETION, { errorCode: 'AccessDenied' }));

  expect(title).toBe('CRITICAL: DeleteRecoveryPoint on vault central, account 123456789012, region us-east-1');
  expect(description).toBe(
    'Somebody deleted a recovery point, changed how long it is kept, or attempted it. Watched: vault central. '
    + 'Event: DeleteRecoveryPoint. By: arn:aws:iam::123456789012:root. From: 12.34.567.89. Error, if it was refused: AccessDenied. '
    + 'AWS Backup does not do this itself. You can get a deleted recovery point back only from a copy. Account 123456789012, region us-east-1, 2019-01-10T14:52:42Z.',
  );
  expect(nextSteps[0]).toBe(`The call, in its account: aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventId,AttributeValue=${DELETION.detail.eventID} --region us-east-1`);
});

test('a message says whose key', () => {
  const { title, description } = messageOn(stackOf('central'), 'vault-key-tampered', onKey('schedule-key-deletion'));

  expect(title).toBe('CRITICAL: ScheduleKeyDeletion on key of vault central, account 123456789012, region us-east-1');
  expect(description).toContain(`Watched: key of vault central. Key: ${KEY}. Event: ScheduleKeyDeletion. By: arn:aws:iam::111122223333:user/Alice. `);
});

test('no message has what a caller asked for: whoever is refused chooses it', () => {
  const stack = stackWith('central');
  new CentralMonitoring(stack, 'Central', { organizationId: 'o-exampleorg12' });
  const paths = Rendered.of(stack).all('AWS::Events::Rule').flatMap(({ Targets: [{ InputTransformer }] }) => Object.values(InputTransformer?.InputPathsMap ?? {}));

  expect(paths).toContain('$.detail.eventName');
  expect(paths.filter((path) => /requestParameters|responseElements|errorMessage|userAgent|additionalEventData/.test(path as string))).toEqual([]);
});

test.each([
  ['vault-tampered', altered(documented('backup-vault-state-change-modified'), { backupVaultName: 'central' }),
    'CRITICAL: Vault central is MODIFIED, account 1112233445566, region us-west-2', ' Vault: central. State: MODIFIED. '],
  ['backup-job-with-issues', altered(COMPLETED, { backupVaultName: 'central', statusMessage: 'of "this" and that' }),
    'WARNING: A backup job into vault central completed with issues, account 1112233445566, region us-west-2', ' Job: a827233a-d405-4a86-a440-759fa94f34dd. '],
  ['copy-job-failed', altered(documented('copy-job-state-change-failed'), { state: 'PARTIAL', sourceBackupVaultArn: 'arn:aws:backup:us-west-2:111122223333:backup-vault:central' }),
    'CRITICAL: A copy job is PARTIAL, account 1112233445566, region us-west-2', ' Into: arn:aws:backup:us-west-2:1112233445566:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7. '],
  ['restore-job-failed', documented('restore-job-state-change-failed'), 'CRITICAL: A restore job is FAILED, account 1112233445566, region us-west-2', ' Recovery point: '],
])('a message of %s says what happened and where, without what may have quotes', (name, event, title, part) => {
  const message = messageOn(stackOf('central'), name, event);

  expect(message.title).toBe(title);
  expect(message.description).toContain(part);
});

test('a copy out of the vault that left something out is an alarm, which no metric tells, another one is not', () => {
  const partial = altered(documented('copy-job-state-change-failed'), { state: 'PARTIAL', sourceBackupVaultArn: 'arn:aws:backup:us-west-2:111122223333:backup-vault:central' });

  expect(decideOn(stackOf('central'), 'copy-job-failed', [partial, altered(partial, { state: 'FAILED' }), altered(partial, { state: 'COMPLETED' })]))
    .toEqual(['matches', 'differs', 'differs']);
  expect(decideOn(stackOf('other'), 'copy-job-failed', [partial])).toEqual(['differs']);
});

test('a restore that failed or was stopped is an alarm, also where its metric names no vault', () => {
  const failed = documented('restore-job-state-change-failed');

  expect(decideOn(stackOf('central'), 'restore-job-failed', [
    failed, altered(failed, { status: 'ABORTED' }), ...['created', 'pending', 'running', 'completed'].map((state) => documented(`restore-job-state-change-${state}`)),
    documented('backup-job-state-change-failed'),
  ])).toEqual(['matches', 'matches', 'differs', 'differs', 'differs', 'differs', 'differs']);
});

describe('a replica', () => {
  function away(props: Partial<BackupAlarmsProps> = {}) {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
    const alarms = new BackupAlarms(stack, 'Alarms', { vaults: [vault], ...props });
    return { alarms, stack, support: supportStackOf(stack, IRELAND) };
  }

  test('has alarms on tampering, on restores and on what is not deleted, in its own region', () => {
    const { support } = away();
    const names = alarmsOf(support).map(({ AlarmName }) => AlarmName);

    expect(names.map((name) => name.replace(/-Backup-support-eu-west-1-.*$/, ''))).toEqual([
      'recovery-point-partial-local-replica', 'restore-job-failed-local-replica', 'recovery-point-not-deleted-local-replica', 'event-not-delivered', 'vault-tampered-local-replica',
      'vault-tampered-local-replica.told', 'recovery-point-deleted-local-replica', 'vault-key-tampered-local-replica', 'restore-job-failed',
      'recovery-point-exposed', 'backup-settings-changed', 'backup-settings-changed-told',
    ]);
  });

  test('is watched by its own name and key, and no template refers to the other', () => {
    const { stack, support } = away();

    expect(rulesOf(support, 'recovery-point-deleted')[0].EventPattern.detail.requestParameters).toEqual({ backupVaultName: ['local-replica'] });
    expect(rulesOf(support, 'vault-key-tampered')[0].EventPattern.detail.resources.ARN[0]).toMatch(/^arn:aws:kms:eu-west-1:222222222222:key\//);
    expect(JSON.stringify([stack, support].map((each) => Template.fromStack(each).toJSON()))).not.toMatch(/Fn::ImportValue|Fn::GetStackOutput/);
  });

  test('publishes to a topic of its own region, or to the one that is given', () => {
    const { alarms } = away({ notify: [Notify.email('operations@example.com')] });
    expect(alarms.replicaTopics.map(({ env }) => env.region)).toEqual([IRELAND]);

    const topics = (region: string) => new sns.Topic(stackIn(INFRASTRUCTURE, region, new App(), 'Topics'), 'Topic');
    const replicaTopic = sns.Topic.fromTopicArn(stackIn(INFRASTRUCTURE, IRELAND, new App(), 'Topics'), 'Topic', `arn:aws:sns:eu-west-1:${INFRASTRUCTURE}:theirs`);
    const { support, stack, alarms: { replicaTopics } } = away({ notify: [Notify.topic(replicaTopic)] });
    expect(replicaTopics).toEqual([replicaTopic]);
    Template.fromStack(support).allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [replicaTopic.topicArn] });
    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason)).toContainEqual(expect.stringMatching(/^the policy of topic 'Topics\/Topic', .*"cloudwatch.amazonaws.com"/));
    expect(() => away({ notify: [Notify.topic(topics('eu-north-1'))] }))
      .toThrow("'notify' must have topics in the region of the metrics (account 222222222222, region eu-west-2) or of the replicas (account 222222222222, region eu-west-1), which publishes to them, got 'Topics/Topic' in account 222222222222, region eu-north-1");
  });

  test('of an imported vault is reported as not watched', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const vault = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
      backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaRegion: IRELAND, replicaAccount: LOG_ARCHIVE,
    });
    new BackupAlarms(stack, 'Alarms', { vaults: [vault] });

    expect(Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => !/CloudTrail|subscribed/.test(reason))).toEqual([
      "whether anybody tampers with the key of vault 'theirs': the vault is imported, and its key is unknown",
      "whether anybody tampers with vault 'theirs-replica', which is imported: define BackupAlarms with it in a stack in account 333333333333, region eu-west-1",
    ]);
  });
});

test('that a trail must tell of calls is reported, unless no alarm goes by it', () => {
  const reasons = (props: Partial<BackupAlarmsProps>) => {
    const stack = stackWith('central', props);
    (stack.node.root as App).synth();
    return Registry.of(stack).all(UNCHECKED).map(({ reason }) => reason);
  };
  const off = Object.fromEntries([
    'vaultTampered', 'vaultKeyTampered', 'recoveryPointDeleted', 'backupPlanRemoved', 'backupPlanChanged', 'backupSettingsChanged', 'recoveryPointExposed',
  ].map((name) => [name, { enabled: false }]));

  expect(reasons({})).toContain('whether a trail of AWS CloudTrail logs management events here, including those of AWS KMS, which vault-tampered, vault-key-tampered, recovery-point-deleted, backup-plan-removed, backup-plan-changed, backup-settings-changed, recovery-point-exposed require; if one does, declare it once for the app: ManagementEventTrail.vouchFor(app, trailArn)');
  expect(reasons({ overrides: off }).filter((reason) => /CloudTrail/.test(reason))).toEqual([]);
});
