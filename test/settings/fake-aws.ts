import * as http from 'http';
import type { IncomingHttpHeaders, IncomingMessage } from 'http';
import type { AddressInfo } from 'net';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/** What came over the wire; the operation is named as the API reference of its service does. */
export interface AwsRequest {
  readonly operation: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: any;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

type Answer = AwsAnswer | ((request: AwsRequest) => AwsAnswer);

/** The module itself: what `import` gives can't be spied on. */
const https = jest.requireActual<typeof import('https')>('https');

/**
 * AWS, and CloudFormation's bucket of answers, on a port of this machine.
 *
 * The clients of the AWS SDK are the real ones: they look for the endpoints in the environment with their first request.
 */
export class FakeAws {
  public static async start(): Promise<FakeAws> {
    const aws = new FakeAws();
    await new Promise<void>((resolve) => aws.server.listen(0, '127.0.0.1', resolve));
    const { port } = aws.server.address() as AddressInfo;
    delete process.env.AWS_PROFILE;
    Object.assign(process.env, {
      AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'false',
      AWS_REGION: 'eu-west-2',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_ENDPOINT_URL_BACKUP: `http://127.0.0.1:${port}`,
      AWS_ENDPOINT_URL_IAM: `http://127.0.0.1:${port}`,
      AWS_ENDPOINT_URL_ORGANIZATIONS: `http://127.0.0.1:${port}`,
    });
    // CloudFormation is reached by https, whatever the host: the same request, without the certificate.
    jest.spyOn(https, 'request').mockImplementation(((url: string, options: http.RequestOptions, answered: () => void) => {
      const { pathname } = new URL(url);
      return http.request(`http://127.0.0.1:${port}${pathname}`, options, answered);
    }) as typeof https.request);
    return aws;
  }

  public readonly requests: AwsRequest[] = [];
  /** What CloudFormation was told. */
  public readonly outcomes: AwsRequest[] = [];

  private readonly answers = new Map<string, Answer[]>();
  private readonly server = http.createServer((request, response) => {
    void read(request).then((received) => {
      const { status, headers, body } = this.answer(received);
      response.writeHead(status, headers).end(body);
    });
  });

  /** What was asked for, in order. */
  public get operations(): string[] {
    return this.requests.map(({ operation }) => operation);
  }

  public bodiesOf(operation: string): any[] {
    return this.requests.filter((request) => request.operation === operation).map(({ body }) => body);
  }

  /** Answers in turn; the last answer stays. */
  public on(operation: string, ...answers: Answer[]): void {
    this.answers.set(operation, answers);
  }

  public reset(): void {
    this.requests.length = 0;
    this.outcomes.length = 0;
    this.answers.clear();
    this.on('PUT /answer', { status: 200, headers: {}, body: '' });
  }

  public stop(): Promise<void> {
    jest.restoreAllMocks();
    this.server.closeAllConnections();
    return new Promise((resolve, reject) => this.server.close((error) => error ? reject(error) : resolve()));
  }

  private answer(request: AwsRequest): AwsAnswer {
    (request.operation === 'PUT /answer' ? this.outcomes : this.requests).push(request);
    const answers = this.answers.get(request.operation);
    if (!answers) {
      return json({ message: `the test has no answer to ${request.operation}` }, 400);
    }
    const answer = answers.length > 1 ? answers.shift()! : answers[0];
    return typeof answer === 'function' ? answer(request) : answer;
  }
}

async function read(request: IncomingMessage): Promise<AwsRequest> {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
  }
  const { headers } = request;
  const target = headers['x-amz-target'] as string | undefined;
  if (target) { // JSON 1.1
    return { operation: target.replace('AWSOrganizationsV20161128.', ''), headers, body: JSON.parse(body) };
  }
  if (headers['content-type'] === 'application/x-www-form-urlencoded') { // Query
    const form = Object.fromEntries(new URLSearchParams(body));
    return { operation: form.Action, headers, body: form };
  }
  return { operation: `${request.method} ${request.url}`, headers, body: body && JSON.parse(body) };
}

/** An answer of AWS Backup (REST-JSON) or AWS Organizations (JSON 1.1). */
export function json(body: object, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** An error of AWS Backup (REST-JSON). */
export function backupError(status: number, code: string, message: string): AwsAnswer {
  const headers = { 'content-type': 'application/json', 'x-amzn-errortype': code };
  return { status, headers, body: JSON.stringify({ Code: code, Message: message }) };
}

/** An error of AWS Organizations (JSON 1.1). */
export function organizationsError(code: string, message: string): AwsAnswer {
  return { status: 400, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify({ __type: code, Message: message }) };
}

/** An error of AWS IAM (Query). */
export function iamError(status: number, code: string, message: string): AwsAnswer {
  const body = `<ErrorResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><Error><Type>Sender</Type><Code>${code}</Code>`
    + `<Message>${message}</Message></Error><RequestId>7a62c49f-347e-4fc4-9331-6e8eEXAMPLE</RequestId></ErrorResponse>`;
  return { status, headers: { 'content-type': 'text/xml' }, body };
}

/** AWS IAM's answer to `GetRole` and `CreateServiceLinkedRole`. */
export function iamRole(action: string): AwsAnswer {
  const body = `<${action}Response xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><${action}Result><Role>`
    + '<Path>/aws-service-role/backup.amazonaws.com/</Path><RoleName>AWSServiceRoleForBackup</RoleName><RoleId>AROADBQP57FF2AEXAMPLE</RoleId>'
    + '<Arn>arn:aws:iam::222222222222:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup</Arn>'
    + '<CreateDate>2026-01-01T00:00:00Z</CreateDate><AssumeRolePolicyDocument>%7B%7D</AssumeRolePolicyDocument>'
    + `</Role></${action}Result><ResponseMetadata><RequestId>df37e965-9967-11e1-a4c3-270EXAMPLE04</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** What CloudFormation invokes the function with. */
export function customResourceEvent(
  requestType: 'Create' | 'Update' | 'Delete', properties: Record<string, unknown>, physicalResourceId = 'made-before',
): CloudFormationCustomResourceEvent {
  const ServiceToken = 'arn:aws:lambda:eu-west-2:222222222222:function:handler';
  const common = {
    ServiceToken,
    ResponseURL: 'https://cloudformation-custom-resource-response-euwest2.s3.eu-west-2.amazonaws.com/answer',
    StackId: 'arn:aws:cloudformation:eu-west-2:222222222222:stack/Settings/5c1b6f20-0000-11f0-0000-0a0000000001',
    RequestId: '0f6b5d1e-0000-4000-8000-000000000001',
    LogicalResourceId: 'RegionSettings',
    ResourceType: 'Custom::Settings',
    ResourceProperties: { ServiceToken, ...properties },
  };
  switch (requestType) {
    case 'Create': return { ...common, RequestType: 'Create' };
    case 'Update': return { ...common, RequestType: 'Update', PhysicalResourceId: physicalResourceId, OldResourceProperties: { ServiceToken } };
    case 'Delete': return { ...common, RequestType: 'Delete', PhysicalResourceId: physicalResourceId };
  }
}
