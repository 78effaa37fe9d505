import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { BackupEventForwardingProps } from './backup-event-forwarding';
import { EVENT_BUSES } from './buses-and-forwarders';
import { checkOverrides } from '../alarms/alarm-checks';
import { checkPresentation } from '../alarms/names-and-runbooks';
import { checkVaults } from '../monitoring/watched-vaults';
import { checkNotify } from '../notification/notify-checks';
import { differ, partitionOf } from '../private/environment';
import type { Environment } from '../private/environment';
import { PropsErrors } from '../private/props-errors';
import { Registry } from '../private/registry';
import { replicaOf } from '../vault/single-vault';

/** All problems of a forwarding. */
export function checkForwarding(scope: Construct, props: BackupEventForwardingProps, home: Environment): void {
  const { eventBusArn, vaults, sinkArn, replicaSinkArn, notify, overrides } = props;
  const errors = new PropsErrors('BackupEventForwardingProps', scope);
  errors.whenMissing('eventBusArn', eventBusArn, "the ARN of the bus, 'eventBusArn' of CentralMonitoring");
  errors.whenNotList('vaults', vaults, 'ReplicatedBackupVault');
  errors.throwIfAny();
  errors.whenEmpty('vaults', vaults, 'vault', 'leave it out for none');
  checkVaults(errors, scope, vaults, 'the forwarding');
  checkBus(errors, scope, eventBusArn, home);
  const replicas = (vaults ?? []).flatMap((vault) => replicaOf(vault) ?? [])
    .filter(({ stack, environment }) => stack && canReach(eventBusArn, environment));
  checkIsLetIn(errors, scope, eventBusArn, [home, ...replicas.map(({ environment }) => environment)]);
  checkSink(errors, 'sinkArn', sinkArn, home);
  checkNotify(errors, notify, 'CloudWatch', { of: 'the forwarding', environment: home, scope, isForRules: true },
    ...replicas.map(({ environment, stack }) => ({ of: 'the replicas', environment, scope: stack!, isForRules: true })));
  errors.when(replicas.length === 0 && replicaSinkArn !== undefined,
    () => "'replicaSinkArn' has no effect, because 'vaults' have no replica that this app defines and forwards from: leave it out");
  for (const { environment } of replicas) {
    checkSink(errors, 'replicaSinkArn', replicaSinkArn, environment);
  }
  checkPresentation(errors, props);
  checkOverrides(errors, overrides, ['event-not-delivered']);
  errors.throwIfAny();
}

/** The parts of a literal ARN of a bus, `null` if it is none. */
function busArnParts(eventBusArn: string): { partition: string; region: string; account: string; name: string } | null | undefined {
  if (Token.isUnresolved(eventBusArn)) {
    return undefined;
  }
  const [, partition, region, account, name] = /^arn:([\w-]+):events:([\w-]+):(\d{12}):event-bus\/([\w./-]+)$/.exec(eventBusArn) ?? [];
  return name === undefined ? null : { partition, region, account, name };
}

/**
 * Whether EventBridge forwards from there to the bus.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
 */
export function canReach(eventBusArn: string, { region }: Environment): boolean {
  const bus = busArnParts(eventBusArn);
  return !bus || bus.partition === 'aws' || Token.isUnresolved(region) || bus.region === region;
}

function checkBus(errors: PropsErrors, scope: Construct, eventBusArn: string, home: Environment): void {
  const bus = busArnParts(eventBusArn);
  errors.when(bus === null,
    () => `'eventBusArn' must be the ARN of a bus, such as 'arn:aws:events:eu-west-2:333333333333:event-bus/backups', got '${eventBusArn}'`);
  // The pseudo parameters of another stack mean the account and region of this one here.
  errors.when(bus === undefined && home.isLiteral && /"AWS::(AccountId|Region)"/.test(JSON.stringify(Stack.of(scope).resolve(eventBusArn))),
    () => "'eventBusArn' must have a literal account and region: set the 'env' of the stack of the bus, got pseudo parameters");
  if (!bus || Token.isUnresolved(home.region)) {
    return;
  }
  const isReached = canReach(eventBusArn, home);
  errors.when(bus.partition !== partitionOf(home.region),
    () => `'eventBusArn' must be in the partition of the events (${partitionOf(home.region)}), got '${eventBusArn}'`);
  errors.when(bus.partition === partitionOf(home.region) && !isReached,
    () => `'eventBusArn' must be in the region of the events (${home.region}), because EventBridge forwards to other regions only in the partition 'aws', got '${eventBusArn}'`);
  errors.when(bus.name === 'default' && bus.region === home.region && bus.account === home.account,
    () => `'eventBusArn' must differ from the bus of the events, got '${eventBusArn}'`);
}

/** In a pipeline a Stage is synthesized as soon as it is added: a bus in it does not learn of whoever forwards later. */
function checkIsLetIn(errors: PropsErrors, scope: Construct, eventBusArn: string, from: Environment[]): void {
  const buses = Registry.of(scope).all(EVENT_BUSES).filter((bus) => bus.eventBusArn === eventBusArn);
  for (const account of new Set(from.map((environment) => environment.account))) {
    errors.when(buses.some((bus) => bus.keepsOut(account)),
      () => `'eventBusArn' is that of a bus that is already synthesized and does not allow account ${account}: add it to 'accounts' of CentralMonitoring, `
        + 'or define the forwarding before the Stage of the bus is synthesized');
  }
}

function checkSink(errors: PropsErrors, property: string, sinkArn: string | undefined, { account, region }: Environment): void {
  const sink = sinkArn === undefined || Token.isUnresolved(sinkArn) ? undefined : /^arn:[\w-]+:oam:([\w-]+):(\d{12}):sink\/[\w-]+$/.exec(sinkArn);
  errors.when(sink === null, () => `'${property}' must be the ARN of a sink, such as 'arn:aws:oam:eu-west-2:333333333333:sink/1a2b3c', got '${sinkArn}'`);
  if (sink) {
    errors.when(differ(sink[1], region), () => `'${property}' must be in the region of the metrics (${region}), got '${sinkArn}'`);
    errors.when(sink[2] === account, () => `'${property}' must be in another account, because the metrics of ${account} are visible without a link, got '${sinkArn}'`);
  }
}
