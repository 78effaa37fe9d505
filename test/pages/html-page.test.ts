import { Duration, Stack } from 'aws-cdk-lib';
import * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as ecs from 'aws-cdk-lib/aws-ecs';
import { EcsClusterTarget } from '../../src/ecs-config/ecs-cluster-target';
import { EcsConfigBackup } from '../../src/ecs-config/ecs-config-backup';
import { BackupTier } from '../../src/objectives/backup-tier';
import { flowTexts } from '../../src/pages/architecture-drawing';
import { pageOf } from '../../src/pages/html-page';
import { breakable, html, shortened } from '../../src/pages/markup';
import { verdictOf } from '../../src/pages/report-document';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import type { RecoveryReport } from '../../src/report/report-model';
import { ConfigurationBucket } from '../../src/snapshots/configuration-bucket';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { fileOf, newApp, PLACE, protectedStack, reportIn, tableIn } from '../report/apps';
import '../../src/pages/report-at-synthesis';

const PAGE = 'recovery-report.html';
const app = newApp();
protectedStack(app);
const report = reportIn(app);

/** A report whose names are all the same text. */
function named(name: string): RecoveryReport {
  const texts = new Set(['name', 'path', 'of', 'reason', 'limitedBy', 'arn', 'vault', 'selection', 'type', 'tier', 'schedule', 'timeZone', 'setting', 'alarm', 'to', 'account', 'region', 'from', 'id']);
  return JSON.parse(JSON.stringify(report), (key, value: unknown) => texts.has(key) && typeof value === 'string' ? name : value) as RecoveryReport;
}

/** The texts of the cells, with a bar after each. */
function cellsOf(page: string): string {
  return page.replace(/<\/t[dh]>/g, '|').replace(/<[^>]+>/g, '').replace(/\u00a0/g, ' ');
}

