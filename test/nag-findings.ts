import { Aspects, CfnResource } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { NagLoggerNonComplianceData } from 'cdk-nag';

/**
 * What the rules of AwsSolutions find in an app, a line for each finding: `<rule>[<finding>] <path of the resource>`.
 */
export interface NagFindings {
  /** What its user has to look at, errors of the rules themselves included. */
  readonly open: string[];
  /** What is suppressed, by whomever. */
  readonly suppressed: string[];
  /** What the resources say that they suppress. */
  readonly declared: string[];
}

/** What a resource says that it suppresses, as cdk-nag writes it. */
export function rulesToSuppress(resource: CfnResource): { readonly id: string; readonly reason: string; readonly applies_to?: string[] }[] {
  return resource.getMetadata('cdk_nag')?.rules_to_suppress ?? [];
}

/** Synthesizes the app with the rules of AwsSolutions. */
export function nagFindings(app: Stage): NagFindings {
  const open: string[] = [];
  const suppressed: string[] = [];
  const line = ({ ruleId, findingId, resource: { node } }: Pick<NagLoggerNonComplianceData, 'ruleId' | 'findingId' | 'resource'>) =>
    `${ruleId.replace('AwsSolutions-', '')}${findingId ? `[${findingId}]` : ''} ${node.path}`;
  const nothing = () => {};
  Aspects.of(app).add(new AwsSolutionsChecks({
    reports: false,
    additionalLoggers: [{
      onCompliance: nothing,
      onNotApplicable: nothing,
      onNonCompliance: (data) => void open.push(line(data)),
      onSuppressed: (data) => void suppressed.push(line(data)),
      onError: ({ errorMessage, ruleId, resource }) => void open.push(`${ruleId} ${resource.node.path}: ${errorMessage}`),
      onSuppressedError: ({ errorMessage, ruleId, resource }) => void open.push(`${ruleId} ${resource.node.path}: ${errorMessage}`),
    }],
  }));
  app.synth();
  const declared = app.node.findAll().filter((node) => CfnResource.isCfnResource(node)).flatMap((resource) =>
    rulesToSuppress(resource).flatMap(({ id, applies_to: findings = [''] }) => findings.map((findingId) => line({ ruleId: id, findingId, resource }))));
  return { open: open.sort(), suppressed: suppressed.sort(), declared: declared.sort() };
}
