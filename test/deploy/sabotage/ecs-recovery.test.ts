import { ECS_RECOVERY } from './ecs-recovery';
import { drillWith } from './sabotage';
import { assemblyOf } from '../../../scripts/steps';
import { readAssembly } from '../assembly/assembly';

const prod = readAssembly(assemblyOf('prod'));

/** Nothing of the runbook is in other steps, which would take a minute. */
test.each(ECS_RECOVERY)('$fault: $breaks', async (sabotage) => {
  const { steps } = await drillWith(sabotage, prod, sabotage.breaks);
  const broken = steps.filter(({ outcome }) => outcome === 'broken').map(({ id, seen }) => [id, seen]);

  expect(broken).toEqual(sabotage.breaks.map((id, index) => [id, expect.stringMatching(sabotage.reasons[index])]));
});
