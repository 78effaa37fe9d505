import { LIFECYCLE_POLICY } from './recorded';
import { canMove, isUnknown, whyNotKept } from '../../src/ecs-config/ecs-images.lambda-shared';
import type { CapturedImage } from '../../src/ecs-config/ecs-images.lambda-shared';

const REPOSITORY = '111122223333.dkr.ecr.eu-west-2.amazonaws.com/web';
const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

function image(tag: string, others: Partial<CapturedImage> = {}): CapturedImage {
  const tags = tag.startsWith(':') ? [tag.slice(1)] : [];
  return { image: `${REPOSITORY}${tag}`, isFound: true, replication: [], repository: { imageTagMutability: 'MUTABLE' }, tags, ...others };
}

/** Named by its digest. */
function pinned(imageTagMutability: string, tags: string[]): CapturedImage {
  return image(`@${DIGEST}`, { repository: { imageTagMutability }, tags });
}

function immutable(tag: string, others: object = {}): CapturedImage {
  return image(tag, { repository: { imageTagMutability: 'IMMUTABLE', ...others } });
}

function withPolicy(selection: object, kept: CapturedImage): CapturedImage {
  return { ...kept, lifecyclePolicyText: JSON.stringify({ rules: [{ selection, action: { type: 'expire' } }] }) };
}

function rulesOf(kept: CapturedImage, regions: string[] = []): string[] {
  return whyNotKept(kept, regions).map(({ rule, region }) => region ? `${rule} ${region}` : rule);
}

describe('a tag can move', () => {
  test.each([
    ['in a repository whose tags are mutable', image(':1.2'), true],
    ['unless the repository does not let it', immutable(':1.2'), false],
    ['unless the image is named by its digest', image(`@${DIGEST}`), false],
    ['unless the image is named by its digest and a tag', image(`:1.2@${DIGEST}`), false],
    ['if there is none, which is latest', image(''), true],
    ['in the registry of others, of which nobody knows', { image: 'nginx' }, true],
    ['if it is an exception to what is immutable', image(':dev-7', {
      repository: {
        imageTagMutability: 'IMMUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'dev-*' }],
      },
    }), true],
    ['unless it is an exception to what is mutable', image(':v7', {
      repository: {
        imageTagMutability: 'MUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }],
      },
    }), false],
  ])('%s', (_, kept, expected) => {
    expect(canMove(kept)).toBe(expected);
  });
});

describe('an image is kept in a region', () => {
  const complete = { region: 'eu-west-1', registryId: '111122223333', status: 'COMPLETE' };

  test.each([
    ['once it is replicated there', [complete], []],
    ['not while it is replicated', [{ ...complete, status: 'IN_PROGRESS' }], ['image-not-in-region eu-west-1']],
    ['not after the replication failed', [{ ...complete, status: 'FAILED', failureCode: 'X' }], ['image-not-in-region eu-west-1']],
    ['not if it is in another one', [{ ...complete, region: 'eu-central-1' }], ['image-not-in-region eu-west-1']],
    ['not if it was pushed before there was replication', [], ['image-not-in-region eu-west-1']],
  ])('%s', (_, replication, expected) => {
    expect(rulesOf({ ...image(':1.2'), replication }, ['eu-west-1'])).toEqual(expected);
  });
});

