import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { sortedBy } from './entries';
import { addRecoveryPointCosts } from './recovery-point-costs';
import type { ResourcesOfPlans } from './recovery-point-costs';
import type { AssumptionEntry, CostsEntry } from './report-model';
import { BUCKETS } from '../buckets/buckets-in-app';
import { AssumptionsInApp } from '../costs/assumptions-in-app';
import type { Assumed } from '../costs/assumptions-in-app';
import { addBucketCosts } from '../costs/bucket-costs';
import type { CostLine } from '../costs/cost-lines';
import { CostLines, inCents } from '../costs/cost-lines';
import { priceIn, PRICES_OF } from '../costs/price-table';
import type { Column } from '../costs/price-table';
import { placeOf } from '../private/environment';
import { CHARGED } from '../private/registry';
import type { Registry } from '../private/registry';
import { TemplateProperties } from '../targets/template-properties';

/** What an app costs in a month, estimated. */
export function costsOf(root: IConstruct, registry: Registry, resources: ResourcesOfPlans): CostsEntry {
  const assumptions = new AssumptionsInApp(registry);
  const collected = new CostLines();
  addRecoveryPointCosts(collected, root, registry, resources, assumptions);
  registry.all(BUCKETS).forEach((fact) => addBucketCosts(collected, fact, assumptions.of(fact.bucket)));
  registry.all(CHARGED).forEach((resource) => addFixedCosts(collected, resource));
  const lines = sortedBy(collected.lines, ({ what, of, account, region, isAssumed }) => [what, of, account, region, isAssumed].join('\n'));
  return {
    currency: 'USD',
    pricesOf: PRICES_OF,
    usdPerMonth: totalOf(lines),
    largest: largestOf(lines),
    assumptions: sortedBy(assumptions.used.map(assumptionEntry), ({ path }) => path),
    lines,
    notPriced: sortedBy(collected.notPriced, ({ what, region, reason }) => [what, region, reason].join('\n')),
  };
}

function totalOf(lines: readonly CostLine[]): number {
  return inCents(lines.reduce((sum, { usdPerMonth }) => sum + usdPerMonth, 0));
}

/** What costs most, of all constructs and Regions together. */
function largestOf(lines: readonly CostLine[]): CostsEntry['largest'] {
  const byWhat = new Map<string, CostLine[]>();
  lines.forEach((line) => byWhat.set(line.what, [...byWhat.get(line.what) ?? [], line]));
  return [...byWhat].map(([what, all]) => ({ what, usdPerMonth: totalOf(all) })).sort((one, other) => other.usdPerMonth - one.usdPerMonth)[0];
}

function assumptionEntry({ path, dataGb, dailyChange, logsGb, defaults }: Assumed): AssumptionEntry {
  const names = { dataGb: 'dataGbPerResource', dailyChange: 'dailyChangePercent', logsGb: 'logsGbPerDay' } as const;
  return { path, dataGbPerResource: dataGb, dailyChangePercent: dailyChange, logsGbPerDay: logsGb, defaults: defaults.map((name) => names[name]) };
}

const FIXED: Record<string, readonly [what: string, price: Column]> = {
  'AWS::KMS::Key': ['KMS keys', 'key'],
  'AWS::CloudWatch::Alarm': ['CloudWatch alarms, by metric', 'alarm metric'],
  'AWS::CloudWatch::CompositeAlarm': ['CloudWatch composite alarms', 'composite alarm'],
  'AWS::CloudWatch::Dashboard': ['CloudWatch dashboards', 'dashboard'],
};

/** Several constructs share keys and topics: all of a kind in an account and Region are one line. */
function addFixedCosts(lines: CostLines, construct: IConstruct): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild as CfnResource;
  const [what, price] = FIXED[resource.cfnResourceType];
  const place = placeOf(Stack.of(resource));
  const quantity = price === 'alarm metric' ? metricsOf(resource) : 1;
  lines.add({ what, of: '', place, quantity, unit: 'each', isAssumed: false }, priceIn(place.region, price));
}

/** An alarm on an expression is charged for each metric that it evaluates. */
function metricsOf(resource: CfnResource): number {
  const metrics = new TemplateProperties(resource).get('Metrics');
  return Array.isArray(metrics) ? metrics.filter((each: { readonly MetricStat?: unknown }) => each.MetricStat !== undefined).length : 1;
}
