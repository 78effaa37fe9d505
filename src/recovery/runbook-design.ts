import type * as iam from 'aws-cdk-lib/aws-iam';
import type { RunbookSettings } from '../execution/runbook.contract';

/**
 * A parameter of a document, which is a text.
 */
export interface RunbookParameter {
  /** Letters and digits, beginning with an uppercase letter. */
  readonly name: string;
  /** What an operator enters, in a sentence. */
  readonly description: string;
  /** Without one, the parameter is required. */
  readonly defaultValue?: string;
  readonly allowedPattern?: string;
  readonly allowedValues?: string[];
}

/** The steps of a runbook that ask its function until they are done. */
export const LOOPED_STEPS = ['preflight', 'plan', 'work', 'verify'] as const;

/**
 * What a runbook is, for the document and for everything around it.
 */
export interface RunbookDesign {
  /** What it recovers: `ecs-restore`. */
  readonly kind: string;
  /** What it does, in a sentence that an operator understands. */
  readonly description: string;
  /** The kind of the snapshots that it reads: `ecs`. */
  readonly snapshots: string;
  /** The folder of the handler's bundle below `assets`. */
  readonly bundle: string;
  /** The region of what is recovered. */
  readonly sourceRegion: string;
  /** The parameters of its own. */
  readonly parameters: RunbookParameter[];
  /** What a run touches in the account and region of the runbook, with templates of its parameters: `ecs/{{ Cluster }}`. */
  readonly targets: string[];
  /** What each of its steps does, in a sentence that an operator understands. */
  readonly steps: Record<typeof LOOPED_STEPS[number], string>;
  /** What the function may do besides reading snapshots and writing records, each statement with the reason for its wildcard, if it has one. */
  readonly statements: ReadonlyMap<iam.PolicyStatement, string | undefined>;
  readonly settings?: Pick<RunbookSettings, 'passableRoles'>;
}

/** The parameters that all runbooks have. */
const COMMON_PARAMETERS: readonly RunbookParameter[] = [
  {
    name: 'DryRun',
    description: 'true: the run ends after its plan and changes nothing.',
    defaultValue: 'false',
    allowedValues: ['true', 'false'],
  },
  {
    name: 'Reason',
    description: 'Why you start this run, such as the number of the incident. It is in the record. 3 to 256 characters in a line, without quotes, backslashes and braces.',
    allowedPattern: '^[^"\'\\\\{}\\x00-\\x1f]{3,256}$',
  },
  {
    name: 'DetectedAt',
    description: 'When the loss was detected, in UTC, such as 2026-11-29T05:00:00Z. The recovery time is counted from it. Leave it out for the start of the run.',
    defaultValue: '',
    allowedPattern: '^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$',
  },
];

/** All parameters of a runbook, as an operator sees them. */
export function parametersOf({ parameters }: Pick<RunbookDesign, 'parameters'>): RunbookParameter[] {
  return [...COMMON_PARAMETERS, ...parameters];
}
