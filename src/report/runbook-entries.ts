import { literal, sortedBy } from './entries';
import type { RunbookEntry } from './report-model';
import { placeOf } from '../private/environment';
import type { Registry } from '../private/registry';
import { RUNBOOKS } from '../recovery/runbooks-in-app';

export function runbookEntries(registry: Registry): RunbookEntry[] {
  return sortedBy(registry.all(RUNBOOKS).map(({ by, kind, documentName, environment, sourceRegion, bucket, objectives, requiredApprovals }) => ({
    path: by.node.path,
    kind,
    document: literal(documentName),
    ...placeOf(environment),
    sourceRegion: literal(sourceRegion),
    bucket: literal(bucket.bucketArn),
    objectives: objectives.map(({ name }) => name).sort(),
    requiredApprovals,
  })), ({ path }) => path);
}
