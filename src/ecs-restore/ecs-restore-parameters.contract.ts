/**
 * The parameters of a runbook that restores services, as its document has them. The values are texts.
 */
export interface EcsRestoreParameters {
  /** The name of the cluster. */
  readonly Cluster: string;
  /** `*`, or names of services with commas between them. */
  readonly Services: string;
  /** `Newest`, or the key of a snapshot. */
  readonly Snapshot: string;
  /** The newest snapshot that counts, ISO 8601; empty for any. */
  readonly NotAfter: string;
  readonly Existing: 'SKIP' | 'UPDATE';
  readonly DesiredCount: 'AsCaptured' | 'Zero';
  readonly EnableSchedules: 'true' | 'false';
}

/** The value of `Services` for all of the snapshot. */
export const ALL_SERVICES = '*';

/** The value of `Snapshot` for the newest one. */
export const NEWEST = 'Newest';

/** Which services are meant by the parameter `Services`, of those that there are; and which names of it are none of them. */
export function chosenServices(parameter: string, names: string[]): { readonly chosen: string[]; readonly unknown: string[] } {
  if (parameter.trim() === ALL_SERVICES) {
    return { chosen: names, unknown: [] };
  }
  const asked = [...new Set(parameter.split(',').map((name) => name.trim()).filter((name) => name !== ''))];
  return { chosen: names.filter((name) => asked.includes(name)), unknown: asked.filter((name) => !names.includes(name)) };
}
