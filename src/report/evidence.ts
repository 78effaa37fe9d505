import { sortedBy } from './entries';
import type { EvidenceEntry, ObjectiveEntry, RecoveryReport } from './report-model';
import { FailureScope } from '../objectives/recovery-objective';

/** A record of a runbook, as far as it is evidence. `docs/schemas/recovery-record-1.json` is its schema. */
interface RunbookRecord {
  readonly schemaVersion: number;
  /** `<kind of configuration>-restore`. */
  readonly kind?: string;
  readonly runbook: string;
  readonly account?: string;
  readonly region?: string;
  readonly sourceRegion?: string;
  readonly endedAt: string;
  readonly dataLossSeconds?: number;
  /** Only of a run that is complete and recovered something. */
  readonly recoverySeconds?: number;
  readonly verdicts?: readonly { readonly objective: string; readonly survives: FailureScope }[];
}

/** What a drill on a local AWS recovered. */
interface DrillFile {
  readonly version: number;
  readonly simulated: true;
  readonly startedAt: string;
  readonly records?: readonly RunbookRecord[];
  readonly recoveries?: readonly Recovery[];
}

/** A recovery from the recovery points of a plan. */
interface Recovery {
  /** Name of the plan. */
  readonly plan: string;
  readonly survives: FailureScope;
  readonly what: string;
  readonly recoverySeconds: number;
  readonly dataLossSeconds?: number;
}

type Shown = Pick<RunbookRecord, 'dataLossSeconds'> & { readonly what: string; readonly date: string; readonly recoverySeconds: number };
type Objective = Pick<EvidenceEntry, 'objective' | 'survives' | 'of'>;

/**
 * The evidence in a file: a completed run of a runbook that recovered something, or what a drill recovered. Other runs do not show how long a
 * recovery takes.
 *
 * @param isSimulated Whether the run was on a local AWS. A drill always is
 */
export function evidenceOf(file: object, report: RecoveryReport, isSimulated: boolean): EvidenceEntry[] {
  if (isDrill(file)) {
    const { startedAt: date, records = [], recoveries = [] } = file; // the time in a drill is simulated, too
    return [
      ...records.flatMap((record) => ofRecord({ ...record, endedAt: date }, report, true)),
      ...recoveries.flatMap((recovery) => ofRecovery(recovery, date, report)),
    ];
  }
  const record = file as Partial<RunbookRecord>;
  if (record.schemaVersion !== 1 || record.runbook === undefined || record.endedAt === undefined) {
    throw new Error('evidence must be records of runbooks, of version 1, or the results of a drill, of version 1, got a file of another kind');
  }
  return ofRecord(record as RunbookRecord, report, isSimulated);
}

function isDrill(file: object): file is DrillFile {
  const { version, simulated, startedAt } = file as Partial<DrillFile>;
  return version === 1 && simulated === true && typeof startedAt === 'string';
}

function ofRecord(record: RunbookRecord, report: RecoveryReport, isSimulated: boolean): EvidenceEntry[] {
  const { runbook, endedAt: date, dataLossSeconds, recoverySeconds, region, sourceRegion, verdicts = [] } = record;
  if (recoverySeconds === undefined) {
    return [];
  }
  const captures = report.captures.filter(({ kind, account, region: from }) => `${kind}-restore` === record.kind && account === record.account && from === sourceRegion);
  const shown = verdicts.filter(({ survives }) => survives !== FailureScope.REGION || region !== sourceRegion).flatMap(({ objective, survives }) => {
    const of = captures.map(({ path }) => path).filter((path) => has(report, { objective, survives, of: path }));
    return of.length === 0 ? [{ objective, survives }] : of.map((path) => ({ objective, survives, of: path }));
  });
  return entriesOf(isSimulated ? 'simulated' : 'measured', shown, { what: `runbook ${runbook}`, date, recoverySeconds, dataLossSeconds });
}

function ofRecovery({ plan, survives, ...shown }: Recovery, date: string, report: RecoveryReport): EvidenceEntry[] {
  const paths = report.plans.filter(({ name }) => name === plan).map(({ path }) => path);
  const objectives = report.objectives.filter((each) => each.kind === 'plan' && paths.includes(each.of) && each.survives === survives);
  return entriesOf('simulated', objectives.map(({ name, of }) => ({ objective: name, survives, of })), { ...shown, date });
}

function entriesOf(kind: EvidenceEntry['kind'], objectives: readonly Objective[], { what, date, recoverySeconds, dataLossSeconds }: Shown): EvidenceEntry[] {
  return (objectives.length > 0 ? objectives : [{}]).map((objective) => ({
    kind,
    date,
    ...objective,
    what,
    recoveryTimeMinutes: Math.ceil(recoverySeconds / 60),
    ...dataLossSeconds === undefined ? {} : { dataLossMinutes: Math.ceil(dataLossSeconds / 60) },
  }));
}

function has({ objectives }: RecoveryReport, { objective, survives, of }: Objective): boolean {
  return objectives.some((each) => each.name === objective && each.survives === survives && each.of === of);
}

/** The newest evidence of an objective; of several at one time, the slowest recovery. */
export function newestEvidence({ evidence }: RecoveryReport, { name, survives, of }: Pick<ObjectiveEntry, 'name' | 'survives' | 'of'>): EvidenceEntry | undefined {
  const shown = evidence.filter((each) => each.objective === name && each.survives === survives && each.of === of);
  return sortedBy(shown, ({ date, recoveryTimeMinutes = 0 }) => `${date} ${String(recoveryTimeMinutes).padStart(9, '0')}`).pop();
}
