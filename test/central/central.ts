import { App } from 'aws-cdk-lib';
import type { Stack } from 'aws-cdk-lib';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import type { CentralMonitoringProps } from '../../src/central/central-monitoring-props';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { onOneMetric } from '../alarms-of';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

export const ORGANIZATION = 'o-exampleorg12';

/** The alarms that are on a metric. */
export function alarmsOn(rendered: Rendered, metricName: string): any[] {
  return rendered.all('AWS::CloudWatch::Alarm').map(onOneMetric).filter(({ MetricName }) => MetricName === metricName);
}

/** Central monitoring in one account, of what is in another one. */
export class Setup {
  public readonly app = new App();
  public readonly stack: Stack = stackIn(LOG_ARCHIVE, LONDON, this.app, 'Monitoring');

  public central(props: Partial<CentralMonitoringProps> = {}): CentralMonitoring {
    return new CentralMonitoring(this.stack, 'Central', { organizationId: ORGANIZATION, eventBusName: 'backups', ...props });
  }

  /** A vault in another account, with a replica in another region. */
  public vault(): ReplicatedBackupVault {
    return new ReplicatedBackupVault(stackIn(INFRASTRUCTURE, LONDON, this.app, 'Backup'), 'Vault', { backupVaultName: 'local', replicaRegion: IRELAND });
  }

  public get rendered(): Rendered {
    return Rendered.of(this.stack);
  }

  /** The alarms that are on a metric. */
  public on(metricName: string): any[] {
    return alarmsOn(this.rendered, metricName);
  }
}
