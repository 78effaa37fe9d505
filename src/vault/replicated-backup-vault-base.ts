import type * as backup from 'aws-cdk-lib/aws-backup';
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type * as kms from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { backupMetric } from './backup-metrics';
import { ReplicatedBackupVaultGrants } from './replicated-backup-vault-grants';
import type { IReplicatedBackupVault } from './replicated-backup-vault-ref';
import type { VaultLock } from './vault-lock';
import { forUsers } from '../private/messages';

/**
 * Common base of vaults that are defined in this app and imported vaults.
 *
 * @internal
 */
export abstract class ReplicatedBackupVaultBase extends Construct implements IReplicatedBackupVault {
  public abstract readonly backupVaultName: string;
  public abstract readonly backupVaultArn: string;
  public abstract readonly account: string;
  public abstract readonly region: string;
  public abstract readonly replicaAccount?: string;
  public abstract readonly replicaRegion?: string;
  public abstract readonly replicaVaultName?: string;
  public abstract readonly replicaVaultArn?: string;
  public abstract readonly vaultLock?: VaultLock;
  public abstract readonly replicaVaultLock?: VaultLock;
  public abstract readonly primary: backup.IBackupVault;
  public abstract readonly replica?: backup.IBackupVault;
  public abstract readonly encryptionKey?: kms.IKey;
  public abstract readonly replicaEncryptionKey?: kms.IKey;

  public get grants(): ReplicatedBackupVaultGrants {
    return ReplicatedBackupVaultGrants.fromReplicatedBackupVault(this);
  }

  public metric(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return backupMetric(this, metricName, options);
  }

  public metricReplica(metricName: string, options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    if (this.replicaVaultName === undefined) {
      throw new Error(forUsers(`vault '${this.node.path}' has no replica: set 'replicaRegion', or leave out 'metricReplica'`));
    }
    return backupMetric({ account: this.account, region: this.region, backupVaultName: this.replicaVaultName }, metricName, options);
  }

  public metricNumberOfBackupJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsCreated', options);
  }

  public metricNumberOfBackupJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsPending', options);
  }

  public metricNumberOfBackupJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsRunning', options);
  }

  public metricNumberOfBackupJobsAborted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsAborted', options);
  }

  public metricNumberOfBackupJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsCompleted', options);
  }

  public metricNumberOfBackupJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsFailed', options);
  }

  public metricNumberOfBackupJobsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfBackupJobsExpired', options);
  }

  public metricNumberOfCopyJobsCreated(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfCopyJobsCreated', options);
  }

  public metricNumberOfCopyJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfCopyJobsRunning', options);
  }

  public metricNumberOfCopyJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfCopyJobsCompleted', options);
  }

  public metricNumberOfCopyJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfCopyJobsFailed', options);
  }

  public metricNumberOfRestoreJobsPending(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRestoreJobsPending', options);
  }

  public metricNumberOfRestoreJobsRunning(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRestoreJobsRunning', options);
  }

  public metricNumberOfRestoreJobsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRestoreJobsCompleted', options);
  }

  public metricNumberOfRestoreJobsFailed(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRestoreJobsFailed', options);
  }

  public metricNumberOfRecoveryPointsCompleted(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRecoveryPointsCompleted', options);
  }

  public metricNumberOfRecoveryPointsPartial(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRecoveryPointsPartial', options);
  }

  public metricNumberOfRecoveryPointsExpired(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRecoveryPointsExpired', options);
  }

  public metricNumberOfRecoveryPointsDeleting(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRecoveryPointsDeleting', options);
  }

  public metricNumberOfRecoveryPointsCold(options?: cloudwatch.MetricOptions): cloudwatch.Metric {
    return this.metric('NumberOfRecoveryPointsCold', options);
  }
}
