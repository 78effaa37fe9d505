import { readdirSync, readFileSync } from 'fs';
import * as path from 'path';

/**
 * A stack of a cloud assembly, as its files say.
 */
export interface SynthesizedStack {
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly templateFile: string;
  readonly template: { readonly Resources?: Record<string, { readonly Type: string }> };
  readonly messages: string[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly directoryName?: string };
  readonly displayName?: string;
  readonly metadata?: Record<string, { readonly type: string; readonly data?: unknown }[]>;
}

/** The stacks of an assembly and of the assemblies nested in it. */
export function stacksOf(assembly: string): SynthesizedStack[] {
  const manifest = JSON.parse(readFileSync(path.join(assembly, 'manifest.json'), 'utf8')) as { artifacts?: Record<string, Artifact> };
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, artifact]) => {
    const { type, environment = '', properties = {}, metadata = {} } = artifact;
    if (type === 'cdk:cloud-assembly') {
      return stacksOf(path.join(assembly, properties.directoryName!));
    }
    if (type !== 'aws:cloudformation:stack') {
      return [];
    }
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment) ?? [];
    const templateFile = path.join(assembly, properties.templateFile!);
    return [{
      name: properties.stackName ?? id,
      account,
      region,
      templateFile,
      template: JSON.parse(readFileSync(templateFile, 'utf8')),
      messages: [...messagesOf(metadata), ...messagesOf(metadataFileOf(assembly, id))],
    }];
  });
}

/** Newer CDKs write the metadata of a stack into a file beside the template. */
function metadataFileOf(assembly: string, id: string): Record<string, { type: string; data?: unknown }[]> {
  const file = readdirSync(assembly).find((name) => name === `${id}.metadata.json`);
  return file ? JSON.parse(readFileSync(path.join(assembly, file), 'utf8')) : {};
}

function messagesOf(metadata: Record<string, { readonly type: string; readonly data?: unknown }[]>): string[] {
  return Object.entries(metadata).flatMap(([where, entries]) => entries
    .filter(({ type }) => type === 'aws:cdk:warning' || type === 'aws:cdk:error')
    .map(({ type, data }) => `${type.slice('aws:cdk:'.length)} at ${where}: ${String(data)}`));
}
