import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import { Setup } from './setup';
import { admitRestore, restoreStatements } from '../../src/snapshots/snapshot-readers';
import { admitRecords, recordStatements } from '../../src/snapshots/snapshot-writers';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON } from '../stacks';

const [BUCKET, REPLICA] = ['arn:aws:s3:::snapshots', 'arn:aws:s3:::snapshots-replica'];
const OTHER = '444444444444';
const NEW_OBJECT = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
const OVER_TLS = { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3' };

/** A key that is `undefined` is left out. */
type Context = Record<string, string | undefined>;

/** Who asks: a role of an account, by default that which captures. */
interface Caller {
  readonly account?: string;
  readonly role?: string;
  /** Instead of its own policy: one that allows everything, so that only the bucket and its key decide. */
  readonly isAdministrator?: boolean;
}

/** What somebody asks of a bucket, its replica or their keys, decided by all policies. */
class Asked {
  constructor(private readonly setup: Setup, private readonly side: 'home' | 'away' = 'home') {}

  public object(action: string, key: string, context: Context = {}, caller: Caller = {}): Case {
    return this.ask(action, `${this.arn}/${key}`, { ...OVER_TLS, ...action === 's3:PutObject' ? NEW_OBJECT : {}, ...context }, caller);
  }

  public list(prefix: string | undefined, caller: Caller = {}): Case {
    return this.ask('s3:ListBucket', this.arn, { ...OVER_TLS, ...prefix === undefined ? {} : { 's3:prefix': prefix } }, caller);
  }

  public key(action: string, context: Context = {}, caller: Caller = {}): Case {
    const region = this.side === 'home' ? LONDON : IRELAND;
    const through = { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': this.arn, ...context };
    return this.ask(action, this.rendered.keyArnOfBucket(this.name), through, caller);
  }

  private ask(action: string, resource: string, context: Context, { account = INFRASTRUCTURE, role = 'capture', isAdministrator = false }: Caller): Case {
    const home = account === INFRASTRUCTURE ? this.setup.workload : this.setup.stack;
    const identityPolicies = isAdministrator ? [ADMINISTRATOR] : Rendered.of(home).identityPolicies(role);
    return {
      name: `${action} ${resource}`,
      request: {
        principal: `arn:aws:sts::${account}:assumed-role/${role}/session`,
        action,
        resource,
        resourceAccount: LOG_ARCHIVE,
        context: Object.fromEntries(Object.entries(context).flatMap(([key, value]) => value === undefined ? [] : [[key, value]])),
      },
      identityPolicies,
      resourcePolicy: action.startsWith('kms:') ? this.rendered.keyPolicyOfBucket(this.name) : this.rendered.bucketPolicy(this.name),
    };
  }

  private get rendered(): Rendered {
    return Rendered.of(this.side === 'home' ? this.setup.stack : this.setup.away);
  }

  private get name(): string {
    return this.side === 'home' ? 'snapshots' : 'snapshots-replica';
  }

  private get arn(): string {
    return this.side === 'home' ? BUCKET : REPLICA;
  }
}

const ADMINISTRATOR = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: ['s3:*', 'kms:*'], Resource: '*' }] };
const administrator = (account: string, role = 'administrator'): Caller => ({ account, role, isAdministrator: true });

const KEYS = ['daily', 'weekly', 'change'].map((tier) => `${tier}/ecs/222222222222/eu-west-2/orders/2026-11-29T05-00-00Z-0123456789ab.json.gz`);
const OF_OTHERS = [
  'daily/ecs/444444444444/eu-west-2/orders/x', 'daily/dynamodb/222222222222/eu-west-2/orders/x', 'monthly/ecs/222222222222/eu-west-2/orders/x',
  'daily/ecs/444444444444/ecs/222222222222/x', 'records/222222222222/x', 'x', 'daily/x/ecs/222222222222/x', 'daily/ecs/2222222222222/x',
];

/** A bucket that somebody captures into from another account. */
function captured(mode?: s3.ObjectLockMode): Setup {
  const setup = new Setup();
  setup.capture(setup.bucket({ objectLockMode: mode }));
  return setup;
}

function expectAll(cases: Case[], decision: string): void {
  expect(decide(cases).map((each, index) => `${cases[index].name} ${each}`)).toEqual(cases.map(({ name }) => `${name} ${decision}`));
}

