import type { AssemblyStack, Resource, Template } from './assembly';

type Change = (resource: Resource, logicalId: string) => Resource | undefined;

/** The stacks with other resources; what gives undefined is left out. */
export function changeResources(stacks: readonly AssemblyStack[], change: (stack: AssemblyStack) => Change): AssemblyStack[] {
  return stacks.map((stack) => withResources(stack, Object.entries(stack.template.Resources).flatMap(([id, resource]) => {
    const changed = change(stack)(structuredClone(resource), id);
    return changed === undefined ? [] : [[id, changed] as const];
  })));
}

/** The stacks with the properties of all resources of one type changed, in place. */
export function changeProperties<Properties = Record<string, any>>(
  stacks: readonly AssemblyStack[], type: string, change: (properties: Properties, logicalId: string, stack: AssemblyStack) => void,
): AssemblyStack[] {
  return changeResources(stacks, (stack) => (resource, id) => {
    if (resource.Type === type) {
      change(resource.Properties as Properties, id, stack);
    }
    return resource;
  });
}

/** The stacks with the resources of each template in another order, the same for the same seed. */
export function shuffle(stacks: readonly AssemblyStack[], seed: number): AssemblyStack[] {
  const random = randomFrom(seed);
  return stacks.map((stack) => {
    const entries = Object.entries(stack.template.Resources);
    for (let last = entries.length - 1; last > 0; last--) {
      const other = Math.floor(random() * (last + 1));
      [entries[last], entries[other]] = [entries[other], entries[last]];
    }
    return withResources(stack, entries);
  });
}

function withResources(stack: AssemblyStack, entries: readonly (readonly [string, Resource])[]): AssemblyStack {
  const template: Template = { ...stack.template, Resources: Object.fromEntries(entries) };
  return { ...stack, template };
}

/** The generator of Park and Miller: numbers from 0 to 1 that a seed decides. */
function randomFrom(seed: number): () => number {
  let state = seed % 2147483646 + 1;
  return () => {
    state = state * 48271 % 2147483647;
    return state / 2147483647;
  };
}
