import type { SelectionFact } from './plans-in-app';

/** The resource types of selections, which jobs are counted by; `undefined` for all together, where tags, tokens or wildcards decide. */
export function resourceTypeNamesOf(selections: SelectionFact[]): (string | undefined)[] {
  return [...new Set(selections.flatMap((selection) => selection.isNarrowedByTags && selection.targets().length === 0 ? [undefined]
    : selection.targets().map(({ type, isOfSeveralTypes }) => isOfSeveralTypes ? undefined : type?.resourceTypeName)))];
}
