import { differences, digestsOf, ownTags, RESTORED_FROM_TAG, taskDefinitionInput } from './ecs-inputs.lambda-shared';
import type { DigestOf, Tag } from './ecs-inputs.lambda-shared';
import { chooseSnapshot } from './ecs-snapshots.lambda-shared';
import type { Snapshot } from './ecs-snapshots.lambda-shared';
import { readTranslation } from './ecs-translation.lambda-shared';
import type { Translation } from './ecs-translation.lambda-shared';
import { CaptureError } from '../capture/aws-call.lambda-shared';
import type { CapturedService } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { nameIn, once, TaskDefinitionReader, unless } from '../ecs-config/ecs-cluster-reads.lambda-shared';
import { digestIn, ecrImage } from '../ecs-config/ecs-images.lambda-shared';
import type { Run } from '../execution/recovery-work.lambda-shared';
import { RESTORED_BY_TAG, STATE_TAG } from '../execution/runbook.contract';

/** How many revisions of a family are looked at, newest first, for one that was registered by a restore. */
const REVISIONS_LOOKED_AT = 10;

/** AWS takes so many tags of an object. */
const MOST_TAGS = 50;

/** Why the digest of an image is not known: its repository is gone, or another account does not let us ask for it. */
const GONE = ['RepositoryNotFoundException'];
const CLOSED = ['AccessDeniedException', 'AccessDenied'];

/** Why something can't be restored, without any value that was captured. */
export class NotRestorable extends CaptureError {
  public override readonly name: string = 'NotRestorable';
}

/** A task definition to run, or to register first. */
export interface ChosenTaskDefinition {
  /** As a service, a rule or a schedule has it. Left out if it must be registered. */
  readonly arn?: string;
  readonly input?: any;
  /** What is done and why, in a sentence. */
  readonly why: string;
}

/** What is in AWS of something that is to be restored. */
export interface Found {
  /** `WAITING` is what AWS is about to change, so that nothing can be done yet. */
  readonly state: 'MISSING' | 'WAITING' | 'HERE';
  /** Whether a restore began to make it, and did not end. */
  readonly isUnfinished?: boolean;
  /** Whether a restore made it. */
  readonly isRestored?: boolean;
  /** Paths of members that are not as in the snapshot. */
  readonly differences: string[];
}

/** Whether something that was restored works. */
export interface Health {
  readonly state: 'HEALTHY' | 'WAITING' | 'FAILED';
  readonly why: string;
}

/** Something that a run restores. What its methods answer is a sentence for an operator. */
export interface Restorable {
  readonly what: string;
  readonly name: string;
  /** Why it is left out, whatever there is of it. */
  readonly whyNot?: string;
  find(): Promise<Found>;
  /** @throws NotRestorable if something that it refers to has no counterpart here */
  check(): void;
  /** What `make` or `change` will do. It changes nothing. */
  announce(): Promise<string>;
  /** Makes what is missing. */
  make(): Promise<string>;
  /** Makes what is here as it is in the snapshot. Nothing is removed. */
  change(found: Found): Promise<string>;
  health(): Promise<Health>;
}

/** A run with its snapshot, and with what the snapshot's names are here. It is for one request: what it read it does not read again. */
export class Restoration {
  /** @throws RunFailed if there is no snapshot */
  public static async open(run: Run): Promise<Restoration> {
    const earlier = await run.previous('work') ?? await run.previous('plan') ?? await run.previous('preflight');
    const snapshot = await chooseSnapshot(run, earlier?.source);
    return new Restoration(run, snapshot, await readTranslation(run.call, snapshot.document, run.place));
  }

  public readonly definitions: TaskDefinitionReader;
  private readonly chosen = new Map<string, Promise<ChosenTaskDefinition>>();
  private readonly registered = new Map<string, Promise<string>>();
  private readonly digests = new Map<string, Promise<string | undefined>>();

  private constructor(public readonly run: Run, public readonly snapshot: Snapshot, public readonly translation: Translation) {
    this.definitions = new TaskDefinitionReader(run.call);
  }

