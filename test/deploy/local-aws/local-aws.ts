import { Agent } from 'https';
import * as path from 'path';
import { startServer, stopServers } from './server';
import type { Program, Server } from './server';
import { SimulatedClock } from './simulated-clock';
import { organization } from '../../../examples/reference-app/config/organization';
import { pythonEnvironment } from '../../../scripts/python-environment';
import { ROOT } from '../../../scripts/run';

export interface LocalAwsOptions {
  /**
   * Whether every request is signed by known credentials and allowed by the policies of IAM.
   *
   * @default true
   */
  readonly authorization?: boolean;
  /**
   * Whether the endpoint has TLS, as the bootstrap stack of the CDK demands of its bucket.
   *
   * @default false
   */
  readonly tls?: boolean;
  /**
   * What an error of a function is in an automation: AWS does not say.
   *
   * @default FAIL_THE_STEP
   */
  readonly functionErrors?: 'FAIL_THE_STEP' | 'ARE_OUTPUTS';
  /**
   * What runs instead of the simulator.
   *
   * @default - the simulator, in its own Python environment
   */
  readonly program?: Program;
}

/** One request to the local AWS. */
export interface ApiCall {
  /** When, in simulated seconds since 1970. */
  readonly time: number;
  readonly account: string;
  readonly region: string;
  readonly principal: string;
  readonly service: string;
  readonly action: string;
  /** `OK`, or the code of the error. */
  readonly outcome: string;
}

/** A decision by policies. */
export interface PolicyDecision {
  /** Whether by the policies of an identity, or by that of a resource. */
  readonly kind: 'identity' | 'resource';
  /** The ARN of a role or an account's root user, or the name of a service. */
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  /** Keys of the request beside those that follow from the principal and the resource, in lower case. */
  readonly context: Record<string, string | string[]>;
  readonly policies: Record<string, unknown>[];
  readonly verdict: 'Allow' | 'Deny' | 'NoMatch';
}

/** Something that AWS does not document, and what the simulator takes for it. */
export interface Assumption {
  readonly name: string;
  readonly value: unknown;
  readonly what: string;
  /** What is plausible on AWS. */
  readonly range: string;
  /** Where the value comes from, or `none`. */
  readonly source: string;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: Credentials;
  readonly maxAttempts: number;
  readonly forcePathStyle: boolean;
  readonly requestHandler?: { readonly httpsAgent: Agent };
}

interface Disposable {
  destroy(): void;
}

export const SIMULATOR = path.join(__dirname, 'simulator');

/**
 * Several accounts and regions of AWS in one process of this machine. Nothing of it reaches AWS.
 */
export class LocalAws {
  /** Starts one, on a port and in a temporary folder of its own. */
  static async start({ authorization = true, tls = false, functionErrors = 'FAIL_THE_STEP', program }: LocalAwsOptions = {}): Promise<LocalAws> {
    const { organizationId, accounts } = organization;
    const server = await startServer(program ?? await simulator(), {
      LOCAL_AWS_AUTH: authorization ? '1' : '0',
      LOCAL_AWS_TLS: tls ? '1' : '0',
      LOCAL_AWS_FUNCTION_ERRORS: functionErrors,
      // What local Lambda functions find: the SDK that the runtime of AWS Lambda has, and the simulated time.
      LOCAL_AWS_NODE_PATH: path.join(ROOT, 'node_modules'),
      LOCAL_AWS_NODE_OPTIONS: `--no-warnings --require=${JSON.stringify(path.join(__dirname, 'lambda-clock.cjs'))}`,
      LOCAL_AWS_ORGANIZATION: [organizationId, ...new Set([accounts.management, ...Object.values(accounts)])].join(' '),
      LOCAL_AWS_LOG_LEVEL: process.env.LOCAL_AWS_LOG_LEVEL ?? 'WARNING',
    });
    return new LocalAws(server);
  }

  /** Ends every one that this process has started. */
  static async stopAll(): Promise<void> {
    await stopServers();
  }

  readonly endpoint: string;
  readonly clock: SimulatedClock;
  private readonly clients = new Map<string, Disposable>();
  private readonly agent?: Agent;

