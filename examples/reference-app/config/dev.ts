import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlarmSet, RecoveryObjective } from 'cdk-backup-dr';
import { organization } from './organization';
import type { StageConfig } from './types';

export const dev: StageConfig = {
  ...organization,
  stage: 'dev',
  secondaryRegion: 'eu-west-1',
  deletionProtection: false,
  workload: {
    natGateways: 1,
    imageTag: '1.0.0',
    minTasks: 1,
    maxTasks: 2,
    replicateImages: false, // prod's setting is in the same account
    pointInTimeRecovery: false,
    logRetention: RetentionDays.ONE_MONTH,
    frontendObjectives: [], // it is replicated, and dev promises nothing of it
  },
  backup: {
    copyToSecondaryRegion: false,
    dailyRetention: Duration.days(30),
    weeklyRetention: Duration.days(120),
    localRetention: Duration.days(30),
    objectives: [
      // One backup a day is 30 hours old in the worst case: its windows come on top. The 24 hours of production need a second one.
      new RecoveryObjective({ name: 'DynamoDB', rto: Duration.hours(4), rpo: Duration.hours(36) }),
    ],
  },
  configuration: {
    immutable: false,
    objectives: [new RecoveryObjective({ name: 'ECS', rto: Duration.hours(2), rpo: Duration.hours(36) })], // once a day, as the tables
  },
  logs: {
    retention: {
      cloudTrail: Duration.days(90),
      config: Duration.days(90),
      vpcFlowLogs: Duration.days(30),
      waf: Duration.days(30),
      accessLogs: Duration.days(30),
    },
    immutable: false,
    objectives: [], // they are replicated, and dev promises nothing of them
  },
  monitoring: {
    alarmSet: AlarmSet.ESSENTIAL,
    monthlyReplicationLimit: { infrastructure: 10, logArchive: 10 },
    metricsOfOtherAccounts: false, // prod's sinks are in the same account
  },
};
