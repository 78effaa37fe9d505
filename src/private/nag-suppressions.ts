import { CfnResource, Stack, Token } from 'aws-cdk-lib';
import { Effect } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * An intended finding of a rule of cdk-nag.
 */
export interface NagSuppression {
  /** Id of the rule, such as `AwsSolutions-IAM5`. */
  readonly id: string;
  readonly reason: string;
  /** The findings, if the rule has several for a resource. */
  readonly appliesTo?: readonly string[];
}

/**
 * Adds the metadata that suppresses a finding of cdk-nag to a resource, in addition to existing metadata. The library does not
 * load cdk-nag, and the metadata has no effect without it.
 *
 * The values contain no tokens, because cdk-nag reads the metadata without resolving it.
 *
 * @param construct A resource, or a construct with one; without a resource, as for a precreated role, nothing is written
 * @see https://github.com/cdklabs/cdk-nag#suppressing-a-rule
 */
export function suppress(construct: IConstruct, ...suppressions: readonly NagSuppression[]): void {
  const resource = CfnResource.isCfnResource(construct) ? construct : construct.node.defaultChild;
  if (!resource || !CfnResource.isCfnResource(resource) || suppressions.length === 0) {
    return;
  }
  const metadata = resource.getMetadata('cdk_nag') as { readonly rules_to_suppress?: readonly object[] } | undefined;
  const rules = suppressions.map(({ id, reason, appliesTo }) => ({ reason, id, ...appliesTo && { applies_to: appliesTo } }));
  const all = new Map([...metadata?.rules_to_suppress ?? [], ...rules].map((rule) => [JSON.stringify(rule), rule]));
  resource.addMetadata('cdk_nag', { ...metadata, rules_to_suppress: [...all.values()] });
}

/**
 * Suppresses the wildcards of the inline policy of a role, each with its reason. A wildcard that another statement of the policy
 * also contains stays a finding, because the reason does not apply to it.
 *
 * @param own The statements of this library, each with the reason for its wildcard, if it has one
 * @param others All other statements of the same policy
 */
export function suppressWildcards(
  role: IConstruct, own: ReadonlyMap<PolicyStatement, string | undefined>, others: readonly PolicyStatement[] = [],
): void {
  const seen = new Set([...others, ...[...own.keys()].filter((statement) => own.get(statement) === undefined)]
    .flatMap((statement) => wildcardsOf(role, statement)));
  const byReason = new Map<string, string[]>();
  for (const [statement, reason] of own) {
    for (const finding of wildcardsOf(role, statement)) {
      if (reason !== undefined && !seen.has(finding)) {
        seen.add(finding);
        byReason.set(reason, [...byReason.get(reason) ?? [], finding]);
      }
    }
  }
  suppress(role, ...[...byReason].map(([reason, appliesTo]) => ({ id: 'AwsSolutions-IAM5', reason, appliesTo })));
}

/** The wildcards of a statement, in the notation of cdk-nag. */
function wildcardsOf(scope: IConstruct, { effect, actions, resources }: PolicyStatement): string[] {
  return effect !== Effect.ALLOW ? [] : [
    ...actions.map((action) => `Action::${action}`),
    ...resources.map((resource) => `Resource::${asFound(scope, resource)}`),
  ].filter((finding) => finding.includes('*'));
}

/** A value in the notation of cdk-nag, with values that are known only at deployment in angle brackets. */
export function asFound(scope: IConstruct, value: string): string {
  return flatten(Token.isUnresolved(value) ? Stack.of(scope).resolve(value) : value);
}

function flatten(value: any): string {
  if (typeof value === 'string') {
    return value.replace(/\$\{/g, '<').replace(/\}/g, '>');
  }
  if (value?.['Fn::Join']) {
    const [delimiter, items] = value['Fn::Join'];
    return items.map(flatten).join(delimiter);
  }
  if (value?.['Fn::GetAtt']) {
    return `<${value['Fn::GetAtt'].map(flatten).join('.')}>`;
  }
  return value?.Ref ? `<${flatten(value.Ref)}>` : flatten(value?.['Fn::Sub'] ?? value?.['Fn::ImportValue'] ?? JSON.stringify(value) ?? '');
}
