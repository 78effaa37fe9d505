import { CONFIGURATION } from './configuration';
import { ECS_RECOVERY } from './ecs-recovery';
import { JOBS } from './jobs';
import { drillWith } from './sabotage';
import { SIGNALS } from './signals';
import { assemblyOf } from '../../../scripts/steps';
import { readAssembly } from '../assembly/assembly';
import { storyOfStacks } from '../drill/drill';

const prod = readAssembly(assemblyOf('prod'));

test.each(JOBS)('$fault: $breaks', async (sabotage) => {
  const { steps } = await drillWith(sabotage, prod);
  const broken = steps.filter(({ outcome }) => outcome === 'broken');

  expect(broken.filter(({ id }) => !sabotage.breaks.includes(id)).map(({ id, seen }) => `${id}: ${seen}`)).toEqual([]);
  expect(sabotage.breaks.filter((id) => !broken.some((step) => step.id === id))).toEqual([]);
});

test('each kind of step is broken by some fault, except for those that only a fault of AWS could break', () => {
  const kindOf = (id: string) => id.replace(/:acme-.*/, '');
  const broken = new Set([...JOBS, ...SIGNALS, ...CONFIGURATION, ...ECS_RECOVERY].flatMap(({ breaks }) => breaks.map(kindOf)));
  const kinds = [...new Set(storyOfStacks(prod).story.map(({ id }) => kindOf(id)))];

  expect(kinds.filter((kind) => !broken.has(kind))).toEqual(['items', 'refuse:delete-vault', 'lose', 'compare', 'ecs:lose-service', 'expire', 'lock-is-final']);
});
