import { execFileSync } from 'child_process';
import * as path from 'path';
import { pythonEnvironment } from '../../../scripts/python-environment';
import { assemblyOf } from '../../../scripts/steps';
import { match } from '../../event-patterns';
import type { EventCase } from '../../event-patterns';
import { readAssembly, resourcesOf } from '../assembly/assembly';

const SIMULATOR = path.join(__dirname, 'simulator');
const ACCOUNT = '222222222222';
const REGION = 'eu-west-2';
const EXECUTION_ROLE = `arn:aws:iam::${ACCOUNT}:role/cdk-hnb659fds-cfn-exec-role-${ACCOUNT}-${REGION}`;

beforeAll(() => jest.requireActual<() => Promise<void>>('../../event-patterns/install.cjs')());

test('the local AWS matches events to the rules of the reference app as AWS\'s library does', async () => {
  const cases = patternsOf().flatMap((pattern) => EVENTS.map((event, index) => ({ name: `${index}`, pattern, event })));
  const expected = match(cases);
  const found = await decidedHere(cases);

  expect(new Set(expected)).toEqual(new Set(['matches', 'differs']));
  expect(cases.filter((_, index) => found[index] !== expected[index])).toEqual([]);
});

/** The patterns of all rules, with a word in place of what only a deployment knows. */
function patternsOf(): Record<string, unknown>[] {
  const texts = resourcesOf(readAssembly(assemblyOf('prod')), 'AWS::Events::Rule').map(({ properties }) => JSON.stringify(properties.EventPattern, (_, value) => value?.['Fn::GetAtt'] ? KEY : value));
  return [...new Set(texts)].map((text) => JSON.parse(text));
}

const KEY = 'known after the deployment';

async function decidedHere(cases: EventCase[]): Promise<string[]> {
  const bin = await pythonEnvironment('local-aws', path.join(SIMULATOR, 'requirements.txt'));
  const output = execFileSync(path.join(bin, 'python'), [path.join(SIMULATOR, 'tests', 'emulator', 'match_events.py')], {
    input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 64 * 1024 * 1024,
  });
  return (JSON.parse(output) as (boolean | string)[]).map((result) => result === true ? 'matches' : result === false ? 'differs' : result);
}

function eventOf(source: string, type: string, detail: Record<string, unknown>, account = ACCOUNT): Record<string, unknown> {
  return {
    'version': '0', 'id': '1', source, account, 'time': '2026-11-28T00:00:00Z', 'region': REGION, 'resources': [], 'detail-type': type, detail,
  };
}

function callOf(eventName: string, userIdentity: object, more: object = {}): Record<string, unknown> {
  const service = eventName.includes('Key') ? 'kms' : 'backup';
  return eventOf(`aws.${service}`, 'AWS API Call via CloudTrail', { eventSource: `${service}.amazonaws.com`, eventName, userIdentity, ...more });
}

const ROOT = { type: 'Root', arn: `arn:aws:iam::${ACCOUNT}:root` };
const roleOf = (arn: string) => ({ type: 'AssumedRole', sessionContext: { sessionIssuer: { arn } } });
const OF_VAULT = { requestParameters: { backupVaultName: 'acme-prod-local' } };

const EVENTS = [
  ...['CREATED', 'RUNNING', 'COMPLETED', 'FAILED', 'EXPIRED', 'PARTIAL'].flatMap((state) => [
    eventOf('aws.backup', 'Backup Job State Change', { state, backupVaultName: 'acme-prod-local' }),
    eventOf('aws.backup', 'Copy Job State Change', { state, sourceBackupVaultArn: `arn:aws:backup:${REGION}:${ACCOUNT}:backup-vault:acme-prod-local` }),
    eventOf('aws.backup', 'Restore Job State Change', { status: state }),
  ]),
  eventOf('aws.backup', 'Backup Job State Change', { state: 'COMPLETED', statusMessage: 'Some objects were left out', backupVaultName: 'acme-prod-local' }),
  eventOf('aws.backup', 'Backup Job State Change', { state: 'COMPLETED', statusMessage: '', backupVaultName: 'acme-prod-local' }),
  eventOf('aws.backup', 'Backup Vault State Change', { state: 'MODIFIED', backupVaultName: 'acme-prod-central' }, '333333333333'),
  eventOf('aws.backup', 'Backup Vault State Change', { state: 'CREATED', backupVaultName: 'acme-prod-central' }, '333333333333'),
  eventOf('aws.backup', 'Backup Plan State Change', { state: 'DELETED', backupPlanId: KEY }),
  eventOf('aws.backup', 'Region Setting State Change', { state: 'MODIFIED' }, '444444444444'),
  ...['DeleteRecoveryPoint', 'PutBackupVaultAccessPolicy', 'PutBackupVaultLockConfiguration', 'UpdateRegionSettings', 'CreateBackupVault'].flatMap((name) => [
    callOf(name, ROOT, OF_VAULT),
    callOf(name, ROOT, { requestParameters: { backupVaultName: 'another' }, errorCode: 'AccessDenied' }),
    callOf(name, roleOf(`arn:aws:iam::${ACCOUNT}:role/intruder`), OF_VAULT),
    callOf(name, roleOf(EXECUTION_ROLE), OF_VAULT),
    callOf(name, { type: 'AWSService', invokedBy: 'backup.amazonaws.com' }, { ...OF_VAULT, requestParameters: null }),
  ]),
  ...['ScheduleKeyDeletion', 'DisableKey', 'PutKeyPolicy'].flatMap((name) => [
    callOf(name, ROOT, { resources: [{ ARN: KEY, type: 'AWS::KMS::Key' }] }),
    callOf(name, roleOf(EXECUTION_ROLE), { resources: [{ ARN: KEY }, { ARN: 'another' }] }),
    callOf(name, ROOT, { resources: [{ ARN: 'another' }] }),
    callOf(name, { type: 'AWSService' }, { resources: [{ ARN: KEY }] }),
  ]),
  eventOf('aws.backup', 'AWS Service Event via CloudTrail', { eventName: 'BackupAccessPointCreated' }),
  eventOf('aws.ec2', 'EC2 Instance State-change Notification', { state: 'running' }),
];
