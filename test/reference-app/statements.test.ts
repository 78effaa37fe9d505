import { archive, archiveAway, backup, backupAway, bucketLike, replicationOf, workload, workloadAway } from './cases';
import { accessLog, asksOf, CLOUD_TRAIL, CONFIG, FLOW_LOG, MANAGEMENT, ORGANIZATION, OVER_TLS, STRANGER, trail, WEB_ACL } from '../logs/writers';
import type { Writer } from '../logs/writers';
import { decide } from '../policies';
import type { Case, Document, Rendered } from '../policies';
import { INFRASTRUCTURE, LOG_ARCHIVE } from '../stacks';

/*
 * Whether every statement and every condition of the buckets' policies, their keys' and their roles' in production does
 * something: without it, at least one of these requests is decided otherwise.
 */

interface Statement {
  readonly Sid?: string;
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Condition?: Record<string, Record<string, unknown>>;
}

const SIDES: [Rendered, string][] = [[archive, LOG_ARCHIVE], [archiveAway, LOG_ARCHIVE], [workload, INFRASTRUCTURE], [workloadAway, INFRASTRUCTURE]];
const WRITERS: [Writer, string, string][] = [
  [CLOUD_TRAIL, 'cloudtrail', MANAGEMENT], [CONFIG, 'config', INFRASTRUCTURE], [FLOW_LOG, 'vpcflowlogs', INFRASTRUCTURE], [WEB_ACL, 'waf', INFRASTRUCTURE],
];
const REPLICATED: [string, Rendered, Rendered, string][] = [
  ['cloudtrail', archive, archiveAway, LOG_ARCHIVE], ['config', archive, archiveAway, LOG_ARCHIVE], ['vpcflowlogs', archive, archiveAway, LOG_ARCHIVE],
  ['waf', archive, archiveAway, LOG_ARCHIVE], ['onfiguration', archive, archiveAway, LOG_ARCHIVE], ['frontend', workload, workloadAway, INFRASTRUCTURE],
];

/** Another context; what is undefined is not in it. */
function withContext(each: Case, context: Record<string, string | string[] | undefined>): Case {
  const entries = Object.entries({ ...each.request.context, ...context })
    .flatMap(([key, value]) => value === undefined ? [] : [[key, value] as const]);
  return { ...each, request: { ...each.request, context: Object.fromEntries(entries) } };
}

/** What the administrators of an account may do as long as no statement forbids it. */
function administration(): Case[] {
  return SIDES.flatMap(([side, account]) => side.bucketNames.flatMap((name) => {
    const principal = `arn:aws:iam::${account}:role/administrator`;
    const put: Case = {
      name: `an object into ${name}`,
      request: { principal, action: 's3:PutObject', resource: `arn:aws:s3:::${name}/key`, resourceAccount: account, context: OVER_TLS },
      identityPolicies: EVERYTHING,
      resourcePolicy: side.bucketPolicy(name),
    };
    const ofBucket = [put, withContext(put, { 'aws:SecureTransport': 'false' }), withContext(put, { 's3:TlsVersion': '1.1' })];
    return !side.hasKey(name) ? ofBucket : [...ofBucket, {
      name: `the policy of the key of ${name}`,
      request: { principal, action: 'kms:PutKeyPolicy', resource: side.keyArnOfBucket(name), resourceAccount: account },
      identityPolicies: EVERYTHING,
      resourcePolicy: side.keyPolicyOfBucket(name),
    }];
  }));
}

