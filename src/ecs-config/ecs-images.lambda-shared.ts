import { once, unless } from './ecs-cluster-reads.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import type { Place } from '../capture/document-store.lambda-shared';

/** An image that tasks run. What follows `registry` is there for images in the registry of the account and region. */
export interface CapturedImage {
  /** As the task definition has it. */
  readonly image: string;
  /** What the image was when the service was deployed. */
  readonly digest?: string;
  /** Of Amazon ECR. */
  readonly registry?: { readonly account: string; readonly region: string };
  /** As Amazon ECR answers it; left out if it is gone. */
  readonly repository?: any;
  readonly lifecyclePolicyText?: string;
  readonly isFound?: boolean;
  readonly replication?: any[];
  /** All tags that the image has; left out if its repository has no lifecycle policy. */
  readonly tags?: string[];
}

const ECR = /^(?<account>\d{12})\.dkr[.-]ecr(?:-fips)?\.(?<region>[a-z0-9-]+)\.(?:amazonaws\.com(?:\.cn)?|on\.[a-z0-9.-]+)\/(?<name>[^:@]+)/;

const GONE = ['RepositoryNotFoundException', 'ImageNotFoundException', 'LifecyclePolicyNotFoundException'];

/** The repository of Amazon ECR that an image is in, and its tag. Undefined for an image of another registry. */
export function ecrImage(image: string) {
  const groups = ECR.exec(image)?.groups;
  return groups && { account: groups.account, region: groups.region, name: groups.name, tag: tagIn(image) };
}

/** Asks for each image and each repository once. */
export class ImageReader {
  private readonly images = new Map<string, Promise<CapturedImage>>();
  private readonly repositories = new Map<string, Promise<Pick<CapturedImage, 'repository' | 'lifecyclePolicyText'>>>();

  constructor(private readonly call: Call, private readonly place: Place) {}

  public read(image: string, digest?: string): Promise<CapturedImage> {
    return once(this.images, `${image} ${digest}`, () => this.readImage(image, digest));
  }

  private async readImage(image: string, digest?: string): Promise<CapturedImage> {
    const { account, region, name = '' } = ECR.exec(image)?.groups ?? {};
    const known = { image, ...digest && { digest }, ...account && { registry: { account, region } } };
    if (account !== this.place.account || region !== this.place.region) {
      return known;
    }
    const imageDigest = digest ?? digestIn(image);
    const imageId = imageDigest ? { imageDigest } : { imageTag: tagIn(image) };
    const [repository, status] = await Promise.all([
      once(this.repositories, name, () => this.readRepository(name)),
      unless(GONE, this.call('ecr', 'DescribeImageReplicationStatus', { repositoryName: name, imageId })),
    ]);
    const { lifecyclePolicyText } = repository;
    const tags = lifecyclePolicyText === undefined || status === undefined ? undefined : await this.readTags(name, imageId);
    return { ...known, ...repository, isFound: status !== undefined, replication: status?.replicationStatuses ?? [], ...tags && { tags } };
  }

  /** Undefined if the image is gone by now. An image without a tag is answered without the member. */
  private async readTags(repositoryName: string, imageId: object): Promise<string[] | undefined> {
    const described = await unless(GONE, this.call('ecr', 'DescribeImages', { repositoryName, imageIds: [imageId] }));
    return described && [...described.imageDetails?.[0]?.imageTags ?? []].sort();
  }

  private async readRepository(repositoryName: string) {
    const [described, policy] = await Promise.all([
      unless(GONE, this.call('ecr', 'DescribeRepositories', { repositoryNames: [repositoryName] })),
      unless(GONE, this.call('ecr', 'GetLifecyclePolicy', { repositoryName })),
    ]);
    return { repository: described?.repositories?.[0], lifecyclePolicyText: policy?.lifecyclePolicyText };
  }
}

/** Whether another image may get the tag that it is named by. */
export function canMove({ image, repository }: CapturedImage): boolean {
  return !digestIn(image) && canTagMove(tagIn(image), repository);
}

function canTagMove(tag: string, repository: any): boolean {
  const isExcluded = (repository?.imageTagMutabilityExclusionFilters ?? []).some(({ filter }: any) => matches(tag, filter));
  switch (repository?.imageTagMutability) {
    case 'IMMUTABLE': return false;
    case 'IMMUTABLE_WITH_EXCLUSION': return isExcluded;
    case 'MUTABLE_WITH_EXCLUSION': return !isExcluded;
    default: return true;
  }
}

/** Why the image may not be there when it is needed, as rules of findings with a region or nothing. */
export function whyNotKept(image: CapturedImage, imageRegions: string[]): { readonly rule: string; readonly region?: string }[] {
  if (image.isFound === undefined) {
    return [];
  }
  if (!image.isFound) {
    return [{ rule: 'image-not-found' }];
  }
  const isIn = (region: string) => image.replication!.some((each) => each.region === region && each.status === 'COMPLETE');
  return [
    ...imageRegions.filter((region) => !isIn(region)).map((region) => ({ rule: 'image-not-in-region', region })),
    ...mayBeDeleted(image) ? [{ rule: 'image-may-be-deleted' }] : [],
  ];
}

/** It is unknown whether an image of another registry is kept. */
export function isUnknown(image: CapturedImage, imageRegions: string[]): boolean {
  return image.isFound === undefined && imageRegions.some((region) => region !== image.registry?.region);
}

/**
 * An image loses a tag that moves, so one whose tags can all move may be without a tag at any time. A rule with several prefixes or patterns
 * selects an image whose tags match all of them.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html
 */
function mayBeDeleted({ lifecyclePolicyText, tags = [], repository }: CapturedImage): boolean {
  const { rules = [] } = lifecyclePolicyText === undefined ? {} : JSON.parse(lifecyclePolicyText) as { rules?: any[] };
  return rules.some(({ selection: { tagStatus, tagPrefixList = [], tagPatternList = [] } }) => {
    switch (tagStatus) {
      case 'any': return true;
      case 'untagged': return tags.every((tag) => canTagMove(tag, repository));
      default: return [...tagPrefixList.map((prefix: string) => `${prefix}*`), ...tagPatternList].every((pattern) => tags.some((tag) => matches(tag, pattern)));
    }
  });
}

/** The digest that the name of an image has. */
export function digestIn(image: string): string | undefined {
  return /@(sha256:[0-9a-f]{64})$/.exec(image)?.[1];
}

function tagIn(image: string): string {
  return /:([\w.-]+)$/.exec(image)?.[1] ?? 'latest';
}

/** A pattern in which `*` is any text. */
function matches(text: string, pattern: string): boolean {
  return new RegExp(`^${pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&')).join('.*')}$`).test(text);
}
