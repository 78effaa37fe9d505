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
