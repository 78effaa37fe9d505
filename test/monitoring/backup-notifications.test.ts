import { App, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as events from 'aws-cdk-lib/aws-events';
import * as sns from 'aws-cdk-lib/aws-sns';
import { JobStateChange } from '../../src/events/job-state-change';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import type { BackupNotificationsProps } from '../../src/monitoring/backup-notifications';
import { Notify } from '../../src/notification/notify';
import { ResourceType } from '../../src/objectives/resource-type';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { VaultLock } from '../../src/vault/vault-lock';
import { match } from '../event-patterns';
import { documented } from '../events';
import type { Event } from '../events';
import { messageOf } from '../messages';
import { Setup } from '../plan/setup';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const JOBS: [string, string[]][] = [
  ['Backup', ['created', 'pending', 'running', 'completed', 'failed', 'expired', 'aborted']],
  ['Copy', ['created', 'running', 'completed', 'failed']],
  ['Restore', ['created', 'pending', 'running', 'completed', 'failed']],
];
const EVENTS: [string, Event][] = JOBS.flatMap(([what, states]) => states.map((state): [string, Event] => [
  `${what.toLowerCase()} ${state}`, documented(`${what.toLowerCase()}-job-state-change-${state}`),
]));
const OTHERS = ['backup-vault-state-change-modified', 'backup-plan-state-change-deleted', 'recovery-point-state-change-completed', 'region-setting-state-change-modified'];

function rulesOf(props: BackupNotificationsProps = {}, setup = new Setup()): any[] {
  new BackupNotifications(setup.stack, 'Notifications', props);
  return Rendered.of(setup.stack).all('AWS::Events::Rule');
}

/** The documented events that any of the rules matches. */
function told(rules: any[]): string[] {
  const all = [...EVENTS, ...OTHERS.map((name): [string, Event] => [name, documented(name)])];
  const cases = rules.flatMap(({ EventPattern }) => all.map(([name, event]) => ({ name, pattern: EventPattern, event })));
  const decisions = match(cases);
  expect(decisions.filter((decision) => !['matches', 'differs'].includes(decision))).toEqual([]);
  return cases.filter((_, index) => decisions[index] === 'matches').map(({ name }) => name);
}

test('by default it is told what somebody has to do something about, and every restore', () => {
  expect(told(rulesOf())).toEqual(['backup failed', 'backup expired', 'backup aborted', 'copy failed', 'restore running', 'restore completed', 'restore failed']);
});

test.each<[string, JobStateChange]>([
  ['backup running', JobStateChange.BACKUP_RUNNING],
  ['backup completed', JobStateChange.BACKUP_COMPLETED],
  ['backup failed', JobStateChange.BACKUP_FAILED],
  ['backup expired', JobStateChange.BACKUP_EXPIRED],
  ['backup aborted', JobStateChange.BACKUP_ABORTED],
  ['copy running', JobStateChange.COPY_RUNNING],
  ['copy completed', JobStateChange.COPY_COMPLETED],
  ['copy failed', JobStateChange.COPY_FAILED],
  ['restore running', JobStateChange.RESTORE_RUNNING],
  ['restore completed', JobStateChange.RESTORE_COMPLETED],
  ['restore failed', JobStateChange.RESTORE_FAILED],
])('%s is told alone, if it is all that is asked for', (name, event) => {
  expect(told(rulesOf({ events: [event] }))).toEqual([name]);
});

test('all that can be told is what jobs do once they run', () => {
  expect(told(rulesOf({ events: JobStateChange.all() }))).toEqual([
    'backup running', 'backup completed', 'backup failed', 'backup expired', 'backup aborted',
    'copy running', 'copy completed', 'copy failed', 'restore running', 'restore completed', 'restore failed',
  ]);
});

test('parts that were left out are told, by the states that the API has', () => {
  const [backup, copy, restore] = rulesOf();

  expect(backup.EventPattern.detail).toEqual({ state: ['FAILED', 'EXPIRED', 'ABORTED', 'PARTIAL'] });
  expect(copy.EventPattern.detail).toEqual({ state: ['FAILED', 'PARTIAL'] });
  expect(restore.EventPattern.detail).toEqual({ status: ['RUNNING', 'COMPLETED', 'FAILED', 'ABORTED'] });
});

test('with vaults, backups into them and copies out of them are told, and every restore', () => {
  const setup = new Setup({ backupVaultName: EVENTS.find(([name]) => name === 'backup failed')![1].detail.backupVaultName });
  const [backup, copy, restore] = rulesOf({ vaults: [setup.vault], events: JobStateChange.all() }, setup);

  expect(told([backup])).toEqual(['backup failed']); // the only one of the vault
  expect(copy.EventPattern.detail.sourceBackupVaultArn).toEqual([`arn:aws:backup:eu-west-2:222222222222:backup-vault:${setup.vault.backupVaultName}`]);
  expect(told([restore])).toEqual(['restore running', 'restore completed', 'restore failed']);
});

test('an event is told that is of AWS Backup, and none that somebody else calls so', () => {
  const own = documented('backup-job-state-change-failed');
  const [{ EventPattern }] = rulesOf();

  expect(match([own, { ...own, source: 'any.other' }].map((event) => ({ name: 'failed', pattern: EventPattern, event })))).toEqual(['matches', 'differs']);
});

test('an event that is asked for twice is told once', () => {
  const [{ EventPattern }] = rulesOf({ events: [JobStateChange.BACKUP_FAILED, JobStateChange.BACKUP_FAILED] });

  expect(EventPattern.detail.state).toEqual(['FAILED']);
});

describe('a message', () => {
  const contentOf = (name: string) => {
    const [, event] = EVENTS.find(([each]) => each === name)!;
    const rule = rulesOf({ events: JobStateChange.all() }).find(({ EventPattern }) => EventPattern['detail-type'][0] === event['detail-type']);
    return messageOf(rule, event).content;
  };

  test('of a backup job says what, which resource, which vault, and where to look', () => {
    expect(contentOf('backup expired')).toEqual({
      textType: 'client-markdown',
      title: 'Backup job EXPIRED: type',
      description: 'Backup job 01EE26DC-7107-4D8E-0C54-EAC27C662BA4 of arn:aws:service:us-west-2:1112233445566:resource-type/resource-id '
        + 'into vault aws/backup/AutomatedBackupVaultDel2 is EXPIRED. Account 1112233445566, region us-west-2, 2020-07-29T13:04:57Z.',
      nextSteps: [
        'Details: aws backup describe-backup-job --backup-job-id 01EE26DC-7107-4D8E-0C54-EAC27C662BA4 --region us-west-2',
        'Vault: https://us-west-2.console.aws.amazon.com/backup/home?region=us-west-2#/backupvaults/details/aws/backup/AutomatedBackupVaultDel2',
        'What to do: https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks',
      ],
    });
  });

  test('of a copy job says from where into where', () => {
    expect(contentOf('copy failed')).toMatchObject({
      title: 'Copy job FAILED: EC2',
      description: 'Copy job 47C8EF56-74D8-059D-1301-C5BE1D5C926E of arn:aws:ec2:us-west-2:1112233445566:instance/i-0515aee7de03f58e1 '
        + 'from vault arn:aws:backup:us-west-2:1112233445566:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7 '
        + 'into vault arn:aws:backup:us-west-2:1112233445566:backup-vault:55aa945e-c46a-421b-aa27-f94b074e31b7 is FAILED. '
        + 'Account 1112233445566, region us-west-2, 2020-07-15T20:37:34Z.',
    });
  });

  test('of a restore job says of which recovery point, and what was restored', () => {
    expect(contentOf('restore completed')).toMatchObject({
      title: 'Restore job COMPLETED: RDS',
      description: 'Restore job AB123456-78C9-0123-456D-789012E34567 of recovery point arn:aws:rds:us-west-2:1112233445566:snapshot:awsbackup:job-1a2bcd34-567e-8901-23f4-5g6hijkl7890 '
        + 'is COMPLETED. Resource: arn:aws:rds:us-west-2:1112233445566:db:example-database. Vault: arn:aws:backup:us-west-2:1112233445566:backup-vault:ExampleVault. '
        + 'Restored: arn:aws:rds:us-west-2:1112233445566:db:testinginstance1a2bcd34-567e-8901-23f4-5g6hijkl7890. '
        + 'Account 1112233445566, region us-west-2, 2020-07-15T03:14:58Z.',
    });
  });

  test('names the usual console where the region is not known', () => {
    const stack = new Stack(new App(), 'Anywhere');
    new BackupNotifications(stack, 'Notifications');

    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'))).toContain('https://<region>.console.aws.amazon.com/backup/home?region=<region>');
  });

  test('names the console of its partition', () => {
    const stack = stackIn(INFRASTRUCTURE, 'cn-north-1');
    new BackupNotifications(stack, 'Notifications');

    expect(JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'))).toContain('https://<region>.console.amazonaws.cn/backup/home?region=<region>');
  });
});

test('events of another bus are told', () => {
  const setup = new Setup();
  const bus = new events.EventBus(setup.stack, 'Bus', { eventBusName: 'backups' });

  expect(rulesOf({ eventBus: bus }, setup).map(({ EventBusName }) => EventBusName)).toEqual(['backups', 'backups', 'backups']);
});

describe('what EventBridge has no event for', () => {
  const notificationsOf = ({ stack }: Setup) => Rendered.of(stack).only('AWS::Backup::BackupVault').Notifications;

  test('is told by the vault itself', () => {
    const setup = new Setup();
    rulesOf({ vaults: [setup.vault] }, setup);

    expect(notificationsOf(setup)).toMatchObject({ BackupVaultEvents: ['S3_BACKUP_OBJECT_FAILED', 'S3_RESTORE_OBJECT_FAILED', 'CONTINUOUS_BACKUP_INTERRUPTED'] });
  });

  test('is told of a vault with a governance lock, since that may be updated', () => {
    const setup = new Setup({ vaultLock: VaultLock.governance({ minRetention: Duration.days(1), maxRetention: Duration.days(720) }) });
    rulesOf({ vaults: [setup.vault] }, setup);

    expect(notificationsOf(setup).BackupVaultEvents).toContain('S3_BACKUP_OBJECT_FAILED');
  });

  test('is told of Amazon EKS where a plan selects it, also later', () => {
    const setup = new Setup();
    new BackupNotifications(setup.stack, 'Notifications', { vaults: [setup.vault] });
    setup.selecting([BackupTarget.allOf(ResourceType.EKS)]);

    expect(notificationsOf(setup).BackupVaultEvents.slice(3)).toEqual(['EKS_BACKUP_OBJECT_FAILED', 'EKS_RESTORE_OBJECT_FAILED', 'EKS_RESTORE_OBJECT_SKIPPED']);
  });

  test('goes where the vault sends its notifications already', () => {
    const setup = new Setup();
    const own = new ReplicatedBackupVault(setup.stack, 'Own', { notificationTopic: new sns.Topic(setup.stack, 'Topic'), backupVaultName: 'own' });
    rulesOf({ vaults: [own] }, setup);

    expect(Rendered.of(setup.stack).only('AWS::Backup::BackupVault', ({ BackupVaultName }) => BackupVaultName === 'own').Notifications.BackupVaultEvents)
      .toContain('BACKUP_JOB_COMPLETED');
  });

  test('is not told of a vault with a compliance lock, nor of an imported one, and that is reported', () => {
    const setup = new Setup({
      vaultLock: VaultLock.compliance({ minRetention: Duration.days(1), maxRetention: Duration.days(720), changeableFor: Duration.days(3) }),
    });
    const imported = ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(setup.stack, 'Theirs', { backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON });
    rulesOf({ vaults: [setup.vault, imported] }, setup);

    expect(notificationsOf(setup)).toBeUndefined();
    expect(Registry.of(setup.app).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => !/subscribed/.test(reason))).toEqual([
      expect.stringMatching(/of vault 'local': it has a compliance lock, so an update might fail; set its 'notificationTopic' \(notification_topic\) from the start$/),
      expect.stringMatching(/of vault 'theirs': the vault is imported$/),
    ]);
  });
});

test('messages that could not be delivered are an alarm, which may be tuned', () => {
  const setup = new Setup();
  const { alarms, topic } = new BackupNotifications(setup.stack, 'Notifications', { overrides: { eventNotDelivered: { threshold: 5 } } });

  expect(alarms).toHaveLength(1);
  expect(topic.env.region).toBe(LONDON);
  Template.fromStack(setup.stack).hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 5 });
});

