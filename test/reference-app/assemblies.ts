import { readFileSync } from 'fs';
import * as path from 'path';
import type { RecoveryReport } from '../../src/report/report-model';

const OUT = path.join(__dirname, '..', '..', 'examples', 'reference-app', 'cdk.out');

export const STAGES = ['prod', 'dev'];

/** A resource of a template, and where its stack is. */
export interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, any>;
  readonly account: string;
  readonly region: string;
}

interface Manifest {
  readonly artifacts: Record<string, {
    readonly type: string;
    readonly environment?: string;
    readonly properties?: { readonly templateFile?: string };
  }>;
}

export function reportOf(stage: string): RecoveryReport {
  return read<RecoveryReport>(stage, 'recovery-report.json');
}

/** What the CDK CLI synthesized, without what the library says about it. */
export function resourcesOf(stage: string, type: string): Resource[] {
  const { artifacts } = read<Manifest>(stage, 'manifest.json');
  return Object.values(artifacts).filter((artifact) => artifact.type === 'aws:cloudformation:stack').flatMap(({ environment, properties }) => {
    const [, account, region] = /^aws:\/\/([^/]+)\/(.+)$/.exec(environment!)!;
    const { Resources } = read<{ Resources: Record<string, Omit<Resource, 'account' | 'region'>> }>(stage, properties!.templateFile!);
    return Object.values(Resources).filter(({ Type }) => Type === type).map((resource) => ({ ...resource, account, region }));
  });
}

function read<T>(stage: string, file: string): T {
  return JSON.parse(readFileSync(path.join(OUT, stage, file), 'utf8')) as T;
}
