import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmPresentationOptions } from './alarm-presentation';
import type { PropsErrors } from '../private/props-errors';

/** Where the pages are that say what to do. */
export const RUNBOOKS = 'https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks';

/** What consoles, chats and subjects of e-mails show of a name. */
const LONGEST_NAME = 100;

/** Where the page of an alarm is. */
export function runbookUrl(name: AlarmName, presentation: AlarmPresentationOptions = {}): string {
  return `${runbooksOf(presentation)}/${name}.md`;
}

/** Where the pages are that a construct refers to. */
export function runbooksOf({ runbookBaseUrl }: AlarmPresentationOptions): string {
  return (runbookBaseUrl ?? RUNBOOKS).replace(/\/+$/, '');
}

/**
 * The name of an alarm: what happened comes first, since the subject of an e-mail is short. What is too long is cut, and a hash of all of it
 * tells it from others that begin alike.
 *
 * @param rest What it is about, and where it is defined
 */
export function alarmNameOf(prefix: string | null | undefined, name: string, ...rest: (string | undefined)[]): string {
  const full = [`${prefix ?? ''}${name}`, ...rest].filter((part) => part).join('-');
  if (full.length <= LONGEST_NAME) {
    return full;
  }
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 8);
  return `${full.slice(0, LONGEST_NAME - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`;
}

/** Adds what is wrong with names and runbooks, if anything is. */
export function checkPresentation(errors: PropsErrors, { runbookBaseUrl, alarmNamePrefix }: AlarmPresentationOptions): void {
  for (const [property, value] of Object.entries({ runbookBaseUrl, alarmNamePrefix })) {
    errors.when(Token.isUnresolved(value), () => `'${property}' must be literal, got a token`);
    errors.when(typeof (value ?? '') !== 'string', () => `'${property}' must be a text, got ${String(value)}`);
  }
  const isText = (value: unknown): value is string => typeof value === 'string' && !Token.isUnresolved(value);
  errors.when(isText(runbookBaseUrl) && !/^https:\/\/[^\s"'<>\\]+$/.test(runbookBaseUrl),
    () => `'runbookBaseUrl' must be a URL such as 'https://wiki.example.com/runbooks', got '${runbookBaseUrl}'`);
  errors.when(isText(alarmNamePrefix) && !/^[\w.-]{1,30}$/.test(alarmNamePrefix),
    () => `'alarmNamePrefix' must be 1 to 30 letters, digits, hyphens, underscores and dots, such as 'acme-prod-', got '${alarmNamePrefix}'`);
}
