/** What loads files that nothing imports, because they know all others: see `loadAtSynthesis`. */
const LOADERS: (() => unknown)[] = [];

/**
 * Has a file loaded when an app is synthesized that uses this library, before the last work in a Stage is done. The file adds its own work
 * with `afterAllInEachStage`.
 *
 * This file imports nothing, so that the index can call this without loading anything of AWS CDK.
 */
export function loadAtSynthesis(load: () => unknown): void {
  LOADERS.push(load);
}

/** Loads the files, once. */
export function loadLateFiles(): void {
  LOADERS.splice(0).forEach((load) => load());
}
