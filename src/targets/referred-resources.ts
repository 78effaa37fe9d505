import { CfnResource, Reference, Stack, Tokenization } from 'aws-cdk-lib';
import { TemplateProperties } from './template-properties';

/**
 * The resource that a property of another one refers to, if it is in the app.
 *
 * @param own The property of the class of the resource in the AWS CDK
 */
export function referredFrom(resource: CfnResource, properties: TemplateProperties, name: string, own: string): CfnResource | undefined {
  const value = (resource as unknown as Record<string, unknown>)[own];
  const token = typeof value === 'string' ? Tokenization.reverseString(value).firstToken : undefined;
  if (Reference.isReference(token) && CfnResource.isCfnResource(token.target)) {
    return token.target;
  }
  const logicalId = logicalIdIn(properties.raw(name));
  const stack = Stack.of(resource);
  return logicalId === undefined ? undefined : resourcesIn(stack).find((each) => stack.resolve(each.logicalId) === logicalId);
}

/** The resources of a stack that resources of a type refer to with a property. */
export function referredWith(stack: Stack, cfnResourceType: string, property: string): Set<CfnResource> {
  const all = resourcesIn(stack);
  const ids = new Set(all.filter((each) => each.cfnResourceType === cfnResourceType)
    .map((each) => logicalIdIn(new TemplateProperties(each).raw(property))));
  return new Set(ids.size === 0 ? [] : all.filter((each) => ids.has(stack.resolve(each.logicalId))));
}

function resourcesIn(stack: Stack): CfnResource[] {
  return stack.node.findAll().filter((each): each is CfnResource => CfnResource.isCfnResource(each) && Stack.of(each) === stack);
}

/** The logical id that `Ref` or `Fn::GetAtt` names. */
function logicalIdIn(value: unknown): string | undefined {
  const { Ref: ref, 'Fn::GetAtt': attribute } = (typeof value === 'object' && value !== null ? value : {}) as { 'Ref'?: string; 'Fn::GetAtt'?: string | string[] };
  return ref ?? (Array.isArray(attribute) ? attribute[0] : attribute?.split('.')[0]);
}
