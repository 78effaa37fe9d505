import { App, Stack } from 'aws-cdk-lib';
import type { Stage, StackProps } from 'aws-cdk-lib';

export const INFRASTRUCTURE = '222222222222';
export const LOG_ARCHIVE = '333333333333';
export const LONDON = 'eu-west-2';
export const IRELAND = 'eu-west-1';

/** A stack with a literal account and region, in an app of its own if none is given. */
export function stackIn(account: string, region: string, scope: App | Stage = new App(), id = 'Backup', props: StackProps = {}): Stack {
  return new Stack(scope, id, { ...props, env: { account, region } });
}

/** The stack that was made for another region. */
export function supportStackOf(home: Stack, region: string): Stack {
  return home.node.findChild(`support-${region}`) as Stack;
}