function deliveries(): Case[] {
  const ofWriters = WRITERS.flatMap(([writer, text, account]) => {
    const bucket = bucketLike(text);
    const own = asksOf(writer, account, archive, bucket);
    const foreign = asksOf({ ...writer, key: () => writer.key(account) }, STRANGER, archive, bucket);
    const elsewhere = asksOf({ ...writer, key: () => 'elsewhere' }, account, archive, bucket);
    return [...own, ...foreign, ...elsewhere, ...own.filter(({ name }) => name === 's3:PutObject').map((put) => withContext(put, { 's3:x-amz-acl': undefined }))];
  });
  const [trails] = WRITERS;
  const encrypt = asksOf(trails[0], MANAGEMENT, archive, bucketLike('cloudtrail')).find(({ name }) => name === 'kms:GenerateDataKey')!;
  const ofTrail = (source: string, context: string) => withContext(encrypt, {
    'kms:EncryptionContext:aws:s3:arn': undefined, 'aws:SourceArn': trail(source), 'kms:EncryptionContext:aws:cloudtrail:arn': trail(context),
  });
  const member = { ...CLOUD_TRAIL, key: () => `AWSLogs/${ORGANIZATION}/${INFRASTRUCTURE}/CloudTrail/log.json.gz` };
  const accessLogs = bucketLike('accesslogs');
  const ofWorkload = bucketLike('accesslogs', workload);
  return [
    ...ofWriters,
    ...asksOf(member, MANAGEMENT, archive, bucketLike('cloudtrail')),
    withContext(encrypt, { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' }),
    ofTrail(MANAGEMENT, MANAGEMENT), ofTrail(STRANGER, MANAGEMENT), ofTrail(MANAGEMENT, STRANGER),
    accessLog(LOG_ARCHIVE, accessLogs, archive, accessLogs), accessLog(STRANGER, 'theirs', archive, accessLogs),
    withContext(accessLog(LOG_ARCHIVE, accessLogs, archive, accessLogs), { 'aws:SourceArn': undefined }),
    ...['frontend', 'artifacts', 'accesslogs'].flatMap((text) => ['any', STRANGER].map((account) =>
      accessLog(account === 'any' ? INFRASTRUCTURE : account, bucketLike(text, workload), workload, ofWorkload, INFRASTRUCTURE))),
    accessLog(INFRASTRUCTURE, 'other', workload, ofWorkload, INFRASTRUCTURE),
  ];
}

/** Also with keys that leave nothing to IAM, which only their own statements allow. */
function replications(): Case[] {
  return REPLICATED.flatMap(([text, home, away, account]) => {
    const asked = replicationOf(home, away, bucketLike(text, home), account);
    const ofKeys = asked.filter(({ request }) => request.action.startsWith('kms:'));
    const refused = ofKeys.flatMap((each) => [
      withContext(each, { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' }),
      withContext(each, { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' }),
      withContext(each, { 'kms:ResourceAliases': ['alias/other'] }),
    ]);
    const other = ofKeys.map((each): Case => ({ ...each, request: { ...each.request, principal: `arn:aws:iam::${account}:role/other` } }));
    return [
      ...asked,
      ...refused.flatMap((each) => [each, { ...each, identityPolicies: [] }]),
      ...[...ofKeys, ...other].map((each) => ({ ...each, name: WITHOUT_ROOT })),
      // Of the role's own statements: with a key that leaves everything to IAM.
      ...[...ofKeys, ...refused].map((each) => ({ ...each, name: ROOT_ALONE })),
      ...ofKeys.map((each) => withAllOfKms({ ...each, name: WITHOUT_ROOT }, other[0].request.principal)),
      ...refused.map((each) => withAllOfKms({ ...each, name: WITHOUT_ROOT })),
    ];
  });
}

/** A policy that allows everything, of those who are not the role. */
const EVERYTHING = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }];

/** Requests of a role, or of others, to a bucket for configuration and its key. */
function asking(bucketName: string, side: typeof archive, home: typeof backup, role: string) {
  return (action: string, resource: string, context: Record<string, string>, by = role): Case => ({
    name: `${action} ${resource} by ${by}`,
    request: {
      principal: `arn:aws:sts::${INFRASTRUCTURE}:assumed-role/${by}/session`,
      action,
      resource,
      resourceAccount: LOG_ARCHIVE,
      context: { ...action.startsWith('s3:') ? OVER_TLS : {}, 'aws:PrincipalAccount': INFRASTRUCTURE, ...context },
    },
    identityPolicies: by === role ? home.identityPolicies(role) : EVERYTHING,
    resourcePolicy: action.startsWith('kms:') ? side.keyPolicyOfBucket(bucketName) : side.bucketPolicy(bucketName),
  });
}

/** What the role that captures asks of the bucket for configuration, what others ask, and what nobody may ask for. */
function captures(): Case[] {
  const name = bucketLike('onfiguration');
  const arn = `arn:aws:s3:::${name}`;
  const ask = asking(name, archive, backup, 'acme-prod-ecs-capture-role');
  const through = { 'kms:ViaService': 's3.eu-west-2.amazonaws.com', 'kms:EncryptionContext:aws:s3:arn': arn };
  const prefix = { 's3:prefix': `daily/ecs/${INFRASTRUCTURE}/eu-west-2/` };
  const own = (by?: string) => [
    ask('s3:PutObject', `${arn}/daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/1.json.gz`, {}, by),
    ask('s3:ListBucket', arn, prefix, by),
    ask('kms:GenerateDataKey', archive.keyArnOfBucket(name), through, by),
  ];
  const [, list, encrypt] = own();
  const fresh = { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' };
  const byAdministrators = administration().filter(({ name: what }) => /^an object into .*onfiguration/.test(what)).flatMap((each) => [
    withContext(each, fresh),
    withContext(each, { 's3:ObjectCreationOperation': 'true' }), // it would overwrite
    withContext(each, { 's3:ObjectCreationOperation': 'false' }), // a part of an upload
    withContext(each, { ...fresh, 's3:object-lock-remaining-retention-days': '500' }),
    withContext(each, { ...fresh, 's3:object-lock-event-hold': 'ON' }),
    withContext(each, { ...fresh, 's3:object-lock-event-hold': 'OFF' }),
  ]);
  return [
    ...own(),
    ...own('other'),
    ...[withContext(list, { 's3:prefix': 'records/' }), withContext(encrypt, { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' }), withContext(encrypt, { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' })]
      .map((each) => ({ ...each, identityPolicies: EVERYTHING })),
    ...byAdministrators,
  ];
}

/** What the runbook asks of the bucket for configuration and of its replica, and what others ask. */
function restores(): Case[] {
  return [[archive, 'eu-west-2', backup] as const, [archiveAway, 'eu-west-1', backupAway] as const].flatMap(([side, region, home]) => {
    const { RoleName: role } = home.only('AWS::IAM::Role', ({ Description }) => /^Recovers for the runbook/.test(Description));
    const name = bucketLike('onfiguration', side);
    const arn = `arn:aws:s3:::${name}`;
    const ask = asking(name, side, home, role);
    const through = { 'kms:ViaService': `s3.${region}.amazonaws.com`, 'kms:EncryptionContext:aws:s3:arn': arn };
    const own = (by?: string) => [
      ask('s3:GetObject', `${arn}/daily/ecs/${INFRASTRUCTURE}/eu-west-2/shop/1.json.gz`, {}, by),
      ask('s3:GetObject', `${arn}/records/${INFRASTRUCTURE}/restore/1.json`, {}, by),
      ask('s3:PutObject', `${arn}/records/${INFRASTRUCTURE}/restore/1.json`, { 's3:if-none-match': '*', 's3:ObjectCreationOperation': 'true' }, by),
      ask('s3:ListBucket', arn, { 's3:prefix': `records/${INFRASTRUCTURE}/restore/` }, by),
      ...['kms:Decrypt', 'kms:GenerateDataKey'].map((action) => ask(action, side.keyArnOfBucket(name), through, by)),
    ];
    const [list, ...keyed] = own().slice(3);
    const refused = [
      withContext(list, { 's3:prefix': 'AWSLogs/' }),
      ...keyed.flatMap((each) => [withContext(each, { 'kms:ViaService': 'dynamodb.eu-west-2.amazonaws.com' }), withContext(each, { 'kms:EncryptionContext:aws:s3:arn': 'arn:aws:s3:::other' })]),
    ];
    return [...own(), ...own('other'), ...refused.map((each) => ({ ...each, identityPolicies: EVERYTHING }))];
  });
}

const WITHOUT_ROOT = 'with a key that leaves nothing to IAM';
const ROOT_ALONE = 'with a key that leaves everything to IAM';

function withAllOfKms(each: Case, principal = each.request.principal): Case {
  return {
    ...each,
    request: { ...each.request, principal },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }],
  };
}

const isRoot = ({ Action }: Statement) => Action === 'kms:*';

/** A case as it is decided: its key may leave everything or nothing to IAM. */
function asDecided({ name, resourcePolicy, ...rest }: Case): Case {
  const kept = (resourcePolicy?.Statement as Statement[] | undefined)
    ?.filter((statement) => name === WITHOUT_ROOT ? !isRoot(statement) : name === ROOT_ALONE ? isRoot(statement) : true);
  return { ...rest, name, resourcePolicy: resourcePolicy && { ...resourcePolicy, Statement: kept } };
}

interface Part {
  readonly name: string;
  readonly document: string;
  readonly without: (document: Document) => Document;
}

/** Every statement of a document, and every condition of a statement. */
function partsOf(document: string): Part[] {
  const statements = JSON.parse(document).Statement as Statement[];
  return statements.flatMap((statement, index) => {
    const name = `${statement.Sid ?? `${statement.Effect} ${statement.Action}`} of ${document.slice(0, 40)}`;
    const changed = (change: (found: Statement) => Statement[]) => (whole: Document): Document =>
      ({ ...whole, Statement: (whole.Statement as Statement[]).flatMap((each, at) => at === index ? change(each) : [each]) });
    const keys = Object.entries(statement.Condition ?? {}).flatMap(([operator, found]) => Object.keys(found).map((key) => [operator, key] as const));
    return [
      { name, document, without: changed(() => []) },
      ...keys.map(([operator, key]) => ({
        name: `${operator} ${key} in ${name}`,
        document,
        without: changed(({ Condition, ...found }) => {
          const { [key]: _, ...others } = Condition![operator];
          return [{ ...found, Condition: { ...Condition, [operator]: others } }];
        }),
      })),
    ];
  });
}

test('every statement and every condition decides something', () => {
  const cases = [...administration(), ...deliveries(), ...replications(), ...captures(), ...restores()];
  const usesOf = new Map<string, Case[]>();
  for (const each of cases) {
    for (const document of [each.resourcePolicy, ...each.identityPolicies ?? []]) {
      const key = JSON.stringify(document);
      usesOf.set(key, [...usesOf.get(key) ?? [], each]);
    }
  }
  const rendered = new Set(SIDES.flatMap(([side]) => side.policyDocuments).map((document) => JSON.stringify(document)));
  const before = new Map(decide(cases.map(asDecided)).map((decision, index) => [cases[index], decision]));
  expect([...before.values()].filter((decision) => decision.startsWith('Invalid'))).toEqual([]);

  const trials = [...rendered].flatMap(partsOf).flatMap((part) => (usesOf.get(part.document) ?? []).map((each) => ({ part, each })));
  const changed = ({ part, each }: { part: Part; each: Case }): Case => {
    const replace = (document: Document) => JSON.stringify(document) === part.document ? part.without(document) : document;
    const { resourcePolicy, identityPolicies } = each;
    return asDecided({ ...each, resourcePolicy: resourcePolicy && replace(resourcePolicy), identityPolicies: identityPolicies?.map(replace) });
  };
  const after = decide(trials.map(changed));
  const effective = new Set(trials.filter(({ each }, index) => after[index] !== before.get(each)).map(({ part }) => part.name + part.document));
  const idle = [...rendered].flatMap(partsOf).filter((part) => !effective.has(part.name + part.document)).map(({ name }) => name);

  expect(idle).toEqual([]);
});