test('the page loads nothing and runs nothing, and its policy says so', () => {
  const page = fileOf(app, PAGE);

  expect(page).toContain("content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"");
  expect(page).not.toMatch(/<script|<link(?! rel="icon" href="data:,")|\bsrc=|@import|url\((?!#)/i);
});

test('the page has the numbers of the JSON file', () => {
  const page = fileOf(app, PAGE);

  expect(page).toContain('<dt>Objectives met</dt><dd>2 of 2</dd>');
  expect(page).toContain('<dt>Resources protected</dt><dd>1 of 2</dd>');
  expect(cellsOf(page)).toContain('Orders|Orders/Plan|resource|4 hours|30 hours|24 hours|30 hours|met|');
  expect(cellsOf(page)).toContain('14 days after its deployment');
});

test('the drawing has each account and region, and the copy between the vaults with its tier and its retention', () => {
  const [, drawing] = /<svg role="img" aria-label="Architecture[^>]*>([^]*?)<\/svg>/.exec(fileOf(app, PAGE))!;

  expect(drawing.match(/<text class="place"[^>]*>([^<]*)/g)!.map((each) => each.replace(/.*>/, '')).sort()).toEqual(['222222222222', '222222222222, eu-west-1', 'eu-west-2']);
  expect(drawing).toContain('>copy daily, 35 days<');
  expect(drawing).toContain('>daily, 05:00 every day<');
  expect(drawing).toMatch(/<g class="node unprotected"><title>DynamoDB Table, unprotected<\/title>/);
});

test('two syntheses of one app write the same page', () => {
  const other = newApp();
  protectedStack(other);

  expect(fileOf(other, PAGE)).toBe(fileOf(app, PAGE));
});

test.each(['<img src=x onerror=alert(1)>', '"><script>alert(1)</script>', "' onmouseover='alert(1)", '</title></svg><b>'])('%s in every name is text', (name) => {
  const page = pageOf(named(name));

  expect(page).not.toContain(name);
  expect(page).toContain(html(name).slice(0, 12));
  expect(page.match(/<(script|img|b)\b/g)).toBeNull();
});

test('a thousand tables in ten stacks are a drawing of few parts, and tables of few rows', () => {
  const large = newApp();
  const stack = new Stack(large, 'Backup', { env: PLACE });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: BackupTier.standard() });
  for (let part = 0; part < 10; part++) {
    const tables = new Stack(large, `Tables${part}`, { env: PLACE });
    for (let index = 0; index < 100; index++) {
      new dynamodb.CfnTable(tables, `Table${index}`, { tableName: `table-${part}-${index}`, keySchema: [] });
    }
    plan.addSelection(`Part${part}`, { resources: [BackupTarget.fromConstruct(tables)] });
  }
  tableIn(stack, 'Forgotten');
  const page = fileOf(large, PAGE);

  expect(page).toContain('1000 × DynamoDB Table');
  expect(page.match(/<g class="node /g)!.length).toBeLessThan(5);
  expect(page.match(/<tr>/g)!.length).toBeLessThan(40);
  expect(page).toContain(', and 97 more</summary>');
});

test('a long name keeps its ends', () => {
  expect(shortened('a-bucket-of-logs-with-a-long-name-333333333333-eu-west-1', 21)).toBe('a-bucket-o…-eu-west-1');
});

test.each([
  ['met', 'All 2 objectives are met.', {}],
  ['attention', 'All 2 objectives are met. Needs attention: 4 stateful resources are unprotected.', { resources: { protected: 10, accepted: 0, undecided: 0, unprotected: 4 } }],
  ['notMet', '1 of 2 objectives is missed.', { objectives: { met: 1, accepted: 0, missed: 1, notChecked: 0 } }],
])('the verdict is %s where it says: %s', (level, sentence, changed) => {
  const objectives = { met: 2, accepted: 0, missed: 0, notChecked: 0 };
  const verdict = { objectives, resources: { protected: 14, accepted: 0, undecided: 0, unprotected: 0 }, notChecked: 0, ...changed };

  expect(verdictOf({ ...report, verdict, settings: [], alarmsOff: [] })).toMatchObject({ level, sentence });
});

test('objectives are sorted by name, and those of one name have one header', () => {
  const [first, second] = report.objectives;
  const page = pageOf({ ...report, objectives: [{ ...first, name: 'Orders', of: 'Two' }, { ...second, name: 'Failover' }, { ...first, name: 'Orders', of: 'One' }] });

  expect(page.match(/<th scope="row(?:group)?"[^>]*data-label="Objective">[^<]*/g)).toEqual([
    '<th scope="row" data-label="Objective">Failover', '<th scope="rowgroup" rowspan="2" data-label="Objective">Orders',
  ]);
  expect(page.indexOf('>One<')).toBeLessThan(page.indexOf('>Two<'));
});

test.each([
  ['eu-west-1', '<span class="name">eu-west-1</span>'], ['acme-prod-log-archive/CloudTrail', 'acme-<wbr>prod-<wbr>log-<wbr>archive/<wbr>CloudTrail'],
  ['dynamoDbAdvancedFeatures', 'dynamo<wbr>Db<wbr>Advanced<wbr>Features'], ['takes 15 minutes', 'takes 15\u00a0minutes'], ['333333333333', '333333333333'],
])('%s can be broken only where it is good to read', (text, expected) => {
  expect(breakable(text)).toBe(expected);
});

test('the flows of the drawing are also a list', () => {
  expect(flowTexts(report)).toEqual([
    'Orders-Vault-e327bef7 (222222222222, eu-west-2) → Orders-Vault-e327bef7-replica (222222222222, eu-west-1): copy daily, 35 days',
    'DynamoDB Table (222222222222, eu-west-2) → Orders-Vault-e327bef7 (222222222222, eu-west-2): daily, 05:00 every day',
  ]);
});

test('a bucket without a replica that snapshots are captured into is in the drawing, and in the list of its flows', () => {
  const daily = BackupTier.daily({ hour: 5, deleteAfter: Duration.days(35) });
  const alone = newApp();
  const stack = new Stack(alone, 'Shop', { env: PLACE });
  const bucket = new ConfigurationBucket(stack, 'Configuration', { schedules: [daily], replicaRegion: 'eu-west-1' });
  new ecs.CfnCluster(stack, 'Cluster', { clusterName: 'shop' });
  new EcsConfigBackup(stack, 'EcsConfig', { clusters: [EcsClusterTarget.fromName('shop')], bucket, schedules: [daily] });
  const shop = reportIn(alone);
  const [{ replica, ...left }] = shop.buckets;

  expect(replica).toBeDefined();
  expect(flowTexts({ ...shop, buckets: [left], coverage: shop.coverage.map((each) => each.path === left.path ? { ...each, status: 'unprotected' } : each) }))
    .toEqual(expect.arrayContaining([expect.stringMatching(/^ECS Cluster \(222222222222, eu-west-2\) → Shop\/Configuration/)]));
});