test('all problems are in one error', () => {
  const setup = new Setup();
  const elsewhere = stackIn(LOG_ARCHIVE, IRELAND, setup.app, 'Elsewhere');
  const vault = new ReplicatedBackupVault(elsewhere, 'Vault', { backupVaultName: 'central' });

  expect(() => new BackupNotifications(setup.stack, 'Notifications', {
    events: [],
    vaults: [vault],
    eventBus: new events.EventBus(elsewhere, 'Bus'),
    notify: [Notify.topic(new sns.Topic(elsewhere, 'Topic'))],
    overrides: { backupJobFailed: {} } as object,
  })).toThrow([
    "invalid BackupNotificationsProps at 'Backup/Notifications':",
    "- 'events' must contain at least one event, got none: remove BackupNotifications to send none",
    "- 'vaults' must be in the account and region of the notifications (account 222222222222, region eu-west-2), got 'central' in account 333333333333, region eu-west-1",
    "- 'eventBus' (event_bus) must be in the account and region of the notifications (account 222222222222, region eu-west-2), got account 333333333333, region eu-west-1",
    "- 'vaults' are in the account and region of this construct, and 'eventBus' (event_bus) contains the events of others: leave one of them out",
    "- 'notify' must have topics in the region of the notifications (account 222222222222, region eu-west-2), which publishes to them, got 'Elsewhere/Topic' in account 333333333333, region eu-west-1",
    "- 'overrides' must use the names of alarms (eventNotDelivered), got 'backupJobFailed' (backup_job_failed)",
  ].join('\n'));
});

test('in AWS GovCloud (US) a message names the console there', () => {
  const stack = stackIn(INFRASTRUCTURE, 'us-gov-west-1');
  new BackupNotifications(stack, 'Notifications');
  const text = JSON.stringify(Template.fromStack(stack).findResources('AWS::Events::Rule'));

  expect(text).toContain('https://<region>.console.amazonaws-us-gov.com/backup/home?region=<region>');
  expect(text).not.toContain('console.aws.amazon.com');
});
