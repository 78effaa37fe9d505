import type { StackProps } from 'aws-cdk-lib';
import type { StageConfig } from '../config';

export interface ConfiguredStackProps extends StackProps {
  readonly config: StageConfig;
}
