import { capturesOf } from './captures';
import { allowedBy, attributeOf, literal } from './literals';
import { resourcesOf } from '../assembly/assembly';
import type { AssemblyStack, DeclaredResource } from '../assembly/assembly';

/** What the templates of a stage promise about the recovery of the cluster that is captured, in its own region. */
export interface Restores {
  readonly account: string;
  readonly region: string;
  readonly document: string;
  /** The command that the template prints. */
  readonly startCommand: string;
  /** The role of the function, and what its policies allow. */
  readonly roleName: string;
  readonly allowed: string[];
  /** The bucket of the records, with its account. */
  readonly bucket: { readonly name: string; readonly account: string; readonly region: string; readonly lockMode?: string };
  readonly objectives: { readonly name: string; readonly rtoSeconds: number; readonly rpoSeconds: number }[];
  /** The name of the topic that is told of runs. */
  readonly topic: string;
}

interface Settings extends Pick<Restores, 'bucket' | 'objectives'> {
  readonly runbook: string;
  readonly sourceRegion: string;
}

/** Reads from the templates which document restores the cluster that is captured, by whom, and where its records are. */
export function restoresOf(stacks: readonly AssemblyStack[]): Restores {
  const { account, region } = capturesOf(stacks);
  const [handler] = resourcesOf(stacks, 'AWS::Lambda::Function').filter((each) =>
    each.stack.account === account && each.stack.region === region && settingsOf(each)?.sourceRegion === region);
  const { stack } = handler;
  const { runbook, bucket, objectives } = settingsOf(handler)!;
  const role = stack.template.Resources[attributeOf(handler.properties.Role)].Properties!;
  const outputs = Object.values((stack.template.Outputs ?? {}) as Record<string, { Value: unknown }>).map(({ Value }) => JSON.stringify(Value));
  const [topic] = resourcesOf([stack], 'AWS::SNS::Topic');
  return {
    account,
    region,
    document: runbook,
    startCommand: JSON.parse(outputs.find((value) => value.includes('start-automation-execution') && value.includes(runbook))!) as string,
    roleName: literal(role.RoleName),
    allowed: allowedBy(role.Policies),
    bucket,
    objectives,
    topic: literal(topic.properties.TopicName),
  };
}

function settingsOf({ properties }: DeclaredResource): Settings | undefined {
  const { RUNBOOK_SETTINGS } = (properties.Environment as { Variables?: Record<string, unknown> } | undefined)?.Variables ?? {};
  return RUNBOOK_SETTINGS === undefined ? undefined : JSON.parse(literal(RUNBOOK_SETTINGS)) as Settings;
}
