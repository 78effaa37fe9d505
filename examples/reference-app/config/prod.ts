import { Duration } from 'aws-cdk-lib';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { AlarmSet, FailureScope, RecoveryObjective, VaultLock } from 'cdk-backup-dr';
import { organization } from './organization';
import type { StageConfig } from './types';

const failover = new RecoveryObjective({ name: 'Failover', rto: Duration.hours(8), rpo: Duration.hours(24), survives: FailureScope.REGION });

export const prod: StageConfig = {
  ...organization,
  stage: 'prod',
  secondaryRegion: 'eu-west-1',
  deletionProtection: true,
  workload: {
    natGateways: 2,
    imageTag: '1.0.0',
    minTasks: 2,
    maxTasks: 10,
    replicateImages: true,
    pointInTimeRecovery: true,
    logRetention: RetentionDays.THREE_MONTHS,
    frontendObjectives: [failover],
  },
  backup: {
    copyToSecondaryRegion: true,
    dailyRetention: Duration.days(120), // not 90: 30 days warm, and cold storage is for at least 90
    weeklyRetention: Duration.days(360),
    eveningRetention: Duration.days(7), // it is there for the RPO: between two daily backups, data would be up to 30 hours old
    moveToColdStorageAfter: Duration.days(30),
    localRetention: Duration.days(30),
    // Three days after the deployment nobody can change this any more, nor delete a recovery point before its time.
    vaultLock: VaultLock.compliance({
      minRetention: Duration.days(7), // the shortest retention of a copy: that of the evening
      maxRetention: Duration.days(720), // twice the longest retention
      changeableFor: Duration.days(3),
    }),
    objectives: [
      new RecoveryObjective({ name: 'DynamoDB', rto: Duration.hours(4), rpo: Duration.hours(24) }),
      failover,
    ],
  },
  configuration: {
    immutable: true,
    objectives: [new RecoveryObjective({ name: 'ECS', rto: Duration.hours(2), rpo: Duration.hours(24) }), failover],
  },
  logs: {
    retention: {
      cloudTrail: Duration.days(3650),
      config: Duration.days(2555),
      vpcFlowLogs: Duration.days(365),
      waf: Duration.days(365),
      accessLogs: Duration.days(90),
    },
    // From the first object on: what AWS CloudTrail writes while this is set is there for 10 years, whatever it is and costs.
    immutable: true,
    objectives: [new RecoveryObjective({ name: 'Logs', rto: Duration.hours(1), rpo: Duration.minutes(15), survives: FailureScope.REGION })],
  },
  monitoring: {
    alarmSet: AlarmSet.COMPLETE,
    monthlyReplicationLimit: { infrastructure: 50, logArchive: 200 },
    metricsOfOtherAccounts: true,
  },
};
