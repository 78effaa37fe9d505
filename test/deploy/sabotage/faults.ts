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

/**
 * The code of the handlers with a text replaced.
 *
 * @throws if no handler has it
 */
export function changeFunctions(stacks: readonly AssemblyStack[], text: string, other: string): AssemblyStack[] {
  let isFound = false;
  const replaced = (content: Uint8Array) => {
    const files = Object.entries(unzipSync(content)).map(([name, file]) => [name, Buffer.from(file).toString('utf8')]);
    if (!files.some(([, file]) => file.includes(text))) {
      return content;
    }
    isFound = true;
    return zipSync(Object.fromEntries(files.map(([name, file]) => [name, new Uint8Array(Buffer.from(file.replaceAll(text, other)))])));
  };
  const changed = stacks.map((stack) => ({
    ...stack,
    assets: stack.assets.map((asset) => isArchive(asset.content) ? { ...asset, content: replaced(asset.content) } : asset),
  }));
  if (!isFound) {
    throw new Error(`the sabotage changes nothing: no handler has ${text}`);
  }
  return changed;
}

/** Archives begin with PK. */
function isArchive(content: Uint8Array): boolean {
  return Buffer.from(content.subarray(0, 2)).toString() === 'PK';
}
