import type { EvidenceEntry } from './report-model';

/** A record of a runbook, as far as it is evidence. `docs/schemas/recovery-record-1.json` is its schema. */
interface RunbookRecord {
  readonly schemaVersion: number;
  readonly runbook: string;
  readonly status: string;
  readonly isDryRun: boolean;
  readonly begunAt: string;
  readonly detectedAt?: string;
  readonly endedAt: string;
  readonly verdicts?: readonly Verdict[];
}

interface Verdict {
  readonly objective?: string;
}

/**
 * The evidence in a record of a runbook: a run that was completed. What a dry run or a failed run shows is not how long a recovery takes.
 *
 * @param isSimulated Whether it ran on the local AWS
 */
export function evidenceOf(file: object, isSimulated: boolean): EvidenceEntry[] {
  const record = file as Partial<RunbookRecord>;
  if (record.schemaVersion !== 1 || record.runbook === undefined || record.begunAt === undefined || record.endedAt === undefined) {
    throw new Error('evidence must be records of runbooks, of version 1, got something else');
  }
  if (record.status !== 'COMPLETED' || record.isDryRun) {
    return [];
  }
  const took = Math.ceil((Date.parse(record.endedAt) - Date.parse(record.detectedAt ?? record.begunAt)) / 60_000);
  const objectives = (record.verdicts ?? []).flatMap(({ objective }) => objective ?? []);
  return (objectives.length > 0 ? objectives : [undefined]).map((objective) => ({
    kind: isSimulated ? 'simulated' : 'measured', date: record.endedAt!, objective, what: `runbook ${record.runbook}`, recoveryTimeMinutes: took,
  }));
}
