import type { CoverageEntry, Place, PlanEntry, RecoveryReport, TierEntry } from '../../src/report/report-model';

/** Names that break out of what is not escaped, and those that are hard to draw. */
const HOSTILE = [
  '<script>console.error(1)</script>', '"><img src=x onerror=console.error(2)>', "' onmouseover='console.error(3)", '</svg></title><b>', `${'W'.repeat(180)}`,
  '\u202eright to left', '表格'.repeat(30), '🗄️ archive & vault', 'a/b/c/'.repeat(25), ']]>--><!--',
];
const PLACES: Place[] = [
  { account: '222222222222', region: 'eu-west-2' }, { account: '222222222222', region: 'ap-southeast-1' }, { account: '333333333333', region: 'eu-west-2' }, { account: 'unknown', region: 'unknown' },
];
const TIER: TierEntry = {
  name: 'daily',
  schedule: 'cron(0 5 * * ? *)',
  timeZone: 'Europe/London',
  week: [0, 1, 2, 3, 4, 5, 6].map((day) => day * 1440 + 300),
  isContinuous: false,
  intervalMinutes: 1440,
  startWindowMinutes: 60,
  completionWindowMinutes: 360,
  expectedDurationMinutes: 300,
  isDurationAssumed: true,
};

/** A report of 1,000 tables in ten plans, of which every tenth is unprotected, with hostile names everywhere. */
export function largeReport(): RecoveryReport {
  const plans = HOSTILE.map(planOf);
  const coverage = Array.from({ length: 1000 }, (_, index): CoverageEntry => {
    const plan = plans[index % 10];
    const isProtected = index < 900;
    return {
      path: `${HOSTILE[index % 10]}/Table${index}`,
      type: 'AWS::DynamoDB::Table',
      status: isProtected ? 'protected' : 'unprotected',
      ...PLACES[index % 4],
      by: isProtected ? [{ kind: 'plan', path: plan.path, selection: `${plan.path}/Tables` }] : [],
      reason: isProtected ? undefined : 'No selection contains it.',
      worstCaseMinutes: isProtected ? { RESOURCE: 1800, REGION: 1800 } : {},
    };
  });
  const bucketOf = (index: number, name: string) => ({ arn: `arn:aws:s3:::${name}`, name, ...PLACES[index % 4], retention: [{ prefix: '', transitions: [{ storageClass: 'GLACIER', afterDays: 90 }], expiresAfterDays: 3650 }] });
  return {
    $schema: '',
    version: 1,
    libraryVersion: '0.0.0',
    verdict: {
      objectives: { met: 8, accepted: 1, missed: 1, notChecked: 0 },
      resources: { protected: 900, accepted: 0, undecided: 0, unprotected: 100 },
      notChecked: 10,
    },
    objectives: HOSTILE.map((name, index) => ({
      name,
      survives: 'REGION' as RecoveryReport['objectives'][number]['survives'],
      rtoMinutes: 240,
      rpoMinutes: 1800,
      of: plans[index].path,
      kind: 'plan',
      status: index === 0 ? 'missed' : index === 1 ? 'accepted' : 'met',
      limitedBy: `Up to 24 hours between the starts of ${name}.`,
      tiers: ['daily'],
      nominalMinutes: 1440,
      worstCaseMinutes: 1815,
    })),
    accepted: [{ path: plans[1].path, property: 'acceptNominalRpo', reason: HOSTILE[0] }],
    plans,
    runbooks: HOSTILE.map((name, index) => ({
      path: `${name}/Restore`, kind: 'ecs-restore', document: name, ...PLACES[index % 4], sourceRegion: 'eu-west-2', bucket: name, objectives: [name], requiredApprovals: index,
    })),
    unverified: HOSTILE,
    captures: [],
    vaults: HOSTILE.flatMap((name, index) => [0, 1].map((copy) => ({
      arn: arnOf(index, copy), name, path: name, isImported: false, ...PLACES[(index + copy) % 4], lock: { mode: 'compliance' as const, minRetentionDays: 7, maxRetentionDays: 3650, changeableForDays: 3 },
    }))),
    buckets: HOSTILE.map((name, index) => ({ ...bucketOf(index, `bucket-${index}`), path: name, hasTimeControl: index % 2 === 0, replica: index % 3 === 0 ? undefined : bucketOf(index + 1, `replica-${index}`) })),
    coverage,
    topics: HOSTILE.map((path, index) => ({ path, ...PLACES[index % 4] })),
    forwarding: PLACES.map((place) => ({ ...place, to: 'arn:aws:events:eu-west-2:333333333333:event-bus/backup-events-of-the-whole-organization' })),
    alarmsOff: HOSTILE.map((path) => ({ path, alarm: 'copyJobFailed' })),
    settings: PLACES.map((place) => ({ setting: 'Cross-account backup, in the management account of the organization', ...place, neededBy: plans.map(({ path }) => path), isHandled: false })),
    costs: {
      currency: 'USD',
      pricesOf: '2025-06-18',
      usdPerMonth: 1_234_567.89,
      largest: { what: 'DynamoDB recovery points in warm storage', usdPerMonth: 1_234_000 },
      assumptions: HOSTILE.map((path) => ({ path, dataGbPerResource: 123_456.789, dailyChangePercent: 5, logsGbPerDay: 1, defaults: ['logsGbPerDay'] })),
      lines: HOSTILE.flatMap((of, index) => PLACES.map((place) => ({
        what: index % 2 === 0 ? 'DynamoDB recovery points in warm storage' : `S3 objects in ${of}`, of, ...place, quantity: 12_345_678.9, unit: 'GB', usdPerUnit: 0.11886, usdPerMonth: 1_467_387.39, isAssumed: index % 3 === 0,
      }))),
      notPriced: HOSTILE.map((what, index) => ({ what, region: PLACES[index % 4].region, reason: 'The price table has no price for it in this Region.', of: HOSTILE })),
    },
    notChecked: HOSTILE.map((path) => ({ path, id: 'selectionNotChecked', reason: `what ${path} selects` })),
    evidence: [{ kind: 'simulated', date: '2026-11-29T11:30:00Z', objective: HOSTILE[1], what: HOSTILE[0], recoveryTimeMinutes: 12, dataLossMinutes: 30 }],
  };
}

function planOf(name: string, index: number): PlanEntry {
  const retention = [{ tier: 'daily', deleteAfterDays: 3650, moveToColdStorageAfterDays: 90 }];
  return {
    path: `${name}/Plan${index}`,
    name,
    ...PLACES[index % 4],
    selections: [name],
    tiers: [{ ...TIER, name: index % 2 === 0 ? 'daily' : name }],
    destinations: [0, 1].map((copy) => ({ vault: arnOf(index, copy), isOwn: copy === 0, serves: ['REGION' as RecoveryReport['objectives'][number]['survives']], retention, nominalMinutes: 1440, worstCaseMinutes: 1800 })),
  };
}

function arnOf(index: number, copy: number): string {
  return `arn:aws:backup:eu-west-2:222222222222:backup-vault:vault-${index}-${copy}`;
}
