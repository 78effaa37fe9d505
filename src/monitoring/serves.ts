import { FailureScope } from '../objectives';
import { differ } from '../private/environment';
import type { Environment } from '../private/environment';

/** Whether a vault serves where a disaster loses that. The loss of a resource alone is served from its own region. */
export function serves(survives: FailureScope, { account, region }: Environment, home: Environment): boolean {
  switch (survives) {
    case FailureScope.REGION: return differ(region, home.region);
    case FailureScope.ACCOUNT: return differ(account, home.account);
    default: return !differ(region, home.region);
  }
}
