import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { costsOf } from './cost-entries';
import { Coverage, pathOf } from './coverage-entries';
import { literal, sortedBy } from './entries';
import { acceptedEntries, objectiveEntries } from './objective-entries';
import type { AlarmOffEntry, CoverageEntry, ForwardingEntry, NotCheckedEntry, ObjectiveEntry, RecoveryReport, TopicEntry, Verdict } from './report-model';
import { runbookEntries } from './runbook-entries';
import { settingEntries } from './setting-entries';
import { unverifiedBehaviour } from './unverified-behaviour';
import { bucketEntries, captureEntries, planEntries, vaultEntries } from './vault-entries';
import { ALARMS_OFF } from '../alarms/alarm-checks';
import { SENT } from '../central/buses-and-forwarders';
import { placeOf } from '../private/environment';
import { Registry, UNCHECKED } from '../private/registry';

const SCHEMA_URL = 'https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/schemas/recovery-report-1.json';

/**
 * The report of an app, whose synthesis is complete.
 *
 * @param root The root of its tree
 * @param libraryVersion The version of this package
 */
export function reportOf(root: IConstruct, libraryVersion: string): RecoveryReport {
  const registry = Registry.of(root);
  const objectives = objectiveEntries(root, registry);
  const coverage = new Coverage(registry);
  const covered = coverage.below(root);
  const resources = covered.map(({ entry }) => entry);
  const notChecked = notCheckedEntries(registry);
  const parts = {
    plans: planEntries(registry),
    captures: captureEntries(registry),
    runbooks: runbookEntries(registry),
    vaults: vaultEntries(registry),
    buckets: bucketEntries(registry),
    coverage: resources,
  };
  return {
    $schema: SCHEMA_URL,
    version: 1,
    libraryVersion,
    verdict: verdictOf(objectives, resources, notChecked.length),
    objectives,
    accepted: acceptedEntries(registry),
    ...parts,
    topics: topicEntries(root),
    forwarding: forwardingEntries(registry),
    alarmsOff: alarmOffEntries(registry),
    settings: settingEntries(root, registry),
    costs: costsOf(root, registry, { resources: covered, outside: coverage.outside }),
    notChecked,
    unverified: unverifiedBehaviour(parts),
    evidence: [],
  };
}

function verdictOf(objectives: ObjectiveEntry[], resources: CoverageEntry[], notChecked: number): Verdict {
  const count = <S extends string>(all: readonly { readonly status: S }[], statuses: readonly S[]) =>
    Object.fromEntries(statuses.map((status) => [status, all.filter((each) => each.status === status).length])) as Record<S, number>;
  return {
    objectives: count(objectives, ['met', 'accepted', 'missed', 'notChecked']),
    resources: count(resources, ['protected', 'accepted', 'undecided', 'unprotected']),
    notChecked,
  };
}

function notCheckedEntries(registry: Registry): NotCheckedEntry[] {
  return sortedBy(registry.all(UNCHECKED).map(({ path, id, reason }) => ({ path, id, reason: literal(reason) })), ({ path, id, reason }) => `${path}\n${id}\n${reason}`);
}

function topicEntries(root: IConstruct): TopicEntry[] {
  const topics = root.node.findAll().filter((each): each is CfnResource => CfnResource.isCfnResource(each) && each.cfnResourceType === 'AWS::SNS::Topic');
  return sortedBy(topics.map((topic) => ({ path: pathOf(topic), ...placeOf(Stack.of(topic)) })), ({ path }) => path);
}

function alarmOffEntries(registry: Registry): AlarmOffEntry[] {
  return sortedBy(registry.all(ALARMS_OFF).flatMap(({ path, names }) => names.map((alarm) => ({ path, alarm }))), ({ path, alarm }) => `${path}\n${alarm}`);
}

/** Each once: several constructs of a place can send to one bus. */
function forwardingEntries(registry: Registry): ForwardingEntry[] {
  const all = registry.all(SENT).map(({ account, region, destinationArn }) => ({ ...placeOf({ account, region }), to: literal(destinationArn) }));
  return sortedBy(new Map(all.map((each) => [JSON.stringify(each), each])).values(), ({ account, region, to }) => `${account} ${region} ${to}`);
}
