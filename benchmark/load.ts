import { measure, ROOT, rounds, say, spread } from './measure';

/** How many processes of each kind. */
const LOADS = 20;

interface Load {
  /** Milliseconds that `aws-cdk-lib` and `constructs` take. */
  readonly cdk: number;
  /** Milliseconds that the package takes once they are loaded. */
  readonly beyond: number;
  /** Of these, CPU time, that of the operating system included: others who use the machine do not make it much longer. */
  readonly cpu: number;
}

/**
 * How long the package takes to load once `aws-cdk-lib` is loaded, against `cloudstructs`.
 *
 * The package loads a file when a name of it is first used, so what an app waits for is measured too: the package with its
 * vault and its plan used, and with all that it has.
 */
export function compareLoad(): object {
  const turns = rounds(LOADS, () => ({
    alone: measure<Load>('load'),
    own: measure<Load>('load', ROOT),
    used: measure<Load>('load', ROOT, 'ReplicatedBackupVault', 'TieredBackupPlan'),
    whole: measure<Load>('load', ROOT, '*'),
    cloudstructs: measure<Load>('load', 'cloudstructs'),
  }));
  const cdk = spread(turns.map((turn) => turn.alone.cdk));
  const against = (kind: 'own' | 'used' | 'whole' | 'cloudstructs') => ({
    milliseconds: spread(turns.map((turn) => turn[kind].beyond)),
    ratio: spread(turns.map((turn) => turn[kind].beyond / turn.cloudstructs.beyond)),
    cpu: spread(turns.map((turn) => turn[kind].cpu)),
    cpuRatio: spread(turns.map((turn) => turn[kind].cpu / turn.cloudstructs.cpu)),
  });
  const [own, used, whole, cloudstructs] = [against('own'), against('used'), against('whole'), against('cloudstructs')];
  console.log(`\nload, ${LOADS} rounds: aws-cdk-lib ${say(cdk, 0)} ms, and after it`);
  for (const [what, { milliseconds, ratio, cpu, cpuRatio }] of [
    ['this package', own], ['this package, its vault and its plan used', used], ['this package, all of it used', whole], ['cloudstructs', cloudstructs],
  ] as const) {
    console.log(`  ${what.padEnd(41)}  ${say(milliseconds, 1)} ms  ${say(ratio, 2)} × cloudstructs, CPU ${say(cpu, 1)} ms  ${say(cpuRatio, 2)} ×`);
  }
  return { cdk, own, used, whole, cloudstructs };
}
