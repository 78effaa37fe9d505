import { organization } from '../../../examples/reference-app/config/organization';
import { decide } from '../../policies';
import type { Case, Document } from '../../policies';
import type { PolicyDecision } from '../local-aws/local-aws';

const { organizationId } = organization;
const EVERYTHING: Document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
/** In the evaluator's words. */
const SAID = { Allow: 'Allowed', Deny: 'ExplicitlyDenied', NoMatch: 'ImplicitlyDenied' } as const;

/** What an evaluator of its own decides otherwise, each in a line. */
export function disagreements(decisions: PolicyDecision[]): string[] {
  const asked = decisions.filter(isComparable);
  const answers = decide(asked.map(caseOf));
  return asked.flatMap((decision, index) => agrees(decision, answers[index]) ? [] : [
    `${decision.kind} ${decision.principal} ${decision.action} ${decision.resource} ${JSON.stringify(decision.context)}: ${decision.verdict} here, ${answers[index]} there`,
  ]);
}

function agrees(decision: PolicyDecision, answer: string): boolean {
  // Within an account the identity's policies suffice: there the resource's policy is asked whether it denies.
  return decision.kind === 'resource' && isWithinAccount(decision) && !isOfKey(decision)
    ? (answer === SAID.Deny) === (decision.verdict === 'Deny')
    : answer === SAID[decision.verdict];
}

function caseOf(decision: PolicyDecision): Case {
  const { kind, principal, action, resource, policies } = decision;
  return {
    name: `${principal} ${action}`,
    request: { principal, action, resource, resourceAccount: accountOf(decision), context: contextOf(decision) },
    identityPolicies: kind === 'identity' ? policies : isService(principal) ? [] : [EVERYTHING],
    resourcePolicy: kind === 'resource' ? policies[0] : partner(decision),
  };
}

/** What the policy of the resource has to say where the identity's policies alone don't decide. */
function partner(decision: PolicyDecision): Document | undefined {
  const [, , , , account] = decision.principal.split(':');
  if (isOfKey(decision) || !isWithinAccount(decision)) {
    const [service] = decision.action.split(':');
    return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: `${service}:*`, Resource: '*' }] };
  }
  return undefined;
}

/**
 * Who is in the organization follows from the accounts: the local AWS adds it when it decides.
 *
 * AWS documents `kms:GrantIsForAWSResource` in two ways: the encryption page of AWS Backup has it in a statement with `kms:Decrypt`, the reference of
 * KMS for grants alone. The simulator goes by the former, the evaluator by the latter: no policy may depend on it.
 */
function contextOf({ principal, action, context }: PolicyDecision): Record<string, string | string[]> {
  const { 'kms:grantisforawsresource': forGrants, ...others } = context;
  return {
    ...!isService(principal) && { 'aws:PrincipalOrgID': organizationId },
    ...others,
    ...forGrants !== undefined && action.endsWith('Grant') && { 'kms:GrantIsForAWSResource': forGrants },
  };
}

/** A resource that is everything or a pattern is no request of AWS. */
const isComparable = ({ resource }: PolicyDecision): boolean => resource !== '*' && !resource.includes('*');
const isService = (principal: string): boolean => !principal.startsWith('arn:');
const isOfKey = ({ action }: PolicyDecision): boolean => action.startsWith('kms:');
const isWithinAccount = (decision: PolicyDecision): boolean => decision.principal.split(':')[4] === accountOf(decision);

function accountOf({ resource, principal }: PolicyDecision): string {
  // Buckets and their objects name no account: here they are the principal's own.
  return resource.split(':')[4] || principal.split(':')[4];
}
