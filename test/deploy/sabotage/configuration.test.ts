import { CONFIGURATION } from './configuration';
import { drillWith } from './sabotage';
import { assemblyOf } from '../../../scripts/steps';
import { readAssembly } from '../assembly/assembly';

const prod = readAssembly(assemblyOf('prod'));

test.each(CONFIGURATION)('$fault: $breaks', async (sabotage) => {
  const { steps } = await drillWith(sabotage, prod);
  const broken = steps.filter(({ outcome }) => outcome === 'broken').map(({ id, seen }) => `${id}: ${seen}`);

  expect(broken).toEqual(sabotage.breaks.map((id) => expect.stringMatching(`^${id}: `)));
});
