import { Lazy } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import fc from 'fast-check';
import type { TieredBackupSelectionOptions } from '../../src/plan/tiered-backup-plan-props';
import { BackupTarget } from '../../src/targets/backup-target';
import { TagFilter } from '../../src/targets/tag-filter';
import { Setup, TABLES } from '../plan/setup';
import { problemsOf } from '../problems';

function selectionsOf(options: TieredBackupSelectionOptions, id = 'Tagged'): any[] {
  const setup = new Setup();
  setup.plan().addSelection(id, options);
  return Object.values(Template.fromStack(setup.stack).findResources('AWS::Backup::BackupSelection')).map(({ Properties }) => Properties.BackupSelection);
}

function refusals(options: TieredBackupSelectionOptions): string[] {
  return problemsOf(() => new Setup().plan().addSelection('Tagged', options));
}

const condition = (key: string, value: string) => ({ ConditionKey: `aws:ResourceTag/${key}`, ConditionValue: value });

test('each filter is the condition that AWS Backup has for it', () => {
  const [{ Conditions, Resources }] = selectionsOf({
    tags: { Backup: 'yes' },
    tagFilters: [TagFilter.equalTo('Stage', 'prod'), TagFilter.like('Name', 'prod-*'), TagFilter.notEquals('Tier', 'scratch'), TagFilter.notLike('Owner', '*-test')],
    excludeTags: { Legal: 'none' },
  });

  expect(Conditions).toEqual({
    StringEquals: [condition('Backup', 'yes'), condition('Stage', 'prod')],
    StringLike: [condition('Name', 'prod-*')],
    StringNotEquals: [condition('Tier', 'scratch'), condition('Legal', 'none')],
    StringNotLike: [condition('Owner', '*-test')],
  });
  expect(Resources).toEqual(['*']);
});

