import { sides } from './cases';
import { STRANGER } from '../logs/writers';
import { decide } from '../policies';
import type { Case, Document, Rendered } from '../policies';
import { INFRASTRUCTURE } from '../stacks';

/*
 * Whether every topic, bus, queue and sink of the reference app's production refuses an outside account, whoever of it asks:
 * its roles, and the services of AWS on its behalf.
 */

const ORGANIZATION = 'o-exampleorg12';

interface Target {
  readonly arn: string;
  readonly action: string;
  readonly account: string;
  readonly policy: Document;
}

function targetsOf([rendered, account, region]: [Rendered, string, string]): Target[] {
  return [
    ...rendered.all('AWS::SNS::TopicPolicy').map(({ Topics: [arn], PolicyDocument }) => ({ arn, action: 'sns:Publish', account, policy: PolicyDocument })),
    ...rendered.all('AWS::SQS::QueuePolicy').map(({ PolicyDocument }) => ({ arn: PolicyDocument.Statement[0].Resource, action: 'sqs:SendMessage', account, policy: PolicyDocument })),
    ...rendered.all('AWS::Oam::Sink').map(({ Policy }) => ({ arn: `arn:aws:oam:${region}:${account}:sink/any`, action: 'oam:CreateLink', account, policy: Policy })),
    ...rendered.all('AWS::Events::EventBusPolicy').map(({ Statement }) => ({
      arn: Statement.Resource, action: 'events:PutEvents', account, policy: { Version: '2012-10-17', Statement: [Statement] },
    })),
  ];
}

const targets = Object.values(sides).flatMap(targetsOf);

function ask({ arn, action, account, policy }: Target, principal: string, context: Record<string, string>): Case {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] };
  return {
    name: `${principal} ${action} ${arn}`,
    request: { principal, action, resource: arn, resourceAccount: account, context },
    identityPolicies: principal.startsWith('arn:') ? [everything] : [],
    resourcePolicy: policy,
  };
}

/** Services, with what they say of whom they ask for: of the same kind as ours, in the same region. */
const ON_BEHALF_OF: [string, (account: string, region: string) => string][] = [
  ['cloudwatch.amazonaws.com', (account, region) => `arn:aws:cloudwatch:${region}:${account}:alarm:any`],
  ['backup.amazonaws.com', (account, region) => `arn:aws:backup:${region}:${account}:backup-vault:any`],
  ['s3.amazonaws.com', () => 'arn:aws:s3:::theirs'],
  ['budgets.amazonaws.com', (account) => `arn:aws:budgets::${account}:budget/any`],
  ['events.amazonaws.com', (account, region) => `arn:aws:events:${region}:${account}:rule/any`],
];

test('there are topics, queues, sinks and a bus', () => {
  const counts = (action: string) => targets.filter((target) => target.action === action).length;

  expect([counts('sns:Publish'), counts('sqs:SendMessage'), counts('oam:CreateLink'), counts('events:PutEvents')]).toEqual([7, 16, 2, 1]);
});

test('every one of them refuses a role of an outside account, of another organization', () => {
  const cases = targets.map((target) => ask(target, `arn:aws:sts::${STRANGER}:assumed-role/any/session`, {
    'aws:PrincipalOrgID': 'o-otherorg1234', ...target.action.startsWith('s') ? { 'aws:SecureTransport': 'true' } : {},
  }));

  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('the bus refuses an account of the organization that no backups are of', () => {
  const [bus] = targets.filter(({ action }) => action === 'events:PutEvents');
  const by = (account: string) => ask(bus, `arn:aws:sts::${account}:assumed-role/any/session`, { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalAccount': account });

  expect(decide([by('444444444444'), by(INFRASTRUCTURE)])).toEqual(['ImplicitlyDenied', 'Allowed']);
});

test('every topic and queue refuses every service that asks for an outside account', () => {
  const cases = targets.filter(({ action }) => action.startsWith('s')).flatMap((target) => ON_BEHALF_OF.map(([service, sourceArn]) =>
    ask(target, service, { 'aws:SourceAccount': STRANGER, 'aws:SourceArn': sourceArn(STRANGER, target.arn.split(':')[3]) })));

  expect(cases).toHaveLength(115);
  expect(decide(cases)).toEqual(cases.map(() => 'ImplicitlyDenied'));
});

test('every topic takes what alarms of its own account and region say', () => {
  const cases = targets.filter(({ action }) => action === 'sns:Publish').map((target) => ask(target, 'cloudwatch.amazonaws.com', {
    'aws:SourceAccount': target.account, 'aws:SourceArn': `arn:aws:cloudwatch:${target.arn.split(':')[3]}:${target.account}:alarm:any`,
  }));

  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test('the bus takes what the forwarding roles of the accounts put on it', () => {
  const [bus] = targets.filter(({ action }) => action === 'events:PutEvents');
  const cases = Object.values(sides).flatMap(([rendered, account]) => rendered.all('AWS::IAM::Role').flatMap(({ Policies }) => Policies ?? [])
    .filter(({ PolicyDocument }: any) => /"events:PutEvents"[^}]*event-bus\/acme-prod-backup-events/.test(JSON.stringify(PolicyDocument)))
    .map(({ PolicyDocument }: any): Case => ({
      ...ask(bus, `arn:aws:sts::${account}:assumed-role/forwarding/session`, { 'aws:PrincipalOrgID': ORGANIZATION, 'aws:PrincipalAccount': account }), identityPolicies: [PolicyDocument],
    })));

  expect(cases).toHaveLength(4);
  expect(decide(cases)).toEqual(cases.map(() => 'Allowed'));
});

test('the central vaults take copies from the backup role of the infrastructure account, and not from a role of that name in another account of the organization', () => {
  const vaults = Object.values(sides).flatMap(([rendered, account, region]) => rendered.all('AWS::Backup::BackupVault')
    .filter(({ BackupVaultName }) => BackupVaultName.includes('central'))
    .map(({ BackupVaultName, AccessPolicy }): Target => ({
      arn: `arn:aws:backup:${region}:${account}:backup-vault:${BackupVaultName}`, action: 'backup:CopyIntoBackupVault', account, policy: AccessPolicy,
    })));
  const by = (account: string) => vaults.map((vault) => ask(vault, `arn:aws:sts::${account}:assumed-role/acme-prod-backup-role/AWSBackup`, { 'aws:PrincipalOrgID': ORGANIZATION }));

  expect(decide(by(INFRASTRUCTURE))).toEqual(['Allowed', 'Allowed']);
  expect(decide(by('444444444444'))).toEqual(['ImplicitlyDenied', 'ImplicitlyDenied']);
});
