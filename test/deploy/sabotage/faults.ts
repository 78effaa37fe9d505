import { unzipSync, zipSync } from 'fflate';
import type { AssemblyStack } from '../assembly/assembly';
import { changeProperties } from '../assembly/changes';

export type Properties = Record<string, any>;

/** The stacks with the properties of the resources of a type changed that have a name, in place. */
export function changeNamed(
  stacks: readonly AssemblyStack[], type: string, property: string, name: string, change: (properties: Properties) => void,
): AssemblyStack[] {
  return changeProperties(stacks, type, (properties) => {
    if (properties[property] === name) {
      change(properties);
    }
  });
}

export function changeNamedRole(stacks: readonly AssemblyStack[], name: string, change: (properties: Properties) => void): AssemblyStack[] {
  return changeNamed(stacks, 'AWS::IAM::Role', 'RoleName', name, change);
}

export function replaceIn(properties: Properties, text: string, other: string): void {
  Object.assign(properties, JSON.parse(JSON.stringify(properties).replaceAll(text, other)));
}

export function dropStatement({ Policies }: Properties, sid: string): void {
  for (const { PolicyDocument } of Policies) {
    PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Sid }: { Sid?: string }) => Sid !== sid);
  }
}

/** The code of the handlers with a text replaced. */
export function changeFunctions(stacks: readonly AssemblyStack[], text: string, other: string): AssemblyStack[] {
  return stacks.map((stack) => ({
    ...stack,
    assets: stack.assets.map((asset) => isArchive(asset.content) ? { ...asset, content: replaceInArchive(asset.content, text, other) } : asset),
  }));
}

/** Archives begin with PK. */
function isArchive(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 2)).toString() === 'PK';
}

function replaceInArchive(archive: Uint8Array, text: string, other: string): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(unzipSync(archive)).map(([name, content]) =>
    [name, new Uint8Array(Buffer.from(Buffer.from(content).toString('utf8').replaceAll(text, other)))])));
}
