import { App, Stack, Stage } from 'aws-cdk-lib';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

describe('two in one app', () => {
  /** A vault in each of two regions, whose replica is in the other one, and a forwarding in each. */
  function mutual() {
    const app = new App();
    const stacks = [LONDON, IRELAND].map((region) => stackIn(INFRASTRUCTURE, region, app, `Backup-${region}`));
    const sinks = [LONDON, IRELAND].map((region) => `arn:aws:oam:${region}:${LOG_ARCHIVE}:sink/1a2b`);
    stacks.forEach((stack, index) => new BackupEventForwarding(stack, 'Forwarding', {
      eventBusArn: BUS,
      vaults: [new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: `vault-${index}`, replicaRegion: [IRELAND, LONDON][index] })],
      sinkArn: sinks[index],
      replicaSinkArn: sinks[1 - index],
    }));
    return app;
  }

  test('forward the events of an account and region once, and what is done to all keys', () => {
    const { stacks } = mutual().synth();
    const of = (type: string, what: RegExp) => stacks.flatMap(({ environment: { region }, template }) => Object.values<any>(template.Resources)
      .filter(({ Type, Properties }) => Type === type && what.test(Properties.Description ?? '')).map(() => region)).sort();

    expect(of('AWS::Events::Rule', /jobs/)).toEqual([IRELAND, LONDON]);
    expect(of('AWS::Events::Rule', /recovery points/)).toEqual([IRELAND, LONDON]);
    expect(of('AWS::Events::Rule', /keys/)).toEqual([IRELAND, IRELAND, LONDON, LONDON]);
    expect(of('AWS::Oam::Link', /^$/)).toEqual([IRELAND, LONDON]);
  });

  test('to two buses, forward all to each', () => {
    const stack = stackIn(INFRASTRUCTURE, LONDON);
    const other = `${BUS}-other`;
    [BUS, other].forEach((eventBusArn, index) => new BackupEventForwarding(stack, `Forwarding${index}`, { eventBusArn }));

    expect(Rendered.of(stack).all('AWS::Events::Rule').map(({ Targets: [{ Arn }] }) => Arn)).toEqual([BUS, BUS, BUS, other, other, other]);
  });

  test('of two accounts forward those of each', () => {
    const app = new App();
    const stacks = [INFRASTRUCTURE, LOG_ARCHIVE].map((account) => stackIn(account, LONDON, app, `Backup-${account}`));
    stacks.forEach((stack) => new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS }));

    expect(stacks.map((stack) => Rendered.of(stack).all('AWS::Events::Rule').length)).toEqual([3, 3]);
  });
});

describe('the same in two Stages, which may not both be deployed,', () => {
  const sinkArn = `arn:aws:oam:eu-west-2:${LOG_ARCHIVE}:sink/1a2b`;

  function staged(): Stack[] {
    const app = new App();
    const stacks = ['Dev', 'Prod'].map((id) => stackIn(INFRASTRUCTURE, LONDON, new Stage(app, id)));
    stacks.forEach((stack) => new BackupEventForwarding(stack, 'Forwarding', { eventBusArn: BUS, sinkArn }));
    return stacks;
  }

  test('forwards from each', () => {
    expect(staged().map((stack) => Rendered.of(stack).all('AWS::Events::Rule').length)).toEqual([3, 3]);
  });

  test('is linked to a sink once, since AWS takes one link', () => {
    const stacks = staged();

    expect(stacks.map((stack) => Rendered.of(stack).all('AWS::Oam::Link').length)).toEqual([1, 0]);
    expect(Registry.of(stacks[1]).all(UNCHECKED)).toContainEqual({
      id: 'metricsSharedElsewhere',
      path: 'Prod/Backup/Forwarding',
      reason: 'whether the metrics of account 222222222222, region eu-west-2 '
      + 'are shared with the sink: another construct of the app, possibly in another Stage, does so',
    });
  });
});

test('stacks without a literal account and region forward each, since they may be in two', () => {
  const app = new App();
  const stacks = ['One', 'Other'].map((id) => new Stack(app, id));
  stacks.forEach((stack) => ['Forwarding', 'Again'].forEach((id) => new BackupEventForwarding(stack, id, { eventBusArn: BUS })));

  expect(stacks.map((stack) => Rendered.of(stack).all('AWS::Events::Rule').length)).toEqual([3, 3]);
});
