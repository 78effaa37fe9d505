import type { EvidenceEntry } from './report-model';

/** A record of a runbook, as far as it is evidence. `docs/schemas/recovery-record-1.json` is its schema. */
interface RunbookRecord {
  readonly schemaVersion: number;
  readonly runbook: string;
  readonly endedAt: string;
  readonly dataLossSeconds?: number;
  /** Only of a run that is complete and recovered something. */
  readonly recoverySeconds?: number;
  readonly verdicts?: readonly Verdict[];
}

interface Verdict {
  readonly objective?: string;
}

/**
 * The evidence in a record of a runbook: a completed run that recovered something. Other runs do not show how long a recovery takes.
 *
 * @param isSimulated Whether it ran on the local AWS
 */
export function evidenceOf(file: object, isSimulated: boolean): EvidenceEntry[] {
  const { schemaVersion, runbook, endedAt, dataLossSeconds, recoverySeconds, verdicts = [] } = file as Partial<RunbookRecord>;
  if (schemaVersion !== 1 || runbook === undefined || endedAt === undefined) {
    throw new Error('evidence must be records of runbooks, of version 1, got a file of another kind');
  }
  if (recoverySeconds === undefined) {
    return [];
  }
  const objectives = verdicts.flatMap(({ objective }) => objective ?? []);
  return (objectives.length > 0 ? objectives : [undefined]).map((objective) => ({
    kind: isSimulated ? 'simulated' : 'measured',
    date: endedAt,
    objective,
    what: `runbook ${runbook}`,
    recoveryTimeMinutes: Math.ceil(recoverySeconds / 60),
    ...dataLossSeconds === undefined ? {} : { dataLossMinutes: Math.ceil(dataLossSeconds / 60) },
  }));
}
