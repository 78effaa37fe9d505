import { existsSync, readFileSync } from 'fs';
import * as path from 'path';
import { zipOf } from './zip';

/** A resource as a template declares it. */
export interface Resource {
  readonly Type: string;
  readonly Properties?: Record<string, unknown>;
  readonly DependsOn?: string | string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Record<string, unknown>;
}

export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Parameters?: Record<string, unknown>;
  readonly Rules?: Record<string, unknown>;
  readonly [section: string]: unknown;
}

/** What a template names by its place in a bucket. */
export interface Asset {
  readonly bucket: string;
  readonly key: string;
  readonly content: Uint8Array;
}

/** A stack of a cloud assembly, with everything that a deployment of it takes. */
export interface AssemblyStack {
  /** Its id in the assembly, by which others depend on it. */
  readonly id: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly tags: Record<string, string>;
  readonly isProtected: boolean;
  /** The ids of the stacks that come before it. */
  readonly dependencies: string[];
  readonly assets: Asset[];
}

interface Artifact {
  readonly type: string;
  readonly environment?: string;
  readonly dependencies?: string[];
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
    readonly terminationProtection?: boolean;
    readonly tags?: Record<string, string>;
  };
}

interface AssetManifest {
  readonly files: Record<string, {
    readonly source: { readonly path: string; readonly packaging: 'zip' | 'file' };
    readonly destinations: Record<string, { readonly bucketName: string; readonly objectKey: string }>;
  }>;
}

/** Reads the stacks of a cloud assembly, and of the assemblies nested in it. Nothing of its files is needed afterwards. */
export function readAssembly(folder: string): AssemblyStack[] {
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(path.join(folder, 'manifest.json'));
  return Object.entries(artifacts).flatMap(([id, { type, environment = '', dependencies = [], properties = {} }]) => {
    if (type === 'cdk:cloud-assembly') {
      return readAssembly(path.join(folder, properties.directoryName!));
    }
    if (type !== 'aws:cloudformation:stack') {
      return [];
    }
    const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment) ?? [];
    if (account === undefined) {
      throw new Error(`the stack ${id} is for ${environment}: only a stack with an account and a region can be deployed`);
    }
    return [{
      id,
      name: properties.stackName ?? id,
      account,
      region,
      template: readJson<Template>(path.join(folder, properties.templateFile!)),
      tags: properties.tags ?? {},
      isProtected: properties.terminationProtection ?? false,
      dependencies: dependencies.filter((dependency) => artifacts[dependency]?.type === 'aws:cloudformation:stack'),
      assets: assetsOf(folder, id, properties.templateFile!),
    }];
  });
}

/** The template is an asset too, for the CDK CLI; what deploys it here uploads it by itself. */
function assetsOf(folder: string, id: string, templateFile: string): Asset[] {
  const manifest = path.join(folder, `${id}.assets.json`);
  if (!existsSync(manifest)) {
    return [];
  }
  return Object.values(readJson<AssetManifest>(manifest).files)
    .filter(({ source }) => source.path !== templateFile)
    .flatMap(({ source, destinations }) => Object.values(destinations).map(({ bucketName, objectKey }) => ({
      bucket: bucketName, key: objectKey, content: contentOf(path.join(folder, source.path), source.packaging),
    })));
}

function contentOf(file: string, packaging: 'zip' | 'file'): Uint8Array {
  return packaging === 'zip' ? zipOf(file) : new Uint8Array(readFileSync(file));
}

/** The resources of some types in some stacks, with where they are. */
export function resourcesOf(stacks: readonly AssemblyStack[], ...types: string[]): DeclaredResource[] {
  return stacks.flatMap((stack) => Object.entries(stack.template.Resources)
    .filter(([, { Type }]) => types.includes(Type))
    .map(([logicalId, resource]) => ({ stack, logicalId, type: resource.Type, properties: resource.Properties ?? {}, resource })));
}

export interface DeclaredResource {
  readonly stack: AssemblyStack;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Record<string, unknown>;
  readonly resource: Resource;
}

function readJson<Content>(file: string): Content {
  return JSON.parse(readFileSync(file, 'utf8')) as Content;
}
