import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { durationProblem, sayValue } from './tier-checks';
import { PropsErrors } from '../private/props-errors';
import { describe, inMinutes } from '../private/spans';

/**
 * What is lost in the disaster that an objective is about.
 */
export enum FailureScope {
  /**
   * The resource: a table dropped, a bucket emptied. Its account and region stand.
   */
  RESOURCE = 'RESOURCE',

  /**
   * The region, with everything in it. A copy in another region serves.
   */
  REGION = 'REGION',

  /**
   * The account, with everything in it. A copy in another account serves.
   */
  ACCOUNT = 'ACCOUNT',
}

/**
 * Properties of a recovery objective.
 */
export interface RecoveryObjectiveProps {
  /**
   * Name of the objective, as it stands in errors and in the report.
   */
  readonly name: string;

  /**
   * Recovery time objective: how long it may take until the workload works again.
   *
   * Synthesis can't compute it: restore tests and drills measure it.
   */
  readonly rto: Duration;

  /**
   * Recovery point objective: how old the newest data may be that can be recovered.
   *
   * Synthesis computes what the schedules, windows and copies can keep at the worst, and compares.
   */
  readonly rpo: Duration;

  /**
   * What may be lost with the promise still kept.
   *
   * @default FailureScope.RESOURCE
   */
  readonly survives?: FailureScope;
}

/**
 * A promise about recovery: how soon (RTO), with data how old at the most (RPO), and after the loss of what.
 *
 * @see https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/disaster-recovery-dr-objectives.html
 *
 * @example
 * new RecoveryObjective({ name: 'Orders', rto: Duration.hours(4), rpo: Duration.hours(30) });
 */
export class RecoveryObjective {
  /**
   * Name of the objective.
   */
  public readonly name: string;

  /**
   * Recovery time objective.
   */
  public readonly rto: Duration;

  /**
   * Recovery point objective.
   */
  public readonly rpo: Duration;

  /**
   * What may be lost with the promise still kept.
   */
  public readonly survives: FailureScope;

  /**
   * Defines a recovery objective.
   *
   * @throws if the name is empty, or the RTO or the RPO is missing or zero; all problems at once
   */
  constructor(props: RecoveryObjectiveProps) {
    const { name, rto, rpo, survives } = props ?? {};
    const errors = new PropsErrors(typeof name === 'string' && !Token.isUnresolved(name) ? `RecoveryObjectiveProps of '${name}'` : 'RecoveryObjectiveProps');
    errors.when(typeof name !== 'string' || name.trim() === '', () => `'name' must not be empty: errors and the report call the objective by it${typeof name === 'string' ? '' : `, got ${sayValue(name)}`}`);
    checkSpan(errors, 'rto', rto, 'Duration.hours(4)');
    checkSpan(errors, 'rpo', rpo, 'Duration.hours(30)');
    errors.when(survives !== undefined && survives !== null && !Object.values(FailureScope).includes(survives),
      () => `'survives' must be a FailureScope, such as 'FailureScope.REGION', got ${sayValue(survives)}`);
    errors.throwIfAny();

    this.name = props.name;
    this.rto = props.rto;
    this.rpo = props.rpo;
    this.survives = props.survives ?? FailureScope.RESOURCE;
  }
}

function checkSpan(errors: PropsErrors, property: string, span: Duration, example: string): void {
  const problem = durationProblem(property, span, example, true);
  errors.when(problem !== undefined, () => problem!);
  errors.when(problem === undefined && inMinutes(span) === 0, () => `'${property}' must be longer than zero, got ${describe(span)}`);
}
