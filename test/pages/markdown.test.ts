import { Stack } from 'aws-cdk-lib';
import { BackupTier } from '../../src/objectives/backup-tier';
import { escaped } from '../../src/pages/markdown';
import { startsText } from '../../src/pages/schedule-sections';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { fileOf, newApp, PLACE, protectedStack, tableIn } from '../report/apps';
import '../../src/pages/report-at-synthesis';

test('the Markdown file begins with how many objectives are met, and how many resources are protected', () => {
  const app = newApp();
  protectedStack(app);

  expect(fileOf(app, 'recovery-report.md')).toContain('Objectives met: 2 of 2. Objectives with evidence: 0 of 2. Resources protected: 1 of 2. Checks not made: 2. Estimated cost a month: 94 USD.');
});

test('an objective has a row with what is promised, what is computed and what limits it', () => {
  const app = newApp();
  protectedStack(app);

  expect(fileOf(app, 'recovery-report.md')).toContain('| Orders | Orders/Plan | resource | 4 hours | 30 hours | 24 hours | 30 hours | met '
    + '| Up to 24 hours between the starts of daily, and up to 6 hours until the recovery point is usable. | none |');
});

test('the cost has a sentence with its largest part, and a row for each Region, in the order of the amounts', () => {
  const app = newApp();
  protectedStack(app);
  const [, section] = fileOf(app, 'recovery-report.md').split('## Cost a month');

  expect(section).toContain('An estimate from assumptions: 94.27 USD. The largest part, 80.10 USD, is for DynamoDB recovery points in warm storage.');
  expect(section.split('\n').filter((line) => line.startsWith('| DynamoDB'))).toEqual([
    '| DynamoDB recovery points in warm storage | 222222222222, eu-west-2 | 41.60 USD | 350.00 GB | 0.11886 USD | by default | Orders/Plan |',
    '| DynamoDB recovery points in warm storage | 222222222222, eu-west-1 | 38.50 USD | 350.00 GB | 0.11 USD | by default | Orders/Plan |',
    '| DynamoDB copies, transfer to eu-west-1 | 222222222222, eu-west-2 | 12.17 USD | 304.17 GB | 0.04 USD | by default | Orders/Plan |',
  ]);
  expect(section).toContain('| the entire app | 10 GB (assumed) | 5 percent (assumed) | 1 GB (assumed) |');
});

test('an unprotected table is in the first row of the coverage', () => {
  const app = newApp();
  protectedStack(app);
  const [, rows] = fileOf(app, 'recovery-report.md').split('### Resources');

  expect(rows.split('\n')[4]).toBe('| UNPROTECTED | AWS::DynamoDB::Table | 222222222222, eu-west-2 | No selection contains it. | nothing remains | nothing remains | nothing remains | Orders/Forgotten |');
});

test('a thousand tables of one selection are one row', () => {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: PLACE });
  const plan = new TieredBackupPlan(stack, 'Plan', { vault: new ReplicatedBackupVault(stack, 'Vault'), tiers: BackupTier.standard() });
  for (let part = 0; part < 10; part++) {
    const tables = new Stack(app, `Tables${part}`, { env: PLACE });
    plan.addSelection(`Part${part}`, { resources: [BackupTarget.fromConstruct(tables)] });
    for (let index = 0; index < 100; index++) {
      tableIn(tables, `Table${index}`);
    }
  }
  const rows = fileOf(app, 'recovery-report.md', { skipValidation: true }).split('\n').filter((line) => line.startsWith('| protected'));

  expect(rows).toHaveLength(10);
  expect(rows[0]).toContain('Tables0/Table0, Tables0/Table1, ');
  expect(rows[0]).toMatch(/and 90 more \|$/);
});

test('a name can neither end a cell nor be markup', () => {
  expect(escaped('a | b <img src=x onerror=alert(1)> **c** [d](e)\n# f')).toBe('a \\| b &lt;img src=x onerror=alert(1)&gt; \\*\\*c\\*\\* \\[d\\](e) # f');
});

test.each([
  [[300, 1740, 3180, 4620, 6060, 7500, 8940], '05:00 every day'], [[9000], '06:00 on Sunday'], [undefined, 'cron(0 5 1 * ? *)'],
])('runs at %j start %s', (week, text) => {
  expect(startsText({ name: 'tier', schedule: 'cron(0 5 1 * ? *)', timeZone: 'UTC', week, isContinuous: false, isDurationAssumed: true })).toBe(text);
});
