import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { describeValue, PropsErrors } from '../private/props-errors';
import { FactKind, Registry } from '../private/registry';

/** The parts of the app with a declared trail. */
const TRAILS = new FactKind<{ readonly within: IConstruct }>('trail of management events');

/**
 * A trail of AWS CloudTrail that logs management events, such as that of the organization. The alarms on tampering
 * depend on the calls that it logs, and templates do not show whether it does.
 *
 * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html
 */
export class ManagementEventTrail {
  /**
   * Declares that a trail logs the management events, including those of AWS KMS, in every account and region that a part of the app
   * is deployed into. Synthesis then no longer reports that this is not checked.
   *
   * The library does not check the trail: if it is stopped, covers only one region or excludes AWS KMS, these alarms are silent.
   *
   * @param scope The app, Stage or stack that this applies to
   * @param trailArn ARN of the trail, such as `arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization`
   *
   * @throws if it is not the ARN of a trail
   *
   * @example
   * ManagementEventTrail.vouchFor(app, 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization');
   */
  public static vouchFor(scope: IConstruct, trailArn: string): void {
    const errors = new PropsErrors('call of ManagementEventTrail.vouchFor', scope);
    errors.when(typeof trailArn !== 'string' || (!Token.isUnresolved(trailArn) && !/^arn:[\w-]+:cloudtrail:[\w-]+:\d{12}:trail\/[\w.-]{3,128}$/.test(trailArn)),
      () => `'trailArn' must be the ARN of a trail, such as 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization', got ${describeValue(trailArn)}`);
    errors.throwIfAny();
    Registry.of(scope).register(TRAILS, scope, { within: scope });
  }

  /**
   * Whether somebody vouches for a trail of a part of the app that a construct is in.
   *
   * @internal
   */
  public static _isVouchedFor(scope: IConstruct): boolean {
    return Registry.of(scope).find(TRAILS, ({ within }) => scope.node.scopes.includes(within)) !== undefined;
  }

  private constructor() {}
}
