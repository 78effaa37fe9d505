import { readFileSync } from 'fs';
import * as path from 'path';
import { unverifiedBehaviour } from '../../src/report/unverified-behaviour';

const PLACE = { account: '222222222222', region: 'eu-west-2' };
const NOTHING: any = { buckets: [], captures: [], coverage: [], plans: [], runbooks: [], vaults: [] };

const BUCKET = { arn: 'arn:aws:s3:::snapshots', replica: { ...PLACE, region: 'eu-west-1' }, lock: { mode: 'GOVERNANCE' } };
const PARTS: Record<string, object[]> = {
  buckets: [BUCKET],
  captures: [{ ...PLACE, kind: 'ecs', bucket: BUCKET.arn, onChange: 'best effort' }],
  coverage: [{ ...PLACE, type: 'AWS::DynamoDB::Table', by: [{ kind: 'plan' }] }],
  plans: [{ ...PLACE, destinations: [{ vault: 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central' }] }],
  runbooks: [{ ...PLACE, kind: 'ecs-restore', requiredApprovals: 1 }],
  vaults: [{ ...PLACE, account: '333333333333', arn: 'arn:aws:backup:eu-west-2:333333333333:backup-vault:central', lock: { mode: 'compliance' } }],
};
const questions = (parts: object) => unverifiedBehaviour({ ...NOTHING, ...parts });

test('each question is one of the page about what is unverified, word for word', () => {
  const page = readFileSync(path.join(__dirname, '../../docs/unverified.md'), 'utf8');
  const [open] = page.split('## Known from public sources');
  const all = questions(PARTS);

  expect(all).toHaveLength(14);
  expect(all.filter((question) => !open.includes(`| ${question} |`) && !open.includes(`**${question}**`))).toEqual([]);
});

test('an app without anything has no question', () => {
  expect(questions({})).toEqual([]);
});

test.each<[string, object, string[]]>([
  ['a replica of a bucket', { buckets: [BUCKET] }, ['Does Amazon S3 accept a literal alias as `ReplicaKmsKeyID`?']],
  ['a bucket without a replica', { buckets: [{ arn: BUCKET.arn }] }, []],
  ['a compliance lock', { vaults: PARTS.vaults }, ['Does an update of a vault move the date on which its compliance lock becomes final?']],
  ['a governance lock', { vaults: [{ ...PLACE, lock: { mode: 'governance' } }] }, []],
  ['a copy in the same account', { plans: [{ ...PLACE, destinations: [{ vault: 'a' }] }], vaults: [{ ...PLACE, arn: 'a', lock: { mode: 'none' } }] }, []],
  ['a table without a plan', { coverage: [{ ...PLACE, type: 'AWS::DynamoDB::Table', by: [{ kind: 'pointInTimeRecovery' }] }] }, []],
  ['an approval', { runbooks: [{ ...PLACE, kind: 'other-restore', requiredApprovals: 1 }] }, [
    'Does an `aws:invokeLambdaFunction` step fail if the function returns an error?',
    'Can a step after a loop use the outputs of the last iteration?',
    'How many rejections reject an `aws:approve` step, and do two sessions of one role count as two approvals?',
  ]],
])('%s has its questions', (_, parts, expected) => {
  expect(questions(parts)).toEqual(expected);
});
