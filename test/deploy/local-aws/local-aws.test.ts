import { execFileSync, spawn } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { CreateTableCommand, DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { LocalAws } from './local-aws';
import { ROOT } from '../../../scripts/run';

const WORKLOAD = '222222222222';
const LOG_ARCHIVE = '333333333333';
const LONDON = 'eu-west-2';
const IRELAND = 'eu-west-1';

describe('a local AWS', () => {
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await LocalAws.start();
  });
  afterAll(() => aws.stop());

  test('knows each account by its 12 digits', async () => {
    const { Account, Arn } = await aws.client(STSClient, LOG_ARCHIVE, LONDON).send(new GetCallerIdentityCommand({}));

    expect(Account).toBe(LOG_ARCHIVE);
    expect(Arn).toBe(`arn:aws:iam::${LOG_ARCHIVE}:root`);
  });

  test('keeps accounts and regions apart', async () => {
    await makeTable(aws, WORKLOAD, LONDON, 'apart');

    expect(await tablesOf(aws, WORKLOAD, LONDON)).toContain('apart');
    expect(await tablesOf(aws, WORKLOAD, IRELAND)).not.toContain('apart');
    expect(await tablesOf(aws, LOG_ARCHIVE, LONDON)).not.toContain('apart');
  });

  test('listens on the loopback interface only', () => {
    const port = new URL(aws.endpoint).port;
    const listening = execFileSync('sh', ['-c', 'cat /proc/net/tcp /proc/net/tcp6 2>/dev/null || true'], { encoding: 'utf8' })
      .split('\n').map((line) => line.trim().split(/\s+/)).filter((fields) => fields[3] === '0A' && fields[1].endsWith(`:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`));

    expect(listening.map((fields) => fields[1].split(':')[0])).toEqual(['0100007F']);
  });

  test('refuses a user who is allowed nothing', async () => {
    const iam = aws.client(IAMClient, WORKLOAD, LONDON);
    await iam.send(new CreateUserCommand({ UserName: 'nobody' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const client = aws.client(DynamoDBClient, WORKLOAD, LONDON, credentials);

    await expect(client.send(new ListTablesCommand({}))).rejects.toThrow(/not authorized to perform: dynamodb:ListTables/);
  });

  test('refuses a signature that was made with another secret', async () => {
    const iam = aws.client(IAMClient, WORKLOAD, LONDON);
    await iam.send(new CreateUserCommand({ UserName: 'somebody' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'somebody' }));
    const client = aws.client(DynamoDBClient, WORKLOAD, LONDON, { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: 'another' });

    await expect(client.send(new ListTablesCommand({}))).rejects.toThrow(/signature/);
  });

  test('a second one works beside it, and knows nothing of it', async () => {
    const other = await LocalAws.start();
    try {
      await makeTable(other, WORKLOAD, LONDON, 'of-the-other');

      expect(await tablesOf(aws, WORKLOAD, LONDON)).not.toContain('of-the-other');
      expect(other.endpoint).not.toBe(aws.endpoint);
    } finally {
      await other.stop();
    }
  });
});

test('with TLS, its certificate is trusted by the clients that it makes', async () => {
  const aws = await LocalAws.start({ tls: true });
  try {
    expect(aws.endpoint).toMatch(/^https:/);
    expect(await tablesOf(aws, WORKLOAD, LONDON)).toEqual([]);
    expect(aws.environment(WORKLOAD, LONDON).AWS_CA_BUNDLE).toBe(aws.certificateFile);
  } finally {
    await aws.stop();
  }
});

test('without authorization, everybody may do everything', async () => {
  const aws = await LocalAws.start({ authorization: false });
  try {
    const iam = aws.client(IAMClient, WORKLOAD, LONDON);
    await iam.send(new CreateUserCommand({ UserName: 'nobody' }));
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'nobody' }));
    const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! };
    const client = aws.client(DynamoDBClient, WORKLOAD, LONDON, credentials);

    expect((await client.send(new ListTablesCommand({}))).TableNames).toEqual([]);
  } finally {
    await aws.stop();
  }
});

describe('the end', () => {
  test('of a local AWS leaves no process and no temporary file', async () => {
    const aws = await LocalAws.start();
    expect(isRunning(aws.pid)).toBe(true);

    await aws.stop();

    expect(isRunning(aws.pid)).toBe(false);
    expect(existsSync(aws.folder)).toBe(false);
  });

  test('of whoever started it, even by force, ends it too', async () => {
    const script = `require('${path.join(__dirname, 'local-aws')}').LocalAws.start().then((aws) => console.log(aws.pid, aws.folder))`;
    const parent = spawn(path.join(ROOT, 'node_modules', '.bin', 'ts-node'), ['--transpile-only', '--project', 'tsconfig.dev.json', '--eval', script], { cwd: ROOT });
    const [pid, folder] = await new Promise<string>((resolve) => parent.stdout.once('data', (chunk) => resolve(String(chunk)))).then((line) => line.trim().split(' '));
    parent.kill('SIGKILL');

    await eventually(() => !isRunning(Number(pid)) && !existsSync(folder));
  });

  test('comes by force after some seconds for a server that does not listen', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'deaf-'));
    const script = path.join(folder, 'deaf.py');
    writeFileSync(script, [
      'import json, os, signal, time',
      'signal.signal(signal.SIGTERM, signal.SIG_IGN)',
      `print(json.dumps({"endpoint": "http://127.0.0.1:1", "pid": os.getpid(), "folder": ${JSON.stringify(folder)}, "certificate": None}), flush=True)`,
      'time.sleep(600)',
    ].join('\n'));
    const aws = await LocalAws.start({ program: { python: 'python3', script } });
    const started = Date.now();

    await aws.stop();

    expect(isRunning(aws.pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
    expect(Date.now() - started).toBeLessThan(10_000);
  });
});

test('one that does not start says why', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'broken-'));
  const script = path.join(folder, 'broken.py');
  writeFileSync(script, 'import sys\nsys.exit("There is no more space.")\n');

  await expect(LocalAws.start({ program: { python: 'python3', script } })).rejects.toThrow('There is no more space.');
  rmSync(folder, { recursive: true });
});

test('nothing of the environment of AWS reaches it', async () => {
  process.env.AWS_ENDPOINT_URL = ''; // with it, local Lambda functions hang
  const aws = await LocalAws.start();
  try {
    expect(readEnvironment(aws.pid).filter((name) => name.startsWith('AWS_'))).toEqual([]);
  } finally {
    delete process.env.AWS_ENDPOINT_URL;
    await aws.stop();
  }
});

async function makeTable(aws: LocalAws, account: string, region: string, name: string): Promise<void> {
  await aws.client(DynamoDBClient, account, region).send(new CreateTableCommand({
    TableName: name,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  }));
}

async function tablesOf(aws: LocalAws, account: string, region: string): Promise<string[]> {
  return (await aws.client(DynamoDBClient, account, region).send(new ListTablesCommand({}))).TableNames!;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function readEnvironment(pid: number): string[] {
  return readdirSync('/proc').includes(String(pid))
    ? execFileSync('cat', [`/proc/${pid}/environ`], { encoding: 'utf8' }).split('\0').map((entry) => entry.split('=')[0])
    : [];
}

async function eventually(isSo: () => boolean): Promise<void> {
  for (const until = Date.now() + 15_000; !isSo(); await new Promise((resolve) => { setTimeout(resolve, 50); })) {
    if (Date.now() > until) {
      throw new Error('not within 15 s');
    }
  }
}