describe('an image may be deleted by a lifecycle policy', () => {
  test.each([
    ['none', image(':1.2'), []],
    ['of untagged images, as the documentation of AWS has it, if its tag can move', { ...image(':1.2'), lifecyclePolicyText: LIFECYCLE_POLICY }, ['image-may-be-deleted']],
    ['of untagged images, unless its tag stays', { ...immutable(':1.2'), lifecyclePolicyText: LIFECYCLE_POLICY }, []],
    ['of untagged images, if it is named by its digest and has no tag', { ...pinned('IMMUTABLE', []), lifecyclePolicyText: LIFECYCLE_POLICY }, ['image-may-be-deleted']],
    ['of untagged images, unless it is named by its digest and has a tag that stays', { ...pinned('IMMUTABLE', ['1.2']), lifecyclePolicyText: LIFECYCLE_POLICY }, []],
    ['of untagged images, if it is named by its digest and all its tags can move', { ...pinned('MUTABLE', ['1.2', 'latest']), lifecyclePolicyText: LIFECYCLE_POLICY }, ['image-may-be-deleted']],
    ['of untagged images, unless one of its tags stays', {
      ...pinned('', []),
      tags: ['dev-7', 'v7'],
      repository: { imageTagMutability: 'MUTABLE_WITH_EXCLUSION', imageTagMutabilityExclusionFilters: [{ filterType: 'WILDCARD', filter: 'v*' }] },
      lifecyclePolicyText: LIFECYCLE_POLICY,
    }, []],
    ['of a prefix of a tag, if it is named by its digest and has one', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['dev'] }, pinned('IMMUTABLE', ['1.2', 'dev-7'])), ['image-may-be-deleted']],
    ['of another prefix, if it is named by its digest', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['dev'] }, pinned('IMMUTABLE', ['1.2'])), []],
    ['of any image', withPolicy({ tagStatus: 'any', countType: 'imageCountMoreThan', countNumber: 10 }, immutable(':1.2')), ['image-may-be-deleted']],
    ['of a prefix of its tag', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['1.'] }, immutable(':1.2')), ['image-may-be-deleted']],
    ['of another prefix', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['dev'] }, immutable(':1.2')), []],
    ['of a pattern of its tag', withPolicy({ tagStatus: 'tagged', tagPatternList: ['1.*'] }, immutable(':1.2')), ['image-may-be-deleted']],
    ['of several patterns, all of which its tags match', withPolicy({ tagStatus: 'tagged', tagPatternList: ['1.*', 'prod*'] }, { ...immutable(':1.2'), tags: ['1.2', 'prod-7'] }), ['image-may-be-deleted']],
    ['of several patterns, not all of which its tags match', withPolicy({ tagStatus: 'tagged', tagPatternList: ['1.*', 'prod*'] }, { ...immutable(':1.2'), tags: ['1.2', '1'] }), []],
    ['of several prefixes, all of which its tags have', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['prod', '1.'] }, { ...immutable(':1.2'), tags: ['1.2', 'prod-7'] }), ['image-may-be-deleted']],
    ['of several prefixes, not all of which its tags have', withPolicy({ tagStatus: 'tagged', tagPrefixList: ['prod', '1.'] }, immutable(':1.2')), []],
    ['of several patterns, none of which its tag matches', withPolicy({ tagStatus: 'tagged', tagPatternList: ['dev*', 'prod*'] }, immutable(':1.2')), []],
    ['of a pattern in which the dot is a dot', withPolicy({ tagStatus: 'tagged', tagPatternList: ['1.2'] }, immutable(':1x2')), []],
  ])('%s', (_, kept, expected) => {
    expect(rulesOf(kept)).toEqual(expected);
  });
});

test('an image that is not there any more is that alone', () => {
  expect(rulesOf({ ...withPolicy({ tagStatus: 'any' }, image(':1.2')), isFound: false }, ['eu-west-1'])).toEqual(['image-not-found']);
});

test.each([
  ['nginx', undefined, true],
  ['999999999999.dkr.ecr.eu-west-2.amazonaws.com/web:1', { account: '999999999999', region: 'eu-west-2' }, true],
  ['111122223333.dkr.ecr.eu-west-1.amazonaws.com/web:1', { account: '111122223333', region: 'eu-west-1' }, false],
])('%s is in a registry that was not asked: unknown, unless it is in the region that counts', (name, registry, expected) => {
  expect(isUnknown({ image: name, registry }, ['eu-west-1'])).toBe(expected);
  expect(isUnknown({ image: name, registry }, [])).toBe(false);
  expect(rulesOf({ image: name, registry }, ['eu-west-1'])).toEqual([]);
});