  public get cluster(): string {
    return this.run.parameters.Cluster;
  }

  /** Whether what exists and differs is changed. */
  public get isUpdate(): boolean {
    return this.run.parameters.Existing === 'UPDATE';
  }

  /** Whether no task is to be started. */
  public get isZero(): boolean {
    return this.run.parameters.DesiredCount === 'Zero';
  }

  public get areSchedulesEnabled(): boolean {
    return this.run.parameters.EnableSchedules === 'true';
  }

  /** The tags of something that is made: of its own, and the one by which the next run knows that it is unfinished. */
  public tagsOf(captured: Tag[] | undefined): Tag[] {
    return withinLimit(ownTags(captured), { key: STATE_TAG, value: 'IN_PROGRESS' }, { key: RESTORED_BY_TAG, value: this.run.execution });
  }

  /** What its tags say of something that is here. */
  public madeBy(tags: Tag[] = []): Pick<Found, 'isUnfinished' | 'isRestored'> {
    return {
      isUnfinished: tags.some(({ key, value }) => key === STATE_TAG && value === 'IN_PROGRESS'),
      isRestored: tags.some(({ key }) => key === RESTORED_BY_TAG || key === STATE_TAG),
    };
  }

  /** @throws NotRestorable if something in it has no counterpart here */
  public refuseUnresolved(...configurations: unknown[]): void {
    const problems = this.translation.unresolvedIn(configurations);
    if (problems.length > 0) {
      throw new NotRestorable(problems.join(' '));
    }
  }

  /** The last call for something that was made. */
  public async finish(resourceArn: string): Promise<void> {
    await this.run.call('ecs', 'TagResource', { resourceArn, tags: [{ key: STATE_TAG, value: 'DONE' }] });
  }

  public digestsOf({ revision }: Pick<CapturedService, 'revision'>): DigestOf {
    return digestsOf(revision, this.snapshot.document.references.images);
  }

  /**
   * The captured revision if it is still ACTIVE here and its tags are the images that they were; Amazon ECS makes a digest of a tag with
   * each deployment. Otherwise one with the images by digest, which a restore may have registered before.
   */
  public chooseTaskDefinition(arn: string, digestOf: DigestOf): Promise<ChosenTaskDefinition> {
    const { containerDefinitions = [] } = this.snapshot.document.taskDefinitions[arn] ?? {};
    return once(this.chosen, `${arn} ${containerDefinitions.map(digestOf)}`, () => this.choose(arn, digestOf));
  }

  /** The ARN of a task definition that is ACTIVE, after it was registered if need be. */
  public async ensureTaskDefinition(arn: string, digestOf: DigestOf): Promise<{ arn: string; why: string }> {
    const choice = await this.chooseTaskDefinition(arn, digestOf);
    if (choice.arn !== undefined) {
      return { arn: choice.arn, why: choice.why };
    }
    const registered = await once(this.registered, JSON.stringify(choice.input), async () => {
      const { taskDefinition } = await this.run.call('ecs', 'RegisterTaskDefinition', choice.input);
      return taskDefinition.taskDefinitionArn as string;
    });
    return { arn: hasRevision(arn) ? registered : this.translation.translate(arn), why: choice.why };
  }

  /** The members of a task definition that differ, with images by their digests as far as both are known. */
  public differencesOfTaskDefinitions(captured: any, digestOf: DigestOf, found: any, foundDigestOf: DigestOf): string[] {
    const isKnown = ({ containerDefinitions = [] }: any, of: DigestOf, name: string) => containerDefinitions.some((container: any) =>
      container.name === name && (digestIn(container.image) ?? of(container)) !== undefined);
    const areKnown = (name: string) => isKnown(captured, digestOf, name) && isKnown(found, foundDigestOf, name);
    const comparable = (definition: any, of: DigestOf) => taskDefinitionInput(
      definition, (container) => areKnown(container.name) ? of(container) : undefined);
    return differences(this.translation.translate(comparable(captured, digestOf)), comparable(found, foundDigestOf), 'taskDefinition');
  }

