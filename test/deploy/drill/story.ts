import type { Promises } from './promises';
import type { Step } from './step';
import { backups } from './steps/backups';
import { configuration } from './steps/configuration';
import { ecsRecovery } from './steps/ecs-recovery';
import { ecsRegionRecovery } from './steps/ecs-region-recovery';
import { image } from './steps/image';
import { later } from './steps/later';
import { recovery } from './steps/recovery';
import { refusals } from './steps/refusals';
import { setup } from './steps/setup';
import { quiet, signals } from './steps/signals';
import { snapshotRefusals } from './steps/snapshot-refusals';
import { tampering } from './steps/tampering';

/** Everything that a drill tries, in order. */
export function storyOf(promises: Promises): Step[] {
  return [
    ...setup(promises),
    ...image(promises),
    ...backups(promises),
    ...quiet(promises),
    ...refusals(promises),
    ...signals(promises),
    ...tampering(promises),
    ...recovery(promises),
    ...configuration(promises),
    ...ecsRecovery(promises),
    ...ecsRegionRecovery(promises),
    ...snapshotRefusals(promises),
    ...later(promises),
  ];
}

/** Some steps, and those that they need. */
export function stepsFor(story: Step[], ids: string[]): Step[] {
  const unknown = ids.filter((id) => !story.some((step) => step.id === id));
  if (unknown.length > 0) {
    throw new Error(`there is no step ${unknown.join(', ')}: the steps are ${story.map(({ id }) => id).join(', ')}`);
  }
  const wanted = new Set<string>();
  const want = (id: string) => {
    if (!wanted.has(id)) {
      wanted.add(id);
      story.find((step) => step.id === id)!.needs.forEach(want);
    }
  };
  ids.forEach(want);
  return story.filter(({ id }) => wanted.has(id));
}
