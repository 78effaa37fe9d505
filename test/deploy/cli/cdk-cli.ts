import { cpSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { AttachUserPolicyCommand, CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { mustRun, run, tool } from '../../../scripts/run';
import type { Run } from '../../../scripts/run';
import { REFERENCE_APP } from '../../../scripts/steps';
import type { Credentials, LocalAws } from '../local-aws/local-aws';

export interface Place {
  readonly account: string;
  readonly region: string;
}

const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';

/**
 * The CDK CLI, as the reference app pins it, on a local AWS.
 *
 * A root user can't assume roles, so each account has a user who may do everything, as whoever deploys has.
 */
export class CdkCli {
  private readonly users = new Map<string, Promise<Credentials>>();
  /** The CLI writes beside the templates that it deploys. */
  private readonly folder = mkdtempSync(path.join(tmpdir(), 'cdk-cli-'));

  constructor(private readonly aws: LocalAws) {}

  /** Makes the bootstrap stacks of an account. */
  async bootstrap(account: string, regions: string[], options: { readonly trusted?: string } = {}): Promise<string> {
    const trust = options.trusted === undefined ? [] : ['--trust', options.trusted, '--cloudformation-execution-policies', ADMINISTRATOR];
    return mustRun(tool('cdk', REFERENCE_APP), ['bootstrap', ...trust, ...regions.map((region) => `aws://${account}/${region}`)],
      { cwd: this.folder, env: await this.environment({ account, region: regions[0] }) });
  }

  /** Deploys every stack of an assembly with the credentials of one account. */
  async deploy(assembly: string, from: Place): Promise<Run> {
    return this.run('deploy', assembly, from, ['--all', '--require-approval', 'never', '--concurrency', '4']);
  }

  /** Compares every stack with what is deployed; ends with 1 if something differs. */
  async diff(assembly: string, from: Place): Promise<Run> {
    return this.run('diff', assembly, from, ['--fail']);
  }

  dispose(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async run(command: string, assembly: string, from: Place, more: string[]): Promise<Run> {
    const copy = path.join(this.folder, path.basename(assembly));
    cpSync(assembly, copy, { recursive: true });
    return run(tool('cdk', REFERENCE_APP), [command, '--app', copy, ...more], { cwd: this.folder, env: await this.environment(from) });
  }

  private async environment(place: Place): Promise<NodeJS.ProcessEnv> {
    const { accessKeyId, secretAccessKey } = await this.userOf(place.account);
    const ofCaller = Object.keys(process.env).filter((name) => name.startsWith('AWS_') || name.startsWith('CDK_'));
    return {
      ...Object.fromEntries(ofCaller.map((name) => [name, undefined])),
      ...this.aws.environment(place.account, place.region),
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_CONFIG_FILE: path.join(this.folder, 'no-config'),
      AWS_SHARED_CREDENTIALS_FILE: path.join(this.folder, 'no-credentials'),
      HOME: this.folder, // it keeps notices and what it has learnt there
      CDK_DISABLE_VERSION_CHECK: '1',
      CDK_DISABLE_CLI_TELEMETRY: 'true',
      CI: '1',
    };
  }

  private userOf(account: string): Promise<Credentials> {
    const known = this.users.get(account) ?? this.makeUser(account);
    this.users.set(account, known);
    return known;
  }

  private async makeUser(account: string): Promise<Credentials> {
    const iam = this.aws.client(IAMClient, account, 'us-east-1');
    await iam.send(new CreateUserCommand({ UserName: 'deployer' }));
    await iam.send(new AttachUserPolicyCommand({ UserName: 'deployer', PolicyArn: ADMINISTRATOR }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'deployer' }));
    return { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
  }
}
