import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { CloudFormationStackArtifact } from 'aws-cdk-lib/cx-api';
import { CloudAssembly } from 'aws-cdk-lib/cx-api';
import cdk from '../cdk.json';

export interface Resource {
  readonly Type: string;
  readonly Properties: { readonly [name: string]: unknown };
  readonly Metadata: { readonly [name: string]: unknown };
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** A line of what cdk-nag reports: one for each finding of a rule on a resource. */
export interface NagLine {
  readonly ruleId: string;
  readonly resourceId: string;
  readonly compliance: string;
}

/**
 * A stage as it would be deployed: the program runs as under the CDK CLI, with the context of cdk.json.
 */
export class Assembly {
  public static of(stage: string, context: Record<string, string> = {}): Assembly {
    const outdir = mkdtempSync(path.join(tmpdir(), 'reference-app-'));
    process.on('exit', () => rmSync(outdir, { recursive: true }));
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', 'bin/app.ts'], {
      cwd: path.dirname(__dirname),
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: outdir,
        CDK_CONTEXT_JSON: JSON.stringify({ ...cdk.context, 'aws:cdk:enable-path-metadata': true, stage, ...context }),
        NODE_NO_WARNINGS: '1',
      },
    });
    if (status !== 0) {
      throw new Error(`stage '${stage}' does not synthesize:\n${stderr}`);
    }
    return new Assembly(new CloudAssembly(outdir), stderr);
  }

  public readonly stacks: CloudFormationStackArtifact[];

  /** @param printed What the CDK warned of while the program ran, of deprecated properties for instance */
  private constructor(private readonly assembly: CloudAssembly, public readonly printed: string) {
    this.stacks = assembly.stacksRecursively;
  }

  public stack(name: string): CloudFormationStackArtifact {
    const found = this.stacks.find(({ stackName }) => stackName === name);
    if (!found) {
      throw new Error(`no stack '${name}' among ${this.stacks.map(({ stackName }) => stackName).join(', ')}`);
    }
    return found;
  }

  /** The resources of a type, of one stack or of all. */
  public resources(type: string, stacks = this.stacks): Resource[] {
    return stacks.flatMap(({ template }) => Object.values<Resource>(template.Resources)).filter(({ Type }) => Type === type);
  }

  public nagReport({ stackName }: CloudFormationStackArtifact): NagLine[] {
    const file = path.join(this.assembly.directory, `AwsSolutions--${stackName}-NagReport.json`);
    return JSON.parse(readFileSync(file, 'utf8')).lines;
  }
}

export const stages = { dev: Assembly.of('dev'), prod: Assembly.of('prod') };

/** Where a stack is deployed to: `222222222222 eu-west-2`. */
export function environmentOf({ environment: { account, region } }: CloudFormationStackArtifact): string {
  return `${account} ${region}`;
}
