import { CfnResource, Stack } from 'aws-cdk-lib';
import { Effect } from 'aws-cdk-lib/aws-iam';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';

/**
 * A finding of a rule of cdk-nag that is meant to be so.
 */
export interface NagSuppression {
  /** Id of the rule, such as `AwsSolutions-IAM5`. */
  readonly id: string;
  readonly reason: string;
  /** The findings, where the rule has several for a resource. */
  readonly appliesTo?: readonly string[];
}

/**
 * Writes the metadata by which cdk-nag knows that a finding on a resource is suppressed, beside what is there already. The library
 * does not load cdk-nag: the metadata says nothing to whoever does not use it.
 *
 * The values are plain, without tokens: cdk-nag reads the metadata as it stands.
 *
 * @param construct A resource, or a construct with one; where there is none, as with a role that is made beforehand, nothing is written
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
 * Suppresses the wildcards of a role's inline policy, each with its reason. A wildcard that another statement of the policy has as
 * well stays a finding: the reason says nothing of that one.
 *
 * @param own The statements of this library, each with the reason for its wildcard where it has one
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

/** What a statement allows by a wildcard, as cdk-nag calls it. */
function wildcardsOf(scope: IConstruct, { effect, actions, resources }: PolicyStatement): string[] {
  return effect !== Effect.ALLOW ? [] : [
    ...actions.map((action) => `Action::${action}`),
    ...resources.map((resource) => `Resource::${asFound(scope, resource)}`),
  ].filter((finding) => finding.includes('*'));
}

/** A value as cdk-nag writes it: what is known at deployment only in angle brackets. */
export function asFound(scope: IConstruct, value: unknown): string {
  return flatten(Stack.of(scope).resolve(value));
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