  private async choose(arn: string, digestOf: DigestOf): Promise<ChosenTaskDefinition> {
    const { run, snapshot, translation } = this;
    const captured = snapshot.document.taskDefinitions[arn];
    const name = nameIn(arn);
    const isFromHere = run.settings.sourceRegion === run.place.region;
    const here = isFromHere ? await this.definitions.read(arn) : undefined;
    const moved = here?.status === 'ACTIVE' && hasRevision(arn) ? await this.movedImages(here, digestOf) : [];
    if (here?.status === 'ACTIVE' && moved.length === 0) {
      return { arn, why: `The task definition ${name} is still ACTIVE.` };
    }
    if (captured === undefined) {
      throw new NotRestorable(`The task definition ${name} is neither ACTIVE here nor in the snapshot: choose another snapshot.`);
    }
    const from = { key: RESTORED_FROM_TAG, value: `${run.settings.sourceRegion}:${captured.revision}` };
    const input = translation.translate(taskDefinitionInput(captured, digestOf));
    const found = await this.findRegistered(input, from);
    if (found !== undefined) {
      return { arn: hasRevision(arn) ? found : translation.translate(arn), why: `The task definition ${name} was registered before as ${nameIn(found)}.` };
    }
    const reason = moved.length > 0
      ? `because the image tag of ${moved.join(', ')} moved or can't be read`
      : isFromHere ? 'because it is no longer ACTIVE' : `because it was captured in ${run.settings.sourceRegion}`;
    return { input: { ...input, tags: withinLimit(input.tags, from, { key: RESTORED_BY_TAG, value: run.execution }) }, why: `The task definition ${name} is registered again ${reason}, with its images by digest.` };
  }

  /** Containers whose image has a known digest that its tag does not surely lead to. */
  private async movedImages({ containerDefinitions = [] }: any, digestOf: DigestOf): Promise<string[]> {
    const moved = await Promise.all(containerDefinitions.map(async (container: any) => {
      const digest = digestOf(container);
      const isSame = digest === undefined || digestIn(container.image) !== undefined || await this.digestNow(container.image) === digest;
      return isSame ? [] : [container.name];
    }));
    return moved.flat();
  }

  private digestNow(image: string): Promise<string | undefined> {
    return once(this.digests, image, async () => {
      const found = ecrImage(image);
      if (found?.region !== this.run.place.region) {
        return undefined;
      }
      const answer = await unless(found.account === this.run.place.account ? GONE : [...GONE, ...CLOSED], this.run.call('ecr', 'BatchGetImage', {
        registryId: found.account, repositoryName: found.name, imageIds: [{ imageTag: found.tag }],
      }));
      return answer?.images?.[0]?.imageId?.imageDigest;
    });
  }

  private async findRegistered(input: any, { value: from }: Tag): Promise<string | undefined> {
    const { taskDefinitionArns = [] } = await this.run.call('ecs', 'ListTaskDefinitions', {
      familyPrefix: input.family, status: 'ACTIVE', sort: 'DESC', maxResults: REVISIONS_LOOKED_AT,
    });
    for (const arn of taskDefinitionArns) {
      const found = await this.definitions.read(arn);
      const isFrom = found?.tags?.some(({ key, value }: Tag) => key === RESTORED_FROM_TAG && value === from);
      if (isFrom && differences(input, taskDefinitionInput(found, () => undefined)).length === 0) {
        return arn;
      }
    }
    return undefined;
  }
}

/** The tags of an owner with those of a run: the second one only if there is room, and the first one in place of the last of the owner's. */
function withinLimit(own: Tag[], needed: Tag, ifRoom: Tag): Tag[] {
  return [...own.slice(0, MOST_TAGS - 1), ...own.length + 2 <= MOST_TAGS ? [ifRoom] : [], needed];
}

/** A rule or a schedule may name a family only, which is its latest revision. */
function hasRevision(arn: string): boolean {
  return /:\d+$/.test(arn);
}
