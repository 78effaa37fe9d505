import type { RecoveryRecord } from './recovery-record.lambda-shared';

/** How a run ended, in sentences. */
export function summaryOf({ status, recoverySeconds, dataLossSeconds, verdicts, problems }: RecoveryRecord): string {
  const loss = dataLossSeconds === undefined ? '' : ` The snapshot was taken ${durationOf(dataLossSeconds)} before the loss was detected.`;
  const objectives = verdicts.map(({ objective, isRtoMet, isRpoMet }) => ` ${objective}: RTO ${met(isRtoMet)}, RPO ${met(isRpoMet)}.`).join('');
  switch (status) {
    case 'COMPLETED':
      return recoverySeconds === undefined
        ? 'Nothing was recovered: everything in the snapshot exists. If something is missing, start the runbook again with an older snapshot.'
        : `Recovered in ${durationOf(recoverySeconds)}.${loss}${objectives}`;
    case 'PLANNED':
      return `A dry run: nothing was changed.${loss}`;
    default:
      return `The run ${status === 'STOPPED' ? 'was stopped' : 'failed'}: ${problems.join('; ')}`;
  }
}

function met(isMet: boolean | undefined): string {
  return isMet === undefined ? 'unknown' : isMet ? 'met' : 'not met';
}

function durationOf(seconds: number): string {
  return [[Math.floor(seconds / 3600), 'h'], [Math.floor(seconds / 60) % 60, 'min'], [seconds % 60, 's']]
    .filter(([count], index) => count !== 0 || (index === 2 && seconds === 0)).map((part) => part.join(' ')).join(' ');
}