test('one of several values is a selection for each of them: AWS Backup has no OR within one', () => {
  const selections = selectionsOf({ resources: TABLES(), tags: { Backup: 'yes' }, tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver'])] });

  expect(selections.map(({ SelectionName, Conditions, Resources }) => ({ SelectionName, Conditions, Resources }))).toEqual(['gold', 'silver'].map((value) => ({
    SelectionName: `Tagged-${value}`,
    Conditions: { StringEquals: [condition('Backup', 'yes'), condition('Tier', value)] },
    Resources: ['arn:aws:dynamodb:*:*:table/*'],
  })));
});

test('one of one value is that value', () => {
  expect(selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', ['gold'])] }).map(({ SelectionName }) => SelectionName)).toEqual(['Tagged']);
});

test('two filters with several values are a selection for each combination', () => {
  const names = selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver']), TagFilter.oneOf('Stage', ['dev', 'prod'])] })
    .map(({ SelectionName }) => SelectionName);

  expect(names).toEqual(['Tagged-gold-dev', 'Tagged-gold-prod', 'Tagged-silver-dev', 'Tagged-silver-prod']);
});

test('a hyphen in a value stays in the name where it separates nothing else', () => {
  expect(selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', ['very-high', 'low'])] }).map(({ SelectionName }) => SelectionName))
    .toEqual(['Tagged-very-high', 'Tagged-low']);
});

test('values with hyphens are told apart by a hash where a selection has several', () => {
  const [first] = selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', ['very-high', 'low']), TagFilter.oneOf('Stage', ['dev', 'prod'])] });

  expect(first.SelectionName).toMatch(/^Tagged-very-high-dev-[0-9a-f]{8}$/);
});

test('the names of selections are names, different from each other, and don\'t depend on the order of values', () => {
  fc.assert(fc.property(fc.uniqueArray(fc.string({ maxLength: 60 }).filter((value) => !/[*?]/.test(value)), { minLength: 2, maxLength: 5 }), (values) => {
    const names = (of: string[]) => selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', of)] }).map(({ SelectionName }) => SelectionName as string);
    const all = names(values);

    return all.every((name) => /^[A-Za-z0-9\-_.]{1,50}$/.test(name)) && new Set(all).size === values.length
      && JSON.stringify(names([...values].reverse()).sort()) === JSON.stringify([...all].sort());
  }), { numRuns: 25 });
});

test('a value that is a token is rendered, and told by its place in the name', () => {
  const selections = selectionsOf({ tagFilters: [TagFilter.oneOf('Tier', [Lazy.string({ produce: () => 'gold' }), 'silver'])] });

  expect(selections.map(({ SelectionName }) => SelectionName)).toEqual(['Tagged-1', 'Tagged-silver']);
  expect(selections[0].Conditions.StringEquals).toEqual([condition('Tier', 'gold')]);
});

const literally = (subject: string, key: string, value: string, wayOut: string, property = "'tagFilters' (tag_filters)") =>
  `${subject} compares values literally, and no resource has the wildcard '${value}' as the value of '${key}': for a pattern, add TagFilter.${wayOut}('${key}', '${value}') to ${property}`;

test.each<[string, TieredBackupSelectionOptions, string]>([
  ['tags', { tags: { Name: 'prod-*' } }, literally("'tags'", 'Name', 'prod-*', 'like')],
  ['tags', { tags: { Name: 'prod-?' } }, literally("'tags'", 'Name', 'prod-?', 'like')],
  ['excludeTags', { tags: { Backup: 'yes' }, excludeTags: { Name: '*-test' } }, literally("'excludeTags' (exclude_tags)", 'Name', '*-test', 'notLike')],
  ['equalTo', { tagFilters: [TagFilter.equalTo('Name', '*')] }, literally("'tagFilters' (tag_filters): 'TagFilter.equalTo' (equal_to)", 'Name', '*', 'like', "'tagFilters'")],
  ['oneOf', { tagFilters: [TagFilter.oneOf('Name', ['a*', 'b'])] }, literally("'tagFilters' (tag_filters): 'TagFilter.oneOf' (one_of)", 'Name', 'a*', 'like', "'tagFilters'")],
])('refuses a wildcard in what AWS Backup takes literally: %s', (_, options, problem) => {
  expect(refusals(options)).toEqual([problem]);
});

test.each<[string, TieredBackupSelectionOptions, string]>([
  ['the prefix of a condition key', { tags: { 'aws:ResourceTag/Backup': 'yes' } },
    "'tags' accepts only the key of the tag, 'Backup': no resource has a tag 'aws:ResourceTag/Backup'"],
  ['the prefix in a filter', { tagFilters: [TagFilter.like('aws:ResourceTag/Backup', 'y*')] },
    "'tagFilters' (tag_filters): 'TagFilter.like' accepts only the key of the tag, 'Backup': no resource has a tag 'aws:ResourceTag/Backup'"],
  ['a wildcard in a key', { tags: { 'Back*': 'yes' } }, "'tags' must contain one key: AWS Backup does not accept wildcards in a key, got 'Back*'"],
  ['an empty key', { tags: { '': 'yes' } }, "'tags' must have a key of 1 to 128 characters, got 0"],
  ['a key of 129 characters', { tags: { ['k'.repeat(129)]: 'yes' } }, "'tags' must have a key of 1 to 128 characters, got 129"],
  ['a value of 257 characters', { tags: { Backup: 'v'.repeat(257) } }, "'tags' must have a value of 0 to 256 characters for 'Backup', got 257"],
  ['no value at all', { tags: { Backup: undefined as unknown as string } }, "'tags' must have a value of 0 to 256 characters for 'Backup', got undefined"],
  ['no values', { tagFilters: [TagFilter.oneOf('Tier', [])] }, "'tagFilters' (tag_filters): 'TagFilter.oneOf' (one_of) must have at least one value, got none"],
  ['a value twice', { tagFilters: [TagFilter.oneOf('Tier', ['a', 'a'])] }, "'tagFilters' (tag_filters): 'TagFilter.oneOf' (one_of) must have different values, got 'a', 'a'"],
  ['a filter that is none', { tagFilters: [undefined as unknown as TagFilter], tags: { Backup: 'yes' } },
    "'tagFilters' (tag_filters) must be a list of TagFilter, got 1 missing values"],
  ['a single filter', { tagFilters: TagFilter.like('Name', 'p*') as unknown as TagFilter[] }, "'tagFilters' (tag_filters) must be a list of TagFilter, got a single value"],
  ['filters that only leave out', { tagFilters: [TagFilter.notEquals('Tier', 'scratch')] },
    "'resources', 'tags' or 'tagFilters' (tag_filters) must select something to back up, got none: use BackupTarget.everything() for every resource"],
])('refuses %s', (_, options, problem) => {
  expect(refusals(options)).toEqual([problem]);
});

test.each([
  ['k'.repeat(128), 'v'.repeat(256)], ['aws:cloudformation:stack-name', 'shop'], ['Backup', ''], ['K', 'a b+c=d.e_f:g/h@i'],
])('a tag that a resource may have is taken: %s', (key, value) => {
  expect(selectionsOf({ tags: { [key]: value } })[0].Conditions).toEqual({ StringEquals: [condition(key, value)] });
});

const NOTHING = ', so nothing is selected: remove one of them, or use TagFilter.oneOf for alternative values';

test.each<[TieredBackupSelectionOptions, string]>([
  [{ tags: { Tier: 'gold' }, tagFilters: [TagFilter.equalTo('Tier', 'silver')] }, "the condition 'equals silver'"],
  [{ tags: { Tier: 'gold' }, excludeTags: { Tier: 'gold' } }, "the condition 'not equals gold'"],
  [{ tags: { Tier: 'gold' }, tagFilters: [TagFilter.like('Tier', 's*')] }, "the condition 'like s*'"],
  [{ tags: { Tier: 'gold' }, tagFilters: [TagFilter.notLike('Tier', '*l*')] }, "the condition 'not like *l*'"],
  [{ tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver']), TagFilter.notEquals('Tier', 'gold')] }, "the condition 'not equals gold'"],
])('refuses conditions that no resource meets together: %j', (options, other) => {
  expect(refusals(options)[0]).toBe(`no resource has 'gold' as the value of tag 'Tier' and also meets ${other}${NOTHING}`);
});

test('conditions that narrow each other are taken', () => {
  expect(refusals({ tags: { Tier: 'gold' }, tagFilters: [TagFilter.like('Tier', 'g*d'), TagFilter.notEquals('Tier', 'silver'), TagFilter.notLike('Name', '*')] })).toEqual([]);
});

test('filters count among the 30 conditions, one of several values as one', () => {
  const tags = Object.fromEntries(Array.from({ length: 29 }, (_, index) => [`tag${index}`, 'yes']));

  expect(refusals({ tags, tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver'])] })).toEqual([]);
  expect(refusals({ tags, tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver'])], excludeTags: { Legal: 'none' } }))
    .toEqual(["'tags', 'tagFilters' (tag_filters) and 'excludeTags' (exclude_tags) must be at most 30 together, the maximum number of conditions of a selection, got 31"]);
});

test('values count among the 100 selections of a plan', () => {
  const plan = new Setup().plan();
  plan.addSelection('First', { resources: TABLES() });
  const values = (count: number) => [TagFilter.oneOf('Tier', Array.from({ length: count }, (_, index) => `t${index}`))];

  expect(problemsOf(() => plan.addSelection('Tagged', { tagFilters: values(100) })))
    .toEqual(["plan 'Backup/Plan' already has 1 of the 100 selections that AWS Backup lets a plan have: put 'Tagged', which is 100 selections, into another plan"]);
  expect(problemsOf(() => plan.addSelection('Tagged', { tagFilters: values(99) }))).toEqual([]);
});

test('refuses a second selection of one name, also where a value makes it', () => {
  const plan = new Setup().plan();
  plan.addSelection('Tagged', { tagFilters: [TagFilter.oneOf('Tier', ['gold', 'silver'])] });
  const message = (name: string) => `plan 'Backup/Plan' already has a selection '${name}', and the names of selections must be unique: use another id, or add all resources to one selection, got '${name}'`;

  expect(problemsOf(() => plan.addSelection('Tagged-gold', { resources: TABLES() }))).toEqual([message('Tagged-gold')]);
  expect(problemsOf(() => plan.addSelection('Tagged', { resources: TABLES() }))).toEqual([]);
  expect(problemsOf(() => plan.addSelection('Tagged', { resources: TABLES() }))).toEqual([message('Tagged')]);
});

test('a name is free again where the selection was taken out', () => {
  const plan = new Setup().plan();
  plan.addSelection('Tagged', { resources: TABLES() });
  plan.node.tryRemoveChild('SelectionTagged');

  expect(problemsOf(() => plan.addSelection('Tagged', { resources: TABLES() }))).toEqual([]);
});

test.each<[unknown, string]>([
  [undefined, "'options' must specify what the plan backs up, such as 'resources', got undefined"],
  [{ resources: BackupTarget.everything() }, "'resources' must be a list of BackupTarget, got a single value"],
  [{ resources: [undefined] }, "'resources' must be a list of BackupTarget without missing values, such as BackupTarget.fromConstruct(...)"],
])('says in words what JavaScript leaves out: %#', (options, problem) => {
  expect(refusals(options as TieredBackupSelectionOptions)[0]).toBe(problem);
});
