import { gunzipSync } from 'zlib';
import { CallError } from '../../src/capture/aws-call.lambda-shared';
import type { CaptureSettings } from '../../src/capture/capture.contract';
import { DocumentStore } from '../../src/capture/document-store.lambda-shared';
import { SETTINGS } from '../ecs-config/invocations';

const PLACE = { partition: 'aws', region: 'eu-west-2', account: '111122223333' };
const HASH = `sha256-${'0123456789abcdef'.repeat(4)}`;
const NOW = Date.parse('2026-11-29T05:01:00.000Z');

let call: jest.Mock;

beforeEach(() => {
  call = jest.fn().mockResolvedValue({});
});

function store(settings: Partial<CaptureSettings> = {}): DocumentStore {
  return new DocumentStore(call, { ...SETTINGS, ...settings }, PLACE);
}

async function put(settings: Partial<CaptureSettings> = {}, tier = 'daily'): Promise<any> {
  await store(settings).put(tier, 'prod', Date.parse('2026-11-29T05:00:00Z'), HASH, { some: 'document' }, NOW);
  return call.mock.lastCall[2];
}

test('a document is put for the account that owns the bucket, with a checksum, and only if it is not there', async () => {
  const { Body, ...input } = await put();

  expect(call.mock.lastCall.slice(0, 2)).toEqual(['s3', 'PutObject']);
  expect(JSON.parse(gunzipSync(Body).toString())).toEqual({ some: 'document' });
  expect(input).toEqual({
    Bucket: 'config-of-prod',
    ExpectedBucketOwner: '444455556666',
    Key: 'daily/ecs/111122223333/eu-west-2/prod/2026-11-29T05-00-00Z-0123456789ab.json.gz',
    ChecksumSHA256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
    ContentType: 'application/gzip',
    IfNoneMatch: '*',
  });
});

describe('in a bucket that locks, a document is locked', () => {
  const bucket = { ...SETTINGS.bucket, lockMode: 'COMPLIANCE' as const };

  test('until its tier ends, and not a moment longer by the clock of the bucket', async () => {
    expect(await put({ bucket })).toMatchObject({ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: new Date('2027-01-03T05:00:00.000Z') });
  });

  test('until the changes end, if it is one', async () => {
    expect(await put({ bucket }, 'change')).toMatchObject({ ObjectLockRetainUntilDate: new Date('2026-12-29T05:00:00.000Z') });
  });
});

test('a document that is there already has been put', async () => {
  call.mockRejectedValue(new CallError('PreconditionFailed', 's3:PutObject'));

  expect(await store().put('daily', 'prod', NOW, HASH, {}, NOW)).toMatch(/^daily\//);
});

test('a document that the bucket refuses has not', async () => {
  call.mockRejectedValue(new CallError('AccessDenied', 's3:PutObject'));

  await expect(store().put('daily', 'prod', NOW, HASH, {}, NOW)).rejects.toThrow('s3:PutObject');
});

describe('the newest document', () => {
  const listing = (keys: string[]) => call.mockImplementation(async (_service, _operation, { Prefix, ContinuationToken }) => {
    const found = keys.filter((key) => key.startsWith(Prefix));
    const page = ContinuationToken ? found.slice(1) : found.slice(0, 1);
    return { Contents: page.map((Key) => ({ Key })), NextContinuationToken: ContinuationToken ? undefined : found[1] };
  });
  const key = (tier: string, time: string, hash: string, target = 'prod') => `${tier}/ecs/111122223333/eu-west-2/${target}/${time}-${hash}.json.gz`;

  test('is the newest of all tiers and of all pages', async () => {
    listing([
      key('daily', '2026-11-27T05-00-00Z', 'aaaaaaaaaaaa'), key('daily', '2026-11-28T05-00-00Z', 'bbbbbbbbbbbb'),
      key('change', '2026-11-28T07-12-33Z', 'cccccccccccc'), key('weekly', '2026-11-22T06-00-00Z', 'dddddddddddd'),
    ]);

    expect(await store().newest('prod')).toEqual({ time: '2026-11-28T07-12-33Z', hash: 'cccccccccccc' });
    expect(call.mock.calls.map(([, operation]) => operation)).not.toContain('GetObject');
    expect(call.mock.calls.every(([, , { ExpectedBucketOwner }]) => ExpectedBucketOwner === '444455556666')).toBe(true);
  });

  test.each(['aaaaaaaaaaaa', 'ffffffffffff'])('is that of a schedule if a change has the same time, whatever their hashes are (%s)', async (hash) => {
    listing([key('daily', '2026-11-28T05-00-00Z', hash), key('change', '2026-11-28T05-00-00Z', 'cccccccccccc')]);

    expect(await store().newest('prod')).toEqual({ time: '2026-11-28T05-00-00Z', hash });
  });

  test('is of the target, not of one whose name begins with it', async () => {
    listing([key('daily', '2026-11-28T05-00-00Z', 'bbbbbbbbbbbb', 'prod-2')]);

    expect(await store().newest('prod')).toBeUndefined();
  });

  test('is none of what others put there', async () => {
    listing(['daily/ecs/111122223333/eu-west-2/prod/README.md']);

    expect(await store().newest('prod')).toBeUndefined();
  });
});
