/** The default quota of EventBridge. A reference becomes at most the ARN of a key. */
export const PATTERN_LIMIT = 2048;
const REFERENCE = /\$\{Token\[[^\]]*\]\}/g;
const LONGEST_REFERENCE = 'arn:aws-us-gov:kms:ap-northeast-1:111122223333:key/mrk-1234abcd12ab34cd56ef1234567890ab';

/** The maximum length after deployment. */
export function patternLength(text: string): number {
  return text.replace(REFERENCE, LONGEST_REFERENCE).length;
}

/**
 * Values in groups that a pattern takes, each with the end of an id, which stays as it is when more values come behind.
 */
export function inGroups(values: string[]): [string, string[]][] {
  const groups: { at: number; length: number; values: string[] }[] = [];
  for (const [at, value] of [...new Set(values)].entries()) {
    const length = patternLength(value) + 3; // quotes and a comma
    const last = groups.at(-1);
    if (last && last.length + length <= PATTERN_LIMIT - FOR_THE_REST) {
      last.length += length;
      last.values.push(value);
    } else {
      groups.push({ at, length, values: [value] });
    }
  }
  return groups.map((group) => [group.at === 0 ? '' : String(group.at), group.values]);
}

/** Reserved for the rest of a pattern, mainly the names of calls. */
const FOR_THE_REST = 600;
