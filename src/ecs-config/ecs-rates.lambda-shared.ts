import type { Rates } from '../capture/pacing.lambda-shared';

/**
 * Calls a second that AWS sustains for an account in a region.
 *
 * @see https://docs.aws.amazon.com/general/latest/gr/ecs-service.html
 */
export const ECS_RATES: Rates = {
  'ecs:ListServices': 1,
  'ecs': 20,
  // AWS does not document these: they are low enough for any account.
  'application-autoscaling': 10,
  'elasticloadbalancing': 10,
  'servicediscovery': 20,
  'events': 20,
  'scheduler': 20,
  'ec2': 20,
  'ecr': 20,
};
