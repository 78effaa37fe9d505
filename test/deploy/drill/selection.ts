import type { DeclaredResource } from '../assembly/assembly';

type Operator = 'StringEquals' | 'StringNotEquals' | 'StringLike' | 'StringNotLike';

/** What a selection of a backup plan says, as CloudFormation has it. */
export interface Selection {
  readonly SelectionName: string;
  readonly IamRoleArn: unknown;
  readonly Resources?: string[];
  readonly Conditions?: Partial<Record<Operator, { readonly ConditionKey: string; readonly ConditionValue: string }[]>>;
}

/** Whether a selection takes a table: by its type, and by every condition on its tags. */
export function matchesSelection({ Resources = [], Conditions = {} }: Selection, { stack, properties }: DeclaredResource): boolean {
  const ofTable = (properties.Tags ?? []) as { Key: string; Value: string }[];
  const tags: Record<string, string> = { ...stack.tags, ...Object.fromEntries(ofTable.map(({ Key, Value }) => [Key, Value])) };
  const isNamed = Resources.some((arn) => arn === '*' || /^arn:[^:]+:dynamodb:\*:\*:table\/\*$/.test(arn));
  return isNamed && Object.entries(Conditions).every(([operator, conditions]) => (conditions ?? []).every(({ ConditionKey, ConditionValue }) => {
    const value = tags[ConditionKey.replace('aws:ResourceTag/', '')];
    switch (operator as Operator) {
      case 'StringEquals': return value === ConditionValue;
      case 'StringNotEquals': return value !== ConditionValue;
      case 'StringLike': return value !== undefined && like(ConditionValue).test(value);
      case 'StringNotLike': return value === undefined || !like(ConditionValue).test(value);
    }
  }));
}

function like(pattern: string): RegExp {
  return new RegExp(`^${pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*').replace(/\?/g, '.')}$`);
}
