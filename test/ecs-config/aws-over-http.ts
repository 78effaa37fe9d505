import { createHash } from 'crypto';
import * as http from 'http';
import type { AddressInfo } from 'net';
import type { FakeAwsApis } from './fake-aws-apis';

interface Answer {
  readonly status?: number;
  readonly type: string;
  readonly body: string;
}

const SERVICES: Record<string, string> = {
  AmazonEC2ContainerServiceV20141113: 'ecs',
  AnyScaleFrontendService: 'application-autoscaling',
  AWSEvents: 'events',
  AmazonEC2ContainerRegistry_V20150921: 'ecr',
  Route53AutoNaming_v20170314: 'servicediscovery',
  AmazonSQS: 'sqs',
};

/** The APIs of AWS on a port of this machine, for the real clients of the AWS SDK. */
export async function serveOverHttp(aws: () => FakeAwsApis): Promise<{ endpoint: string; close: () => void }> {
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void answerTo(aws(), request, Buffer.concat(chunks)).then(({ status = 200, type, body }) => {
      response.writeHead(status, { 'content-type': type }).end(body);
    }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function answerTo(aws: FakeAwsApis, { method, url, headers }: http.IncomingMessage, body: Buffer): Promise<Answer> {
  const { pathname, searchParams } = new URL(url!, 'http://aws');
  const target = headers['x-amz-target'] as string | undefined;
  if (target) {
    const [service, operation] = target.split('.');
    const input = JSON.parse(body.toString());
    const answer = await inJson(aws.call(SERVICES[service], operation, input));
    return operation === 'SendMessageBatch' ? { ...answer, body: withDigests(input, JSON.parse(answer.body)) } : answer;
  }
  if (pathname.startsWith('/schedules')) {
    const Name = pathname.split('/')[2];
    return Name
      ? inJson(aws.call('scheduler', 'GetSchedule', { Name, GroupName: searchParams.get('groupName') }))
      : inJson(aws.call('scheduler', 'ListSchedules', { MaxResults: Number(searchParams.get('MaxResults')) }));
  }
  if (headers['content-type'] === 'application/x-www-form-urlencoded') {
    return inXml(await query(aws, new URLSearchParams(body.toString())));
  }
  return inXml(await s3(aws, method!, decodeURIComponent(pathname), searchParams, headers, body));
}

function inJson(answer: Promise<object>): Promise<Answer> {
  const type = 'application/x-amz-json-1.1';
  return answer.then(
    (found) => ({ type, body: JSON.stringify(found) }),
    ({ name, message }: Error) => ({ status: 400, type, body: JSON.stringify({ __type: name, message }) }));
}

/** The client of Amazon SQS verifies what the queue took. */
function withDigests({ Entries }: any, { Successful }: any): string {
  return JSON.stringify({
    Successful: Successful.map((entry: any, index: number) => ({
      ...entry, MessageId: 'm', MD5OfMessageBody: createHash('md5').update(Entries[index].MessageBody).digest('hex'),
    })),
    Failed: [],
  });
}

async function query(aws: FakeAwsApis, form: URLSearchParams): Promise<string> {
  const action = form.get('Action')!;
  if (action === 'DescribeTargetGroups') {
    const { TargetGroups } = await aws.call('elasticloadbalancing', action, { PageSize: Number(form.get('PageSize')) });
    const members = TargetGroups.map((group: object) => `<member>${elements(group)}</member>`).join('');
    return `<${action}Response><${action}Result><TargetGroups>${members}</TargetGroups></${action}Result></${action}Response>`;
  }
  const Values = [...form].filter(([name]) => name.startsWith('Filter.1.Value.')).map(([, value]) => value);
  const { Subnets = [], SecurityGroups = [] } = await aws.call('ec2', action, { Filters: [{ Values }] });
  const set = (name: string, items: any[]) => `<${name}>${items.map(({ Tags, Description, IpPermissions, ...one }) => {
    const inCamelCase = Object.fromEntries(Object.entries(one).map(([member, value]) => [`${member[0].toLowerCase()}${member.slice(1)}`, value]));
    const tags = Tags.map(({ Key, Value }: any) => `<item><key>${Key}</key><value>${Value}</value></item>`).join('');
    return `<item>${elements({ ...inCamelCase, ...Description && { groupDescription: Description } })}<tagSet>${tags}</tagSet></item>`;
  }).join('')}</${name}>`;
  return `<${action}Response>${set('subnetSet', Subnets)}${set('securityGroupInfo', SecurityGroups)}</${action}Response>`;
}

async function s3(
  aws: FakeAwsApis, method: string, path: string, search: URLSearchParams, headers: http.IncomingHttpHeaders, Body: Buffer,
): Promise<string> {
  const ExpectedBucketOwner = headers['x-amz-expected-bucket-owner'];
  if (method === 'PUT') {
    await aws.call('s3', 'PutObject', {
      Key: path.split('/').slice(2).join('/'), Body, ExpectedBucketOwner, ChecksumSHA256: headers['x-amz-checksum-sha256'], IfNoneMatch: headers['if-none-match'],
    });
    return '';
  }
  const { Contents } = await aws.call('s3', 'ListObjectsV2', { Prefix: search.get('prefix'), ExpectedBucketOwner });
  return `<ListBucketResult>${Contents.map((item: object) => `<Contents>${elements(item)}</Contents>`).join('')}</ListBucketResult>`;
}

function inXml(body: string): Answer {
  return { type: 'text/xml', body };
}

function elements(members: object): string {
  return Object.entries(members).map(([name, value]) => `<${name}>${value}</${name}>`).join('');
}
