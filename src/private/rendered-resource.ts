import { CfnResource, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * A resource in its template, including overrides. Values that are not literals are objects.
 */
export interface RenderedResource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
  readonly DeletionPolicy?: string;
}

/**
 * A resource as it would be written to its template now. An aspect can still change it until the Stage of the resource is
 * synthesized.
 */
export function renderedResource(construct: IConstruct | undefined): RenderedResource | undefined {
  if (!construct || !CfnResource.isCfnResource(construct)) {
    return undefined;
  }
  const { Resources } = Stack.of(construct).resolve((construct as unknown as { _toCloudFormation(): object })._toCloudFormation());
  const [rendered] = Object.values(Resources) as RenderedResource[];
  return { ...rendered, Properties: rendered.Properties ?? {} };
}
