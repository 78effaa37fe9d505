import type { KeptResult } from './record-store.lambda-shared';
import type { ObjectState, ReportedObject } from './recovery-work.lambda-shared';
import { ANSWER_LIMIT, Outcome, PLAN_ANSWER_LIMIT, WAITING } from './runbook.contract';
import type { StepAnswer, StepName } from './runbook.contract';

/** In bytes of JSON, so that each fits whatever it says. */
const LONGEST_SUMMARY = 600;
const LONGEST_LINE = 400;
const LONGEST_LOCATION = 1_200;
const LONGEST_ERROR = 1_500;

/** What an operator reads first. None of them is a word that the document looks for. */
const STATES: Record<ObjectState, string> = { FAILED: 'failed', PENDING: 'to do', DONE: 'done', SKIPPED: 'skipped' };

/** What a step says of its result, within the limit for its answer, and with the words of outcomes in their own members only. */
export function answerOf(
  step: StepName, { outcome, isWaiting, summary, objects, nextSteps = [], problems = [] }: KeptResult, report?: string,
): StepAnswer {
  const answer = {
    outcome,
    ...outcome === Outcome.ASK_AGAIN && isWaiting ? { next: WAITING } : {},
    summary: cut(summary, LONGEST_SUMMARY),
    ...report === undefined || bytes(report) > LONGEST_LOCATION ? {} : { report: withoutOutcomes(report) },
  };
  const lines = [...problems.map((problem) => `problem: ${problem}`), ...nextSteps.map((next) => `next: ${next}`), ...sorted(objects).map(lineOf)];
  const limit = step === 'plan' ? PLAN_ANSWER_LIMIT : ANSWER_LIMIT;
  return { ...answer, lines: fitting(lines, limit - bytes({ ...answer, lines: [] })) };
}

/** The error of a step that failed, for the operator. Lambda logs it, and the document has it as the reason. */
export function failureOf(step: StepName, problems: string[], report: string | undefined): Error {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`;
  const text = `${step} found ${count}. Fix the following, then start the runbook again: ${problems.join('; ')}`;
  const all = report === undefined ? '' : `${text.endsWith('.') ? '' : '.'} Full report: ${report}`;
  const error = new Error(withoutOutcomes(`${cut(text, LONGEST_ERROR)}${bytes(all) > LONGEST_LOCATION ? '' : all}`));
  error.name = 'StepFailed';
  error.stack = `${error.name}: ${error.message}`; // the frames are those of this function, and an operator reads it
  return error;
}

/** The words of outcomes in other letters: they may be in names, and the document compares texts. */
function withoutOutcomes(text: string): string {
  const words = [...Object.values(Outcome), WAITING].join('|');
  return text.replace(new RegExp(words, 'g'), (word) => `${word[0]}${word.slice(1).toLowerCase()}`);
}

function lineOf({ what, name, state, why, differences = [] }: ReportedObject): string {
  return `${STATES[state]}: ${what} ${name}: ${why}${differences.length === 0 ? '' : ` (different: ${differences.join(', ')})`}`;
}

function sorted(objects: ReportedObject[]): ReportedObject[] {
  return Object.keys(STATES).flatMap((state) => objects.filter((one) => one.state === state));
}

/** As many lines as fit, and how many did not. */
function fitting(lines: string[], limit: number): string[] {
  const more = (count: number) => `and ${count} more`;
  const texts: string[] = [];
  let left = limit;
  for (const line of lines) {
    const text = cut(line, LONGEST_LINE);
    const needed = bytes(text) + 1;
    const rest = lines.length - texts.length - 1;
    if (left < needed + (rest === 0 ? 0 : bytes(more(rest)))) {
      return [...texts, more(rest + 1)];
    }
    texts.push(text);
    left -= needed;
  }
  return texts;
}

/** A text without words of outcomes that has so many bytes as JSON. */
function cut(text: string, limit: number): string {
  let short = withoutOutcomes(text.slice(0, 2 * limit));
  const isWhole = short.length === text.length && bytes(short) <= limit;
  while (!isWhole && bytes(`${short}…`) > limit) {
    short = short.slice(0, Math.floor(short.length * 0.95));
  }
  return isWhole ? short : `${short}…`;
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value));
}