  private constructor(private readonly server: Server) {
    this.endpoint = server.endpoint;
    this.clock = new SimulatedClock(server.request);
    this.agent = server.certificate === undefined ? undefined : new Agent({ ca: server.certificate, keepAlive: true });
  }

  /** The temporary folder that is removed at the end. */
  get folder(): string {
    return this.server.folder;
  }

  /** The process of the server. */
  get pid(): number {
    return this.server.pid;
  }

  /** The file of the certificate, if the endpoint has TLS. */
  get certificateFile(): string | undefined {
    return this.server.certificateFile;
  }

  /**
   * A client of the AWS SDK.
   *
   * @param credentials those of the account's root user by default
   */
  client<Client extends Disposable>(
    type: new (config: ClientConfig) => Client, account: string, region: string, credentials: Credentials = rootOf(account),
  ): Client {
    const id = [type.name, account, region, credentials.accessKeyId, credentials.secretAccessKey].join(' ');
    const known = this.clients.get(id) as Client | undefined;
    if (known) {
      return known;
    }
    const made = new type({
      endpoint: this.endpoint,
      region,
      credentials,
      maxAttempts: 1,
      forcePathStyle: true,
      ...this.agent && { requestHandler: { httpsAgent: this.agent } },
    });
    this.clients.set(id, made);
    return made;
  }

  /** What the AWS CLI, the CDK CLI or any other SDK needs in its environment. */
  environment(account: string, region: string): Record<string, string> {
    const { accessKeyId, secretAccessKey } = rootOf(account);
    return {
      AWS_ENDPOINT_URL: this.endpoint,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_EC2_METADATA_DISABLED: 'true',
      ...this.certificateFile && { AWS_CA_BUNDLE: this.certificateFile, NODE_EXTRA_CA_CERTS: this.certificateFile },
    };
  }

  /** Every request so far, in order. */
  async calls(): Promise<ApiCall[]> {
    const { calls } = await this.server.request('GET', '/_local/calls') as { calls: ApiCall[] };
    return calls;
  }

  /** What the simulator assumes where AWS documents nothing. */
  async assumptions(): Promise<Assumption[]> {
    const { assumptions } = await this.server.request('GET', '/_local/assumptions') as { assumptions: Assumption[] };
    return assumptions;
  }

  /** The number of the statement in docs/aws-behaviour.md that a job of AWS Backup failed by. */
  async statementOf(jobId: string): Promise<string | undefined> {
    const { statement } = await this.server.request('POST', '/_local/statement', { jobId }) as { statement: string | null };
    return statement ?? undefined;
  }

  /** What was decided by policies so far, each principal, action and resource once. */
  async decisions(): Promise<PolicyDecision[]> {
    const { decisions } = await this.server.request('GET', '/_local/decisions') as { decisions: PolicyDecision[] };
    return decisions;
  }

  /** The events that were to be delivered to a bus or a target, and could not be. */
  async undelivered(): Promise<unknown[]> {
    const { undelivered } = await this.server.request('GET', '/_local/undelivered') as { undelivered: unknown[] };
    return undelivered;
  }

  /** Forgets everything, as if it had just been started. */
  async reset(): Promise<void> {
    await this.server.request('POST', '/_ministack/reset');
  }

  /** What the server has printed. */
  log(): string {
    return this.server.log();
  }

  /** Ends it, by force after 5 seconds, and removes its temporary folder. */
  async stop(): Promise<void> {
    this.clients.forEach((client) => client.destroy());
    this.clients.clear();
    this.agent?.destroy();
    await this.server.stop();
  }
}

/** The simulator of this folder, with exactly the packages that it pins. */
async function simulator(): Promise<Program> {
  const bin = await pythonEnvironment('local-aws', path.join(SIMULATOR, 'requirements.txt'));
  return { python: path.join(bin, 'python'), script: path.join(SIMULATOR, 'launch.py') };
}

/** An access key of 12 digits is the root user of that account. */
function rootOf(account: string): Credentials {
  return { accessKeyId: account, secretAccessKey: 'test' };
}
