import { execFileSync } from 'child_process';
import * as path from 'path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

const EVALUATOR = path.join(__dirname, 'policy-evaluator', 'evaluate.mjs');

export type Document = Record<string, unknown>;

/** What a principal asks for. */
export interface Request {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly resourceAccount: string;
  readonly context?: Record<string, string | string[]>;
}

export interface Case {
  readonly name: string;
  readonly request: Request;
  readonly identityPolicies?: Document[];
  readonly resourcePolicy?: Document;
}

/** The decisions, in order; `Invalid` and why where there can be none. */
export function decide(cases: Case[]): string[] {
  const all = cases.map(({ name, request, identityPolicies = [], resourcePolicy = null }) => ({ name, request, identityPolicies, resourcePolicy }));
  const output = execFileSync(process.execPath, [EVALUATOR], { input: JSON.stringify(all), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  return (JSON.parse(output) as { result: string; error?: string }[]).map(({ result, error }) => error === undefined ? result : `${result}: ${error}`);
}

/**
 * The policies of a stack as AWS has them once it is deployed: references are names and ARNs.
 */
export class Rendered {
  public static of(stack: Stack): Rendered {
    return new Rendered(Template.fromStack(stack).toJSON().Resources, stack);
  }

  constructor(
    private readonly resources: Record<string, { Type: string; Properties: Record<string, any> }>,
    private readonly stack: { readonly account: string; readonly region: string },
  ) {}

  /** The names of all buckets, in the order of the template; one that CloudFormation names has that of its logical id. */
  public get bucketNames(): string[] {
    return Object.entries(this.resources).filter(([, { Type }]) => Type === 'AWS::S3::Bucket').map(([id]) => this.bucketName(id));
  }

  /** The ARNs of all keys, in the order of the template. */
  public get keyArns(): string[] {
    return Object.entries(this.resources).filter(([, { Type }]) => Type === 'AWS::KMS::Key').map(([id]) => this.keyArn(id));
  }

  /** The policy of the only topic. */
  public get topicPolicy(): Document {
    return this.only('AWS::SNS::TopicPolicy').PolicyDocument;
  }

  /** The ARN of the only topic. */
  public get topicArn(): string {
    return this.only('AWS::SNS::TopicPolicy').Topics[0];
  }

  /** The properties of the only resource of a type, or of the only one that is like that, with references resolved. */
  public only(type: string, is: (properties: Record<string, any>) => boolean = () => true): Record<string, any> {
    const found = this.all(type, is);
    if (found.length !== 1) {
      throw new Error(`expected one ${type}, got ${found.length}`);
    }
    return found[0];
  }

  /** The properties of all resources of a type, with references resolved. */
  public all(type: string, is: (properties: Record<string, any>) => boolean = () => true): Record<string, any>[] {
    return Object.values(this.resources).filter(({ Type, Properties }) => Type === type && is(Properties))
      .map(({ Properties }) => this.resolve(Properties));
  }

  /** The bucket of a name, with its references resolved. */
  public bucket(bucketName: string): any {
    const [id] = Object.entries(this.resources).find(([each, { Type }]) => Type === 'AWS::S3::Bucket' && this.bucketName(each) === bucketName)!;
    return this.resolve(this.resources[id].Properties);
  }

  public bucketPolicy(bucketName: string): Document {
    return this.only('AWS::S3::BucketPolicy', ({ Bucket }) => this.resolve(Bucket) === bucketName).PolicyDocument;
  }

  public keyPolicyOfBucket(bucketName: string): Document {
    return this.keyPolicy(this.keyArnOfBucket(bucketName));
  }

  public keyPolicy(keyArn: string): Document {
    const [, { Properties }] = Object.entries(this.resources).find(([id, { Type }]) => Type === 'AWS::KMS::Key' && this.keyArn(id) === keyArn)!;
    return this.resolve(Properties.KeyPolicy);
  }

  public hasKey(bucketName: string): boolean {
    return this.keyArnOfBucket(bucketName) !== undefined;
  }

  public keyArnOfBucket(bucketName: string): string {
    return this.bucket(bucketName).BucketEncryption.ServerSideEncryptionConfiguration[0].ServerSideEncryptionByDefault.KMSMasterKeyID;
  }

  public identityPolicies(roleName: string): Document[] {
    const { Policies } = this.only('AWS::IAM::Role', ({ RoleName }) => RoleName === roleName);
    const attached = Object.values(this.resources).filter(({ Type }) => Type === 'AWS::IAM::Policy')
      .filter(({ Properties }) => Properties.Roles?.some((role: { Ref: string }) => this.resources[role.Ref]?.Properties.RoleName === roleName));
    return [...Policies, ...attached.map(({ Properties }) => this.resolve(Properties))].map(({ PolicyDocument }) => PolicyDocument);
  }

  /** The policies of all buckets and of their keys, and those of the roles that replicate. */
  public get policyDocuments(): Document[] {
    const roles = this.bucketNames.flatMap((name) => this.bucket(name).ReplicationConfiguration?.Role.split('/').pop() ?? []);
    return [
      ...this.bucketNames.flatMap((name) => [this.bucketPolicy(name), ...this.hasKey(name) ? [this.keyPolicyOfBucket(name)] : []]),
      ...roles.flatMap((role) => this.identityPolicies(role)),
    ];
  }

  private bucketName(logicalId: string): string {
    return this.resources[logicalId].Properties.BucketName ?? logicalId.toLowerCase();
  }

  private keyArn(logicalId: string): string {
    return `arn:aws:kms:${this.stack.region}:${this.stack.account}:key/${logicalId}`;
  }

  private resolve(value: any): any {
    if (Array.isArray(value)) {
      return value.map((each) => this.resolve(each));
    }
    if (value === null || typeof value !== 'object') {
      return value;
    }
    const [[name, argument] = []] = Object.entries(value) as [string, any][];
    if (name === 'Ref') {
      return argument === 'AWS::Partition' ? 'aws' : this.refOf(argument);
    }
    if (name === 'Fn::GetAtt') {
      return this.attributeOf(argument[0], argument[1]);
    }
    if (name === 'Fn::Join') {
      return argument[1].map((each: any) => this.resolve(each)).join(argument[0]);
    }
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, this.resolve(each)]));
  }

  private refOf(logicalId: string): string {
    const { Type, Properties } = this.resources[logicalId];
    switch (Type) {
      case 'AWS::SNS::Topic': return this.arn('sns', logicalId);
      case 'AWS::SQS::Queue': return `https://sqs.${this.stack.region}.amazonaws.com/${this.stack.account}/${logicalId}`;
      case 'AWS::Events::EventBus': return Properties.Name;
      case 'AWS::S3::Bucket': return this.bucketName(logicalId);
      default: return logicalId;
    }
  }

  private attributeOf(logicalId: string, attribute: string): string {
    const { Type, Properties } = this.resources[logicalId];
    switch (`${Type} ${attribute}`) {
      case 'AWS::KMS::Key Arn': return this.keyArn(logicalId);
      case 'AWS::IAM::Role Arn': return `arn:aws:iam::${this.stack.account}:role/${Properties.RoleName ?? logicalId}`;
      case 'AWS::Lambda::Function Arn': return this.arn('lambda', `function:${Properties.FunctionName ?? logicalId}`);
      case 'AWS::SQS::Queue Arn': return this.arn('sqs', logicalId);
      case 'AWS::Logs::LogGroup Arn': return `${this.arn('logs', `log-group:${Properties.LogGroupName ?? logicalId}`)}:*`;
      case 'AWS::S3::Bucket Arn': return `arn:aws:s3:::${this.bucketName(logicalId)}`;
      default: return `${logicalId}.${attribute}`;
    }
  }

  private arn(service: string, name: string): string {
    return `arn:aws:${service}:${this.stack.region}:${this.stack.account}:${name}`;
  }
}
