import { promisify } from 'util';
import { gunzip } from 'zlib';
import { asksForAll, chosenServices, NEWEST } from './ecs-restore-parameters.contract';
import { pages } from '../capture/aws-call.lambda-shared';
import { timeInKey } from '../capture/document-store.lambda-shared';
import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { RunFailed } from '../execution/recovery-work.lambda-shared';
import type { Run } from '../execution/recovery-work.lambda-shared';

/** The newest version of documents that is understood. All older ones are too. */
const SCHEMA_VERSION = 1;

/** How many documents are read to find a service that was not being deployed. */
const LOOKED_BACK = 100;

/** How many other documents are read to find services that the newest one has no longer. */
const LOOKED_BACK_FOR_OTHERS = 5;

/** A scheduled capture begins some seconds after the time in its key, in milliseconds. A capture that is tried again can begin hours later. */
const DELAY_OF_SCHEDULE = 60_000;

const COMPLETED = 'COMPLETED';

/** What a cluster is restored from. */
export interface Snapshot {
  readonly key: string;
  /** The document, with services of older ones in it. */
  readonly document: any;
  /** The services that the run is about. */
  readonly services: CapturedService[];
  /** Which services are asked for and are in no snapshot, in sentences. */
  readonly missing: string[];
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
  const { Snapshot: asked, Services, NotAfter = '' } = run.parameters;
  if (NotAfter !== '' && Number.isNaN(Date.parse(NotAfter))) {
    throw new RunFailed([`NotAfter is ${NotAfter}, which is not a valid time: write the last moment at which the services were good, such as 2026-11-29T05:00:00Z`]);
  }
  const all = asked === NEWEST ? await storedKeys(run) : [];
  const key = asked === NEWEST ? chosenBefore ?? await newestIn(run, all) : asked;
  if (key === undefined) {
    const { Cluster } = run.parameters;
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
  const isNewest = run.parameters.Snapshot === NEWEST;
  const { chosen, unknown } = chosenServices(run.parameters.Services, namesIn(document));
  const notes: string[] = [];
  const whole = isNewest ? await completed(run, document, [...chosen, ...unknown], older, notes) : document;
  const missing = unknown.filter((name) => !namesIn(whole).includes(name))
    .map((name) => `Services names ${name}, which is not in the snapshot ${key}: correct the name, or choose a snapshot that has it.`);
  if (isNewest && asksForAll(run.parameters.Services)) {
    notes.push(...await notesOnOthers(run, key, namesIn(document), older));
  }
  const services = whole.services.filter(({ service }: CapturedService) => [...chosen, ...unknown].includes(service.serviceName));
  return { key, document: whole, services, missing, notes };
}

/** A service that was deleted is in no document after that: whoever asks for all has to know. */
async function notesOnOthers(run: Run, key: string, names: string[], older: StoredKey[]): Promise<string[]> {
  for (const { key: before } of distinct(older).slice(0, LOOKED_BACK_FOR_OTHERS)) {
    const others = namesIn(await readDocument(run, before)).filter((name) => !names.includes(name));
    if (others.length > 0) {
      return [`The snapshot ${key} does not contain ${others.join(', ')}, but ${before} does. To restore them too, name them in Services, or set NotAfter to a time before they were deleted.`];
    }
  }
  return [];
}

function namesIn({ services }: any): string[] {
  return services.map(({ service }: CapturedService) => service.serviceName);
}

/** The newest one of each content. */
function distinct(keys: StoredKey[]): StoredKey[] {
  return keys.filter(({ hash }, index) => keys.findIndex((each) => each.hash === hash) === index);
}

/** The newest one that was captured by then, which may be later than the time in its key. */
async function newestIn(run: Run, all: StoredKey[]): Promise<string | undefined> {
  const { NotAfter = '' } = run.parameters;
  for (const { key } of all) {
    const isLater = NotAfter !== '' && Date.parse((await readDocument(run, key)).begunAt) > Date.parse(NotAfter) + DELAY_OF_SCHEDULE;
    if (!isLater) {
      return key;
    }
  }
  return undefined;
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
  return JSON.parse((await promisify(gunzip)(Body)).toString('utf8'));
}

/**
 * The document with the last completed deployment of each service that was being deployed when it was captured, or that was deleted before.
 *
 * @param names Of the services that the run is about
 */
async function completed(run: Run, document: any, names: string[], older: StoredKey[], notes: string[]): Promise<any> {
  const of = ({ service }: CapturedService): string => service.serviceName;
  const here = new Map<string, CapturedService>(document.services.map((captured: CapturedService) => [of(captured), captured]));
  const open = new Set(names.filter((name) => !isWhole(here.get(name))));
  let { begunAt, taskDefinitions, references } = document;
  for (const { key } of distinct(older.slice(0, LOOKED_BACK))) {
    if (open.size === 0) {
      break;
    }
    const earlier = await readDocument(run, key);
    const found = earlier.services.filter((captured: CapturedService) => isWhole(captured) && open.delete(of(captured)));
    for (const captured of found) {
      const why = here.has(of(captured)) ? 'was being deployed or deleted when the newest snapshot was made' : 'is no longer in the newest snapshot';
      notes.push(`The service ${of(captured)} ${why}: it is restored from ${key}.`);
      here.set(of(captured), captured);
    }
    if (found.length > 0) {
      begunAt = earlier.begunAt; // the loss is counted from the oldest one
      taskDefinitions = { ...earlier.taskDefinitions, ...taskDefinitions };
      references = Object.fromEntries(Object.entries<any[]>(references)
        .map(([kind, list]) => [kind, [...list, ...earlier.references[kind] ?? []]]));
    }
  }
  notes.push(...[...open].filter((name) => here.has(name))
    .map((name) => `No snapshot has the service ${name} with a completed deployment: it is restored as captured during its deployment.`));
  return { ...document, begunAt, services: [...here.values()], taskDefinitions, references };
}

/** Whether it was neither deployed nor deleted meanwhile: one that is being deleted has no tasks and no scaling any more. */
function isWhole(captured: CapturedService | undefined): boolean {
  return captured?.rolloutState === COMPLETED && captured.service.status !== 'DRAINING';
}
