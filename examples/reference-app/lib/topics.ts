import { Stack } from 'aws-cdk-lib';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { NotificationTopic } from 'cdk-backup-dr';
import type { IReplicatedBackupVault } from 'cdk-backup-dr';
import type { StageConfig } from '../config';

/**
 * One topic for all alarms of an account in each of its regions: an alarm publishes to its own region only.
 */
export interface Topics {
  readonly topic: ITopic;
  readonly replicaTopic?: ITopic;
}

export function defineTopics({ primary, replica }: IReplicatedBackupVault, { email }: StageConfig): Topics {
  const topicIn = (stack: Stack) => new NotificationTopic(stack, 'AlarmTopic', { emailAddresses: [email] }).topic;
  return { topic: topicIn(Stack.of(primary)), replicaTopic: replica && topicIn(Stack.of(replica)) };
}
