import { Token } from 'aws-cdk-lib';
import type { Duration } from 'aws-cdk-lib';
import { durationProblem, sayValue } from './tier-checks';
import { PropsErrors } from '../private/props-errors';
import { describe, inMinutes } from '../private/spans';

/**
 * What is lost in the disaster that an objective covers.
 */
export enum FailureScope {
  /**
   * The resource: a deleted table, an emptied bucket. Its account and region still work.
   */
  RESOURCE = 'RESOURCE',

  /**
   * The region, with everything in it. A copy in another region meets the objective.
   */
  REGION = 'REGION',

  /**
   * The account, with everything in it. A copy in another account meets the objective.
   */
  ACCOUNT = 'ACCOUNT',
}

/**
 * Properties of a recovery objective.
 */
export interface RecoveryObjectiveProps {
  /**
   * Name of the objective in errors and in the report.
   */
  readonly name: string;

  /**
   * Recovery time objective: the maximum time until the workload works again.
   *
   * Synthesis can't compute it: restore tests and drills measure it.
   */
  readonly rto: Duration;

  /**
   * Recovery point objective: the maximum age of the newest data that can be recovered.
   *
   * Synthesis compares it with the worst case of the schedules, windows and copies.
   */
  readonly rpo: Duration;

  /**
   * What can be lost while the objective is still met.
   *
   * @default FailureScope.RESOURCE
   */
  readonly survives?: FailureScope;
}

/**
 * A recovery objective: the maximum time (RTO), the maximum age of the data (RPO), and the loss that it covers.
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
   * What can be lost while the objective is still met.
   */
  public readonly survives: FailureScope;

  /**
   * Defines a recovery objective.
   *
   * @throws if the name is empty, or the RTO or the RPO is missing or zero; the error lists all problems
   */
  constructor(props: RecoveryObjectiveProps) {
    const { name, rto, rpo, survives } = props ?? {};
    const errors = new PropsErrors(typeof name === 'string' && !Token.isUnresolved(name) ? `RecoveryObjectiveProps of '${name}'` : 'RecoveryObjectiveProps');
    errors.when(typeof name !== 'string' || name.trim() === '', () => `'name' must not be empty, because errors and the report use it${typeof name === 'string' ? '' : `, got ${sayValue(name)}`}`);
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
