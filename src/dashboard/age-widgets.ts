import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { jobMetric } from '../central/job-metrics';
import type { RecoveryObjective } from '../objectives/recovery-objective';
import { destinationsOf } from '../plan/destinations';
import { objectivesOf, resourceTypeNamesOf } from '../plan/plans-in-app';
import type { PlanFact } from '../plan/plans-in-app';
import type { Environment } from '../private/environment';
import { inMinutes } from '../private/spans';
import { backupMetric } from '../vault/backup-metrics';

/** A vault that a plan fills, and what is promised of it. */
interface Place {
  readonly title: string;
  readonly objectives: RecoveryObjective[];
  readonly completed: (resourceType?: string) => cloudwatch.Metric;
}

/** How long ago the last job was completed: of each plan, in each vault, for each resource type. */
export function ageWidgets(plans: PlanFact[], { region }: Environment, namespace?: string): cloudwatch.IWidget[] {
  const graphOf = ({ title, objectives, completed }: Place, types: (string | undefined)[]) => new cloudwatch.GraphWidget({
    title,
    width: 12,
    region,
    left: types.map((type, index) => hoursSince(completed(type), type ?? 'all types', index)),
    leftYAxis: { min: 0, label: 'hours', showUnits: false },
    leftAnnotations: objectives.flatMap(({ name, rpo }) => {
      const minutes = inMinutes(rpo);
      return minutes === undefined ? [] : [{ value: minutes / 60, label: `RPO of ${name}`, color: cloudwatch.Color.RED }];
    }),
  });
  return plans.flatMap((plan) => {
    const types = resourceTypeNamesOf(plan);
    return placesOf(plan, namespace).map((place) => graphOf(place, types));
  });
}

function placesOf(plan: PlanFact, namespace?: string): Place[] {
  const { environment: home } = plan; // where backups and copies run
  const objectives = objectivesOf(plan);
  const metricOf = (metricName: string, name: string, central: object) => (resourceType?: string) => {
    const dimensions: Record<string, string> = resourceType === undefined ? {} : { ResourceType: resourceType };
    return namespace !== undefined ? jobMetric(namespace, metricName, { ...central, ...dimensions })
      : backupMetric({ ...home, backupVaultName: name }, metricName, { dimensionsMap: { BackupVaultName: name, ...dimensions } });
  };
  return destinationsOf(plan).map(({ backupVaultName: name, backupVaultArn: arn, environment: { account, region }, isOwn, serves }) => ({
    title: `Hours since a ${isOwn ? 'backup' : 'copy'} into ${name} (${account}, ${region})`,
    objectives: objectives.filter(({ survives }) => serves.has(survives)),
    completed: isOwn ? metricOf('NumberOfBackupJobsCompleted', name, { Account: account, BackupVaultName: name })
      : metricOf('NumberOfCopyJobsCompleted', name, { Account: home.account, DestinationBackupVaultArn: arn }),
  }));
}

/**
 * Only what is not zero is published: what is missing is made 0, what is not 0 gives its time, and that is kept until the
 * next one. Before the first one there is no line: arithmetic takes what is missing for 0.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
function hoursSince(completed: cloudwatch.Metric, label: string, index: number): cloudwatch.IMetric {
  const period = Duration.hours(1);
  const id = (letter: string) => `${letter}${index}`;
  const dense = new cloudwatch.MathExpression({
    expression: `FILL(${id('m')}, 0)`, usingMetrics: { [id('m')]: completed.with({ period }) }, period, label: id('d'),
  });
  const last = new cloudwatch.MathExpression({
    expression: `FILL(IF(${id('d')}, EPOCH(${id('d')})), REPEAT)`, usingMetrics: { [id('d')]: dense }, period, label: id('t'),
  });
  return new cloudwatch.MathExpression({
    expression: `IF(${id('t')}, (EPOCH(${id('d')}) - ${id('t')}) / 3600)`, usingMetrics: { [id('d')]: dense, [id('t')]: last }, period, label,
  });
}
