import { dev } from './dev';
import { prod } from './prod';
import type { StageConfig } from './types';

export type { StageConfig } from './types';

const stages: Record<string, StageConfig> = { dev, prod };

/**
 * The stage that was asked for with `-c stage=<stage>`.
 */
export function configOf(stage: unknown): StageConfig {
  const config = typeof stage === 'string' && Object.hasOwn(stages, stage) ? stages[stage] : undefined;
  if (!config) {
    throw new Error(`choose a stage with '-c stage=<stage>', one of ${Object.keys(stages).join(', ')}; got ${stage ?? 'none'}`);
  }
  return config;
}