test('a role of another account may put below each tier, its kind and its account, and encrypt that', () => {
  const asked = new Asked(captured());

  expectAll([
    ...KEYS.map((key) => asked.object('s3:PutObject', key)),
    asked.key('kms:GenerateDataKey'), asked.key('kms:GenerateDataKey', { 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}/${KEYS[0]}` }),
  ], 'Allowed');
});

test('it may list what it wrote, and nothing else', () => {
  const asked = new Asked(captured());

  expectAll([asked.list('daily/ecs/222222222222/eu-west-2/orders/'), asked.list('change/ecs/222222222222/')], 'Allowed');
  expectAll([asked.list(undefined), asked.list(''), asked.list('daily/ecs/'), asked.list('daily/ecs/444444444444/'), asked.list('records/222222222222/')], 'ImplicitlyDenied');
});

test('it may put nothing elsewhere: not below another account, kind, or tier, and not with its own prefix further down', () => {
  const asked = new Asked(captured());

  expectAll(OF_OTHERS.map((key) => asked.object('s3:PutObject', key)), 'ImplicitlyDenied');
});

test('it would not be let in elsewhere by the bucket either, if its own account allowed it everything', () => {
  const asked = new Asked(captured());
  const caller = administrator(INFRASTRUCTURE, 'capture');

  expectAll(OF_OTHERS.map((key) => asked.object('s3:PutObject', key, {}, caller)), 'ImplicitlyDenied');
  expectAll(['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion'].map((action) => asked.object(action, KEYS[0], {}, caller)), 'ImplicitlyDenied');
  expectAll(['kms:Decrypt', 'kms:Encrypt'].map((action) => asked.key(action, {}, caller)), 'ImplicitlyDenied');
});

test('it can neither read nor delete what it wrote, nor decrypt', () => {
  const asked = new Asked(captured(s3.ObjectLockMode.GOVERNANCE));

  expectAll([
    ...['s3:GetObject', 's3:GetObjectVersion', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:BypassGovernanceRetention', 's3:PutObjectLegalHold', 's3:GetObjectRetention']
      .map((action) => asked.object(action, KEYS[0])),
    asked.key('kms:Decrypt'),
  ], 'ImplicitlyDenied');
});

test('it encrypts through S3 only, and only for its own objects', () => {
  const asked = new Asked(captured());

  expectAll([
    asked.key('kms:GenerateDataKey', { 'kms:ViaService': 's3.eu-west-1.amazonaws.com' }),
    asked.key('kms:GenerateDataKey', { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' }),
    asked.key('kms:GenerateDataKey', { 'kms:EncryptionContext:aws:s3:arn': `${BUCKET}/daily/ecs/444444444444/x` }),
  ], 'ImplicitlyDenied');
});

test('without a lock, it has no permission for retentions', () => {
  expectAll([new Asked(captured()).object('s3:PutObjectRetention', KEYS[0])], 'ImplicitlyDenied');
});

test('with a lock, it may ask for up to the longest retention, and nobody for more', () => {
  const setup = captured(s3.ObjectLockMode.COMPLIANCE);
  const [asked, replica] = [new Asked(setup), new Asked(setup, 'away')];
  const put = (days: string, caller?: Caller) => ['s3:PutObject', 's3:PutObjectRetention'].map((action) =>
    asked.object(action, KEYS[0], { 's3:object-lock-remaining-retention-days': days }, caller));
  const owner = administrator(LOG_ARCHIVE);

  expectAll([...put('35'), ...put('400'), ...put('400', owner), ...['s3:PutObject', 's3:PutObjectRetention'].map((action) => asked.object(action, KEYS[0]))], 'Allowed');
  expectAll([...put('401'), ...put('401', owner), replica.object('s3:PutObjectRetention', KEYS[0], { 's3:object-lock-remaining-retention-days': '401' }, owner)], 'ExplicitlyDenied');
});

test('nobody puts an event hold on a snapshot, which would have no end; one can be released', () => {
  const setup = captured(s3.ObjectLockMode.COMPLIANCE);
  const caller = administrator(LOG_ARCHIVE);
  const put = (side: 'home' | 'away', hold: string) => ['s3:PutObject', 's3:PutObjectRetention']
    .map((action) => new Asked(setup, side).object(action, KEYS[0], { 's3:object-lock-event-hold': hold }, caller));

  expectAll([...put('home', 'ON'), ...put('away', 'ON'), new Asked(setup).object('s3:PutObject', KEYS[0], { 's3:object-lock-event-hold': 'ON' })], 'ExplicitlyDenied');
  expectAll([...put('home', 'OFF'), ...put('away', 'OFF')], 'Allowed');
});

test('another role of its account is not let in, and neither is another account', () => {
  const asked = new Asked(captured(s3.ObjectLockMode.COMPLIANCE));
  const callers = [administrator(INFRASTRUCTURE), administrator(INFRASTRUCTURE, 'captures'), administrator(OTHER), administrator(OTHER, 'capture')];

  for (const caller of callers) {
    expectAll([
      asked.object('s3:PutObject', KEYS[0], {}, caller), asked.object('s3:GetObject', KEYS[0], {}, caller), asked.list('daily/ecs/222222222222/', caller),
      asked.key('kms:GenerateDataKey', {}, caller), asked.key('kms:Decrypt', {}, caller),
    ], 'ImplicitlyDenied');
  }
});

test('a role of each account writes below its own account, and not below that of the other', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  setup.capture(bucket);
  setup.capture(bucket, setup.other);
  const asked = new Asked(setup);
  const [mine, theirs] = [administrator(INFRASTRUCTURE, 'capture'), administrator(OTHER, 'capture')];

  expectAll([asked.object('s3:PutObject', 'daily/ecs/222222222222/x', {}, mine), asked.object('s3:PutObject', 'daily/ecs/444444444444/x', {}, theirs)], 'Allowed');
  expectAll([asked.object('s3:PutObject', 'daily/ecs/444444444444/x', {}, mine), asked.object('s3:PutObject', 'daily/ecs/222222222222/x', {}, theirs)], 'ImplicitlyDenied');
});

test('roles of two kinds write below their own kind', () => {
  const setup = new Setup();
  const bucket = setup.bucket();
  setup.capture(bucket);
  setup.capture(bucket, setup.workload, 'tables', 'dynamodb');
  const asked = new Asked(setup);
  const tables = administrator(INFRASTRUCTURE, 'tables');

  expectAll([asked.object('s3:PutObject', 'daily/dynamodb/222222222222/x', {}, tables)], 'Allowed');
  expectAll([asked.object('s3:PutObject', 'daily/ecs/222222222222/x', {}, tables)], 'ImplicitlyDenied');
});

test('a role of the bucket\'s own account needs its own policy only, and the key', () => {
  const setup = new Setup();
  setup.capture(setup.bucket(), setup.stack, 'own');
  const asked = new Asked(setup);
  const own = { account: LOG_ARCHIVE, role: 'own' };

  expectAll([
    asked.object('s3:PutObject', 'daily/ecs/333333333333/x', {}, own), asked.list('daily/ecs/333333333333/', own), asked.key('kms:GenerateDataKey', {}, own),
  ], 'Allowed');
  expectAll([
    asked.object('s3:PutObject', 'daily/ecs/222222222222/x', {}, own), asked.object('s3:GetObject', 'daily/ecs/333333333333/x', {}, own), asked.key('kms:Decrypt', {}, own),
  ], 'ImplicitlyDenied');
  expect(JSON.stringify(Rendered.of(setup.stack).bucketPolicy('snapshots'))).not.toContain('PutEcs');
});

test('nobody who captures reaches the replica', () => {
  const asked = new Asked(captured(), 'away');
  const caller = administrator(INFRASTRUCTURE, 'capture');

  expectAll([
    ...['s3:PutObject', 's3:GetObject', 's3:DeleteObject'].map((action) => asked.object(action, KEYS[0], {}, caller)), asked.list('daily/ecs/222222222222/', caller),
    asked.key('kms:GenerateDataKey', {}, caller), asked.key('kms:Decrypt', {}, caller),
  ], 'ImplicitlyDenied');
});

describe('a role that records recoveries', () => {
  const setup = new Setup();
  const bucket = setup.bucket({ objectLockMode: s3.ObjectLockMode.GOVERNANCE });
  const statements = [...recordStatements(bucket, INFRASTRUCTURE).keys()];
  const role = new iam.Role(setup.workload, 'Runbook', {
    roleName: 'runbook', assumedBy: new iam.ServicePrincipal('ssm.amazonaws.com'), inlinePolicies: { records: new iam.PolicyDocument({ statements }) },
  });
  admitRecords(bucket, { by: role, role, account: INFRASTRUCTURE });
  const runbook = { role: 'runbook' };

  test.each(['home', 'away'] as const)('may put records of its account into the bucket and into the replica (%s)', (side) => {
    const asked = new Asked(setup, side);

    expectAll([
      ...['s3:PutObject', 's3:PutObjectRetention'].map((action) => asked.object(action, 'records/222222222222/x', {}, runbook)), asked.key('kms:GenerateDataKey', {}, runbook),
    ], 'Allowed');
  });

  test.each(['home', 'away'] as const)('may do nothing else (%s)', (side) => {
    const asked = new Asked(setup, side);

    for (const caller of [runbook, administrator(INFRASTRUCTURE, 'runbook')]) {
      expectAll([
        ...['records/444444444444/x', 'daily/ecs/222222222222/x', 'records/x'].map((key) => asked.object('s3:PutObject', key, {}, caller)),
        asked.object('s3:GetObject', 'records/222222222222/x', {}, caller), asked.object('s3:DeleteObject', 'records/222222222222/x', {}, caller),
        asked.list('records/222222222222/', caller), asked.key('kms:Decrypt', {}, caller),
      ], 'ImplicitlyDenied');
    }
  });
});

describe('a role that restores', () => {
  const setup = new Setup();
  const bucket = setup.bucket({ objectLockMode: s3.ObjectLockMode.GOVERNANCE });
  setup.capture(bucket);
  const statements = [...restoreStatements(bucket, 'ecs', INFRASTRUCTURE).keys()];
  const role = new iam.Role(setup.workload, 'Restore', {
    roleName: 'restore', assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com'), inlinePolicies: { restore: new iam.PolicyDocument({ statements }) },
  });
  admitRestore(bucket, { by: role, kind: 'ecs', role, account: INFRASTRUCTURE });
  const restore = { role: 'restore' };

  test.each(['home', 'away'] as const)('may read and list snapshots and records of its account in the bucket and in the replica, and decrypt (%s)', (side) => {
    const asked = new Asked(setup, side);

    expectAll([
      ...[...KEYS, 'records/222222222222/x'].map((key) => asked.object('s3:GetObject', key, {}, restore)),
      ...['daily/ecs/222222222222/eu-west-2/orders/', 'change/ecs/222222222222/', 'records/222222222222/Recovery-orders/'].map((prefix) => asked.list(prefix, restore)),
      asked.key('kms:Decrypt', { 'kms:ViaService': `s3.${side === 'home' ? LONDON : IRELAND}.amazonaws.com` }, restore),
    ], 'Allowed');
  });

  test.each(['home', 'away'] as const)('may read nothing else, and change nothing, even if its own account allowed it everything (%s)', (side) => {
    const asked = new Asked(setup, side);

    for (const caller of [restore, administrator(INFRASTRUCTURE, 'restore')]) {
      expectAll([
        ...[...OF_OTHERS.filter((key) => key !== 'records/222222222222/x'), 'records/444444444444/x', 'records/x'].map((key) => asked.object('s3:GetObject', key, {}, caller)),
        ...['s3:PutObject', 's3:DeleteObject', 's3:DeleteObjectVersion', 's3:PutObjectRetention'].map((action) => asked.object(action, KEYS[0], {}, caller)),
        ...[undefined, '', 'daily/ecs/', 'daily/ecs/444444444444/', 'records/', 'records/444444444444/'].map((prefix) => asked.list(prefix, caller)),
        asked.key('kms:GenerateDataKey', {}, caller), asked.key('kms:Decrypt', { 'kms:ViaService': 'ssm.eu-west-2.amazonaws.com' }, caller),
        asked.key('kms:Decrypt', { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' }, caller),
      ], 'ImplicitlyDenied');
    }
  });

  test('does not let the role that captures read', () => {
    for (const side of ['home', 'away'] as const) {
      const asked = new Asked(setup, side);

      for (const caller of [{}, administrator(INFRASTRUCTURE, 'capture')]) {
        expectAll([asked.object('s3:GetObject', KEYS[0], {}, caller), asked.object('s3:GetObject', 'records/222222222222/x', {}, caller), asked.key('kms:Decrypt', {}, caller)], 'ImplicitlyDenied');
      }
    }
  });
});
