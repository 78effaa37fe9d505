import type { Context } from './context';
import { count, hold } from './step';

/** A permission of a role that no call of it shows in the drill: why, and the AWS page about what needs it. */
export interface Unused {
  readonly why: string;
  readonly see: `https://docs.aws.amazon.com/${string}`;
}

/** A role is refused nothing, and uses what it is allowed, but for what is listed. */
export async function leastPrivilege(
  context: Context, roleName: string, allowed: readonly string[], listed: Record<string, Unused>,
): Promise<string> {
  const isOurs = (principal: string) => principal.includes(`role/${roleName}`);
  const calls = (await context.aws.calls()).filter(({ principal }) => isOurs(principal));
  const refused = calls.filter(({ outcome }) => /denied|not authorized/i.test(outcome));
  hold(calls.length > 0, `no call of ${roleName} was recorded`);
  hold(refused.length === 0, () => `refused: ${refused.map(({ service, action, outcome }) => `${service}:${action} ${outcome}`).join(', ')}`);
  const decisions = (await context.aws.decisions()).filter(({ kind, principal }) => kind === 'identity' && isOurs(principal));
  const used = new Set([
    ...calls.map(({ service, action }) => `${service}:${action}`),
    ...decisions.filter(({ verdict }) => verdict === 'Allow').map(({ action }) => action),
  ]);
  const unused = allowed.filter((action) => !used.has(action) && listed[action] === undefined);
  const usedAfterAll = Object.keys(listed).filter((action) => used.has(action));
  hold(unused.length === 0, () => `not used: ${unused.join(', ')}`);
  hold(usedAfterAll.length === 0, () => `used after all: ${usedAfterAll.join(', ')}`);
  return `${count(calls.length, 'call')}, none refused; ${allowed.filter((action) => used.has(action)).length} of ${allowed.length} actions used`;
}
