import { measure, ROOT, rounds, say, spread } from './measure';

/** How many processes of each kind. */
const LOADS = 20;

interface Load {
  /** Milliseconds that `aws-cdk-lib` and `constructs` take. */
  readonly cdk: number;
  /** Milliseconds that the package takes once they are loaded. */
  readonly beyond: number;
}

/**
 * How long the package takes to load once `aws-cdk-lib` is loaded, against `cloudstructs`.
 *
 * The package loads a file when a name of it is first used, so what an app waits for is measured too: the package with its
 * vault and its plan used, and with all that it has.
 */
export function compareLoad(): object {
  const turns = rounds(LOADS, () => ({
    alone: measure<Load>('load').cdk,
    own: measure<Load>('load', ROOT).beyond,
    used: measure<Load>('load', ROOT, 'ReplicatedBackupVault', 'TieredBackupPlan').beyond,
    whole: measure<Load>('load', ROOT, '*').beyond,
    cloudstructs: measure<Load>('load', 'cloudstructs').beyond,
  }));
  const cdk = spread(turns.map((turn) => turn.alone));
  const cloudstructs = spread(turns.map((turn) => turn.cloudstructs));
  const against = (kind: 'own' | 'used' | 'whole') => ({
    milliseconds: spread(turns.map((turn) => turn[kind])), ratio: spread(turns.map((turn) => turn[kind] / turn.cloudstructs)),
  });
  const [own, used, whole] = [against('own'), against('used'), against('whole')];
  console.log(`\nload, ${LOADS} rounds: aws-cdk-lib ${say(cdk, 0)} ms, and after it`);
  for (const [what, { milliseconds, ratio }] of [
    ['this package', own], ['this package, its vault and its plan used', used], ['this package, all of it used', whole],
  ] as const) {
    console.log(`  ${what.padEnd(41)}  ${say(milliseconds, 1)} ms  ${say(ratio, 2)} × cloudstructs`);
  }
  console.log(`  ${'cloudstructs'.padEnd(41)}  ${say(cloudstructs, 1)} ms`);
  return { cdk, own, used, whole, cloudstructs };
}
