import { Duration } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as sns from 'aws-cdk-lib/aws-sns';
import { AlarmSet } from '../../src/alarms/alarm-set';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { BackupDashboard } from '../../src/dashboard/backup-dashboard';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { messagesAbout } from '../messages';
import { LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

let stack: Stack;
let made: BackupAlarms;

/** What selections make is made at synthesis: alarms on failures and on what is missing. */
function define(alarmSet = AlarmSet.COMPLETE): void {
  stack = stackIn(LOG_ARCHIVE, LONDON);
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault, tiers: [BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35), expectedDuration: Duration.hours(5) })] });
  made = new BackupAlarms(stack, 'Alarms', { vaults: [vault], plans: [plan], alarmSet });
  plan.addSelection('Files', { resources: [BackupTarget.allOf(ResourceType.EFS)] });
}

const LATER = ['backup-job-failed', 'backup-job-expired', 'backup-job-failing', 'no-good-recovery-point'];
const central = (healthAlarms: cloudwatch.IAlarm[]) => new CentralMonitoring(stack, 'Central', { accounts: [LOG_ARCHIVE], eventBusName: 'backups', healthAlarms });
const dashboard = (alarms: cloudwatch.IAlarm[]) => new BackupDashboard(stack, 'Dashboard', { alarms });

/** Of the alarms of the vault, in what the template has. */
const laterIn = (text: unknown) => LATER.filter((name) => JSON.stringify(text).includes(`${name}-local`));
const resource = (type: string): any => Object.values(Template.fromStack(stack).findResources(type))[0];

describe.each<[string, AlarmSet, string[]]>([
  ['all', AlarmSet.COMPLETE, LATER], ['the essential', AlarmSet.ESSENTIAL, ['backup-job-failing', 'no-good-recovery-point']],
])('%s alarms that are made later', (_, alarmSet, later) => {
  beforeEach(() => define(alarmSet));

  // What comes from another language is a copy.
  test.each<[string, () => cloudwatch.Alarm[]]>([['the list', () => made.alarms], ['a copy of the list', () => [...made.alarms]]])(
    'are what the health of backups depends on, by %s', (__, list) => {
      central(list());
      const { Properties: { AlarmRule }, DependsOn } = resource('AWS::CloudWatch::CompositeAlarm');
      const ids = Object.keys(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm', { Properties: { AlarmName: `${later.at(-1)}-local-EFS-Backup-Alarms-7f94c6e0` } }));

      expect(laterIn(AlarmRule)).toEqual(later);
      expect(AlarmRule).toContain('ALARM("event-not-delivered-Backup-Alarms');
      expect(DependsOn).toEqual(expect.arrayContaining(ids)); // an alarm that is named must be there
      expect(messagesAbout(stack, /alarmsMadeLater/)).toEqual([]);
    });

  test.each<[string, () => cloudwatch.Alarm[]]>([['the list', () => made.alarms], ['a copy of the list', () => [...made.alarms]]])('are on a dashboard, by %s', (__, list) => {
    dashboard(list());

    expect(laterIn(resource('AWS::CloudWatch::Dashboard').Properties.DashboardBody)).toEqual(later);
    expect(messagesAbout(stack, /alarmsMadeLater/)).toEqual([]);
  });

  test('have the actions that were added before', () => {
    const topic = new sns.Topic(stack, 'Pager');
    made.addAlarmAction(new SnsAction(topic));
    const alarms = Object.values<any>(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

    expect(laterIn(alarms.map(({ AlarmName }) => AlarmName))).toEqual(later);
    alarms.forEach(({ AlarmActions }) => expect(AlarmActions).toContainEqual({ Ref: stack.getLogicalId(topic.node.defaultChild as sns.CfnTopic) }));
  });
});

test('a part of the alarms stays a part, and synthesis warns of those that were made later', () => {
  define();
  const some = made.alarms.slice(0, 3);
  central(some);
  dashboard(some);
  const said = messagesAbout(stack, /alarmsMadeLater/);

  expect(laterIn(resource('AWS::CloudWatch::CompositeAlarm').Properties.AlarmRule)).toEqual([]);
  expect(said.map((text) => text.replace(/ \[ack.*/, ''))).toEqual(["'healthAlarms' (health_alarms)", "'alarms'"].map((property) =>
    `${property} contains some of the alarms of 'Backup/Alarms', but not those that were created later: local-EFS-no-good-recovery-point, local-backup-job-expired, `
    + "local-backup-job-failed, local-backup-job-failing; pass its list 'alarms' as it is, to which later alarms are added, or acknowledge this warning"));
});

