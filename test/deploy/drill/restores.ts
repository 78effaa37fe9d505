import { capturesOf } from './captures';
import { allowedBy, attributeOf, literal } from './literals';
import { resourcesOf } from '../assembly/assembly';
import type { AssemblyStack, DeclaredResource } from '../assembly/assembly';

/** What the templates of a stage promise about the recovery of the cluster that is captured, in one region. */
export interface Runbook {
  readonly account: string;
  readonly region: string;
  readonly document: string;
  /** The role of the function, and what its policies allow. */
  readonly roleName: string;
  readonly allowed: string[];
  /** The bucket of the records, with its account. */
  readonly bucket: { readonly name: string; readonly account: string; readonly region: string; readonly lockMode?: string };
  readonly objectives: { readonly name: string; readonly rtoSeconds: number; readonly rpoSeconds: number }[];
  /** The name of the topic that is told of runs. */
  readonly topic: string;
}

/** The same, in the region of the cluster. */
export interface Restores extends Runbook {
  /** The command that the template prints. */
  readonly startCommand: string;
}

interface Settings extends Pick<Runbook, 'bucket' | 'objectives'> {
  readonly runbook: string;
  readonly sourceRegion: string;
}

/** Reads from the templates which document restores the cluster that is captured, by whom, and where its records are. */
export function restoresOf(stacks: readonly AssemblyStack[]): Restores {
  const { region } = capturesOf(stacks);
  const [handler] = handlersOf(stacks).filter(({ stack }) => stack.region === region);
  const runbook = runbookOf(handler);
  const { Outputs = {} } = handler.stack.template as { Outputs?: Record<string, { Value: unknown }> };
  const outputs = Object.values(Outputs).map(({ Value }) => JSON.stringify(Value));
  const startCommand = outputs.find((value) => value.includes('start-automation-execution') && value.includes(runbook.document))!;
  return { ...runbook, startCommand: JSON.parse(startCommand) as string };
}

/** The runbook that restores it in another region, if there is one. */
export function restoresElsewhereOf(stacks: readonly AssemblyStack[]): Runbook | undefined {
  const { region } = capturesOf(stacks);
  return handlersOf(stacks).filter(({ stack }) => stack.region !== region).map(runbookOf)[0];
}

/** The functions of runbooks that restore the cluster. */
function handlersOf(stacks: readonly AssemblyStack[]): DeclaredResource[] {
  const { account, region } = capturesOf(stacks);
  return resourcesOf(stacks, 'AWS::Lambda::Function').filter((each) => each.stack.account === account && settingsOf(each)?.sourceRegion === region);
}

function runbookOf(handler: DeclaredResource): Runbook {
  const { stack } = handler;
  const { runbook, bucket, objectives } = settingsOf(handler)!;
  const role = stack.template.Resources[attributeOf(handler.properties.Role)].Properties!;
  const [topic] = resourcesOf([stack], 'AWS::SNS::Topic');
  return {
    account: stack.account,
    region: stack.region,
    document: runbook,
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
