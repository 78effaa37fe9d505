/**
 * The parameters of a runbook that restores services, as its document has them. The values are texts.
 */
export interface EcsRestoreParameters {
  /** The name of the cluster. */
  readonly Cluster: string;
  /** `*`, `*` and names of services to leave out, such as `*,!orders`, or names of services, with commas between them. */
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

/** What is wrong with parameters together, which the document can't check; in sentences. */
export function contradictions({ Existing, DesiredCount }: Record<string, string>): string[] {
  return Existing === 'UPDATE' && DesiredCount === 'Zero'
    ? ['Existing UPDATE with DesiredCount Zero would stop services that run: set DesiredCount to AsCaptured, or Existing to SKIP.'] : [];
}

/** What is before the name of a service to leave out. */
const EXCEPT = '!';

/** Whether the parameter `Services` is about the whole cluster, though services may be left out. */
export function asksForAll(parameter: string): boolean {
  return parameter.trim().startsWith(ALL_SERVICES);
}

/**
 * Which services are meant by the parameter `Services`, of those that there are; and which names of it are none of them. A name to leave out
 * that there is not leaves out nothing.
 */
export function chosenServices(parameter: string, names: string[]): { readonly chosen: string[]; readonly unknown: string[] } {
  const asked = [...new Set(parameter.split(',').map((name) => name.trim()).filter((name) => name !== ''))];
  if (asksForAll(parameter)) {
    return { chosen: names.filter((name) => !asked.includes(`${EXCEPT}${name}`)), unknown: [] };
  }
  return { chosen: names.filter((name) => asked.includes(name)), unknown: asked.filter((name) => !names.includes(name)) };
}
