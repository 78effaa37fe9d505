import { promisify } from 'util';
import { gunzip } from 'zlib';
import { chosenServices, NEWEST } from './ecs-restore-parameters.contract';
import { pages } from '../capture/aws-call.lambda-shared';
import { timeInKey } from '../capture/document-store.lambda-shared';
import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { RunFailed } from '../execution/recovery-work.lambda-shared';
import type { Run } from '../execution/recovery-work.lambda-shared';

/** The newest version of documents that is understood. All older ones are too. */
const SCHEMA_VERSION = 1;

/** How many documents are read to find a service that was not being deployed. */
const LOOKED_BACK = 100;

const COMPLETED = 'COMPLETED';

/** What a cluster is restored from. */
export interface Snapshot {
  readonly key: string;
  /** The document, with services of older ones in it. */
  readonly document: any;
  /** The services that the run is about. */
  readonly services: CapturedService[];
  /** What an operator has to know of the choice, in sentences. */
  readonly notes: string[];
}

interface StoredKey {
  readonly key: string;
  readonly time: string;
  readonly hash: string;
}

/** The last choice, as long as Lambda keeps the function: documents never change. */
let kept: { readonly id: string; readonly snapshot: Snapshot } | undefined;

/**
 * The snapshot that the parameters ask for, or that an earlier step of the run chose.
 *
 * @throws RunFailed if there is none, or it can't be read
 */
export async function chooseSnapshot(run: Run, chosenBefore?: string): Promise<Snapshot> {
  const { Snapshot: asked, Services } = run.parameters;
  const all = asked === NEWEST ? await storedKeys(run) : [];
  const key = asked === NEWEST ? chosenBefore ?? all[0]?.key : asked;
  if (key === undefined) {
    const { Cluster, NotAfter } = run.parameters;
    throw new RunFailed([`There is no snapshot of the cluster ${Cluster}${NotAfter ? ` from ${NotAfter} or before` : ''}: correct Cluster, or NotAfter.`]);
  }
  const id = JSON.stringify([run.settings.bucket.name, key, asked, Services]);
  if (kept?.id !== id) {
    kept = { id, snapshot: await compose(run, key, all.slice(all.findIndex((each) => each.key === key) + 1)) };
  }
  return kept.snapshot;
}

async function compose(run: Run, key: string, older: StoredKey[]): Promise<Snapshot> {
  const document = await readDocument(run, key);
  const { chosen, unknown } = chosenServices(run.parameters.Services, document.services.map(({ service }: CapturedService) => service.serviceName));
  if (unknown.length > 0) {
    throw new RunFailed(unknown.map((name) => `Services names ${name}, which is not in the snapshot ${key}: correct the name, or choose a snapshot that has it.`));
  }
  const notes: string[] = [];
  const whole = run.parameters.Snapshot === NEWEST ? await lastCompleted(run, document, chosen, older, notes) : document;
  return { key, document: whole, services: whole.services.filter(({ service }: CapturedService) => chosen.includes(service.serviceName)), notes };
}

/** Newest first. If several have the same time, that of a schedule: its capture began then or later. */
async function storedKeys({ call, settings, place, parameters: { Cluster, NotAfter } }: Run): Promise<StoredKey[]> {
  const { name, account, tiers } = settings.bucket;
  const listed = await Promise.all(tiers.map((tier) => pages(call, 's3', 'ListObjectsV2', {
    Bucket: name, ExpectedBucketOwner: account, Prefix: `${tier}/ecs/${place.account}/${settings.sourceRegion}/${Cluster}/`,
  }, { list: 'Contents', token: 'NextContinuationToken', inputToken: 'ContinuationToken' })));
  const keys = listed.flat().flatMap(({ Key }): StoredKey[] => {
    const [, time, hash] = /\/([^/]{20})-([0-9a-f]{12})\.json\.gz$/.exec(Key) ?? [];
    return time === undefined ? [] : [{ key: Key, time, hash }];
  });
  const limit = NotAfter ? timeInKey(Date.parse(NotAfter)) : '~';
  const order = ({ time, key }: StoredKey) => `${time} ${key.startsWith('change/') ? 0 : 1}`;
  return keys.filter(({ time }) => time <= limit).sort((one, other) => order(one) > order(other) ? -1 : 1);
}

async function readDocument(run: Run, key: string): Promise<any> {
  const { settings, place, parameters: { Cluster } } = run;
  const [tier, ...path] = key.split('/');
  const isOurs = settings.bucket.tiers.includes(tier) && path.slice(0, -1).join('/') === `ecs/${place.account}/${settings.sourceRegion}/${Cluster}`;
  if (!isOurs) {
    const example = `<tier>/ecs/${place.account}/${settings.sourceRegion}/${Cluster}/…`;
    throw new RunFailed([`The snapshot ${key} is not one of the cluster ${Cluster}: set Snapshot to ${NEWEST}, or to a key such as ${example}.`]);
  }
  const document = await download(run, key);
  if (!(document.schemaVersion <= SCHEMA_VERSION)) {
    const version = `version ${document.schemaVersion}, and this runbook knows up to ${SCHEMA_VERSION}`;
    throw new RunFailed([`The snapshot ${key} is of ${version}: deploy a newer version of the library, or choose an older snapshot.`]);
  }
  return document;
}

async function download({ call, settings: { bucket } }: Run, Key: string): Promise<any> {
  const { Body } = await call('s3', 'GetObject', { Bucket: bucket.name, ExpectedBucketOwner: bucket.account, Key });
  const bytes: Uint8Array = typeof Body.transformToByteArray === 'function' ? await Body.transformToByteArray() : Body;
  return JSON.parse((await promisify(gunzip)(bytes)).toString('utf8'));
}

/** The document with the last completed deployment of each service that was being deployed when it was captured. */
async function lastCompleted(run: Run, document: any, chosen: string[], older: StoredKey[], notes: string[]): Promise<any> {
  const open = new Set<string>(document.services.filter(({ service, rolloutState }: CapturedService) =>
    rolloutState !== COMPLETED && chosen.includes(service.serviceName)).map(({ service }: CapturedService) => service.serviceName));
  const replaced = new Map<string, CapturedService>();
  let { taskDefinitions, references } = document;
  const seen = new Set<string>();
  for (const { key, hash } of older.slice(0, LOOKED_BACK)) {
    if (open.size === 0) {
      break;
    }
    if (!seen.has(hash)) {
      seen.add(hash);
      const earlier = await readDocument(run, key);
      const completed: CapturedService[] = earlier.services.filter(({ rolloutState }: CapturedService) => rolloutState === COMPLETED);
      const found = completed.filter(({ service }) => open.delete(service.serviceName));
      for (const captured of found) {
        replaced.set(captured.service.serviceName, captured);
        notes.push(`The service ${captured.service.serviceName} was being deployed when the newest snapshot was made: it is restored from ${key}.`);
      }
      if (found.length > 0) {
        taskDefinitions = { ...earlier.taskDefinitions, ...taskDefinitions };
        references = Object.fromEntries(Object.entries<any[]>(references)
          .map(([kind, list]) => [kind, [...list, ...earlier.references[kind] ?? []]]));
      }
    }
  }
  notes.push(...[...open].map((name) => `No snapshot has the service ${name} with a completed deployment: it is restored as it was during one.`));
  const services = document.services.map((captured: CapturedService) => replaced.get(captured.service.serviceName) ?? captured);
  return { ...document, services, taskDefinitions, references };
}
