import type { AssemblyStack } from '../assembly/assembly';

/** A value that the template has as it is. */
export function literal(value: unknown): string {
  if (typeof value !== 'string') {
    throw new Error(`expected a literal value in the template, got ${JSON.stringify(value)}`);
  }
  return value;
}

/** The ARN of a role that the same template declares with a name, or a literal one. */
export function roleArnOf(stack: AssemblyStack, value: unknown): string {
  const [id] = (value as { 'Fn::GetAtt'?: [string, string] })['Fn::GetAtt'] ?? [];
  return id === undefined ? literal(value) : `arn:aws:iam::${stack.account}:role/${literal(stack.template.Resources[id].Properties!.RoleName)}`;
}

/** The logical ID of what a value is an attribute of. */
export function attributeOf(value: unknown): string {
  return (value as { 'Fn::GetAtt': [string, string] })['Fn::GetAtt'][0];
}

type Policies = { readonly PolicyDocument: { readonly Statement: { readonly Effect: string; readonly Action: string | string[] }[] } }[];

/** The actions that inline policies of a role allow. */
export function allowedBy(policies: unknown): string[] {
  const statements = (policies as Policies).flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(({ Effect }) => Effect === 'Allow');
  return [...new Set(statements.flatMap(({ Action }) => Action))].sort();
}
