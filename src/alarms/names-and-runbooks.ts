import { createHash } from 'crypto';
import { Token } from 'aws-cdk-lib';
import type { AlarmName } from './alarm-catalogue';
import type { AlarmPresentationOptions } from './alarm-presentation';
import type { PropsErrors } from '../private/props-errors';

/** The URL of the runbooks. */
export const RUNBOOKS = 'https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks';

/** The part of a name that consoles, chats and subjects of emails show. */
const LONGEST_NAME = 100;

/** The URL of the page of an alarm. */
export function runbookUrl(name: AlarmName, presentation: AlarmPresentationOptions = {}): string {
  return `${runbooksOf(presentation)}/${name}.md`;
}

/** The URL of the pages of a construct. */
export function runbooksOf({ runbookBaseUrl }: AlarmPresentationOptions): string {
  return (runbookBaseUrl ?? RUNBOOKS).replace(/\/+$/, '');
}

/**
 * The name of an alarm, which begins with what happened, because the subject of an email is short. A long name is cut, and a hash of the
 * entire name distinguishes it from others with the same beginning.
 *
 * @param rest The subject, and the path of the construct
 */
export function alarmNameOf(prefix: string | null | undefined, name: string, ...rest: (string | undefined)[]): string {
  const full = [`${prefix ?? ''}${name}`, ...rest].filter((part) => part).join('-');
  if (full.length <= LONGEST_NAME) {
    return full;
  }
  const hash = createHash('sha256').update(full).digest('hex').slice(0, 8);
  return `${full.slice(0, LONGEST_NAME - hash.length - 1).replace(/[-.]+$/, '')}-${hash}`;
}

/** Adds problems of names and runbooks. */
export function checkPresentation(errors: PropsErrors, { runbookBaseUrl, alarmNamePrefix }: AlarmPresentationOptions): void {
  for (const [property, value] of Object.entries({ runbookBaseUrl, alarmNamePrefix })) {
    errors.when(Token.isUnresolved(value), () => `'${property}' must be literal, got a token`);
    errors.when(typeof (value ?? '') !== 'string', () => `'${property}' must be a string, got ${String(value)}`);
  }
  const isText = (value: unknown): value is string => typeof value === 'string' && !Token.isUnresolved(value);
  errors.when(isText(runbookBaseUrl) && !/^https:\/\/[^\s"'<>\\]+$/.test(runbookBaseUrl),
    () => `'runbookBaseUrl' must be a URL such as 'https://wiki.example.com/runbooks', got '${runbookBaseUrl}'`);
  errors.when(isText(alarmNamePrefix) && !/^[\w.-]{1,30}$/.test(alarmNamePrefix),
    () => `'alarmNamePrefix' must be 1 to 30 letters, digits, hyphens, underscores and dots, such as 'acme-prod-', got '${alarmNamePrefix}'`);
}
