import assert from 'node:assert/strict';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Notify, ReplicatedBackupVault } from 'cdk-backup-dr';
import { test } from './test';
import { prod } from '../config/prod';
import { forwardEvents } from '../lib/event-forwarding';

const SINKS = {
  'eu-west-2': 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b',
  'eu-west-1': 'arn:aws:oam:eu-west-1:333333333333:sink/3c4d',
};

/** The sinks that an account shares its metrics with, from both regions. */
function sinksOf(account: string): string[] {
  const stack = new Stack(new App(), 'Backup', { env: { account, region: 'eu-west-2' } });
  const vault = new ReplicatedBackupVault(stack, 'Vault', { replicaRegion: 'eu-west-1' });
  forwardEvents(stack, vault, [Notify.email(prod.email)], { ...prod, monitoring: { ...prod.monitoring, sinkArns: SINKS } });
  return [stack, Stack.of(vault.replica!)].flatMap((each) => Object.values<any>(Template.fromStack(each).findResources('AWS::Oam::Link')))
    .map(({ Properties }) => Properties.SinkIdentifier);
}

test('once the sinks are known, the infrastructure account shares its metrics with that of each region, the log archive account needs not', () => {
  assert.deepEqual(sinksOf('222222222222'), [SINKS['eu-west-2'], SINKS['eu-west-1']]);
  assert.deepEqual(sinksOf('333333333333'), []);
});
