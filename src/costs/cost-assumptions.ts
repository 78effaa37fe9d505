import { SizeRoundingBehavior, Token } from 'aws-cdk-lib';
import type { Size } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ASSUMPTIONS } from './assumptions-in-app';
import { checkOnlyOne, takeOnlyOne } from '../private/only-one';
import { checkShapes, hasAll, PropsErrors, SHAPES } from '../private/props-errors';
import { Registry } from '../private/registry';

/**
 * Properties of the assumptions of a cost estimate. Each one that is left out is that of the nearest `CostAssumptions` above, or the default.
 */
export interface CostAssumptionsProps {
  /**
   * How much data a resource has: a table, a file system, a database, or a bucket that is not for logs.
   *
   * @default - 10 GiB, which the report marks as assumed
   */
  readonly dataPerResource?: Size;

  /**
   * How much of the data of a resource changes in a day, in percent from 0 to 100. It determines the size of incremental backups and how
   * much is replicated.
   *
   * @default - 5 percent, which the report marks as assumed
   */
  readonly dailyChange?: number;

  /**
   * How much a service delivers into each log bucket in a day.
   *
   * @default - 1 GiB, which the report marks as assumed
   */
  readonly logsPerDay?: Size;
}

/**
 * Assumptions of the cost estimate in the recovery report, for everything below its scope: of a stack, or of a single resource. The nearest
 * one counts. It defines no resources.
 *
 * @see https://aws.amazon.com/backup/pricing/
 *
 * @example
 * new CostAssumptions(stack, 'Costs', { dataPerResource: Size.gibibytes(100), dailyChange: 2 });
 */
export class CostAssumptions extends Construct {
  /**
   * Defines the assumptions.
   *
   * @throws if a value is a token or out of range, all are left out, or the scope has other assumptions; the error lists all problems
   */
  constructor(scope: Construct, id: string, props: CostAssumptionsProps) {
    super(scope, id);
    checkShapes(this, 'CostAssumptionsProps', props, PROPS);
    const { dataPerResource, dailyChange, logsPerDay } = props ?? {};
    const errors = new PropsErrors('CostAssumptionsProps', this);
    errors.when([dataPerResource, dailyChange, logsPerDay].every((each) => each === undefined || each === null),
      () => "'dataPerResource', 'dailyChange' or 'logsPerDay' is required: without all of them, nothing is assumed");
    const sizes = { dataPerResource, logsPerDay };
    for (const [name, size] of Object.entries(sizes)) {
      errors.when(size?.isUnresolved(), () => `'${name}' must be a literal Size, such as Size.gibibytes(100), got a token`);
    }
    errors.when(typeof dailyChange === 'number' && !(dailyChange >= 0 && dailyChange <= 100),
      () => `'dailyChange' must be a percentage from 0 to 100, got ${Token.isUnresolved(dailyChange) ? 'a token' : dailyChange}`);
    const what = `CostAssumptions of '${scope.node.path}'`;
    checkOnlyOne(errors, this, what, 'set all values there');
    errors.throwIfAny();
    takeOnlyOne(this, what);
    Registry.of(this).register(ASSUMPTIONS, this, {
      scope, dataGb: inGb(dataPerResource), dailyChange: dailyChange ?? undefined, logsGb: inGb(logsPerDay),
    });
  }
}

const SIZE = { what: 'a Size, such as Size.gibibytes(100)', is: hasAll('toGibibytes') };
const PROPS = { dataPerResource: SIZE, dailyChange: SHAPES.number, logsPerDay: SIZE };

/** What AWS bills as a GB are 2^30 bytes. */
function inGb(size: Size | null | undefined): number | undefined {
  return size?.toGibibytes({ rounding: SizeRoundingBehavior.NONE });
}
