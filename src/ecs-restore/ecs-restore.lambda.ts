import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { CreateScheduleCommand, GetScheduleGroupCommand, UpdateScheduleCommand } from '@aws-sdk/client-scheduler';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListServicesCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { DescribeParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { ECS_RESTORE } from './ecs-restore-steps.lambda-shared';
import { rawJson } from '../capture/aws-call.lambda-shared';
import type { Call } from '../capture/aws-call.lambda-shared';
import { callOf, clusterApis } from '../ecs-config/ecs-apis.lambda-shared';
import { runbookHandler } from '../execution/runbook-handler.lambda-shared';
import type { RunbookSettings } from '../execution/runbook.contract';

export const handler = runbookHandler(ECS_RESTORE, connect);

function connect({ bucket }: RunbookSettings): Call {
  const { json, others, clients: { balancing, scheduler, s3 } } = clusterApis(bucket.region);
  const iam = iamClient();
  const logs = new CloudWatchLogsClient({});
  const quotas = new ServiceQuotasClient({});
  const secrets = new SecretsManagerClient({});
  const ssm = new SSMClient({});
  return callOf({
    json: {
      ...json,
      logs: (operation, input) => rawJson(logs, new DescribeLogGroupsCommand({}), operation, input),
      servicequotas: (operation, input) => rawJson(quotas, new ListServicesCommand({}), operation, input),
      secretsmanager: (operation, input) => rawJson(secrets, new ListSecretsCommand({}), operation, input),
      ssm: (operation, input) => rawJson(ssm, new DescribeParametersCommand({}), operation, input),
    },
    others: {
      ...others,
      'scheduler:GetScheduleGroup': (input) => rawJson(scheduler, new GetScheduleGroupCommand(input)),
      'scheduler:CreateSchedule': (input) => rawJson(scheduler, new CreateScheduleCommand(named(input)), 'CreateSchedule', input),
      'scheduler:UpdateSchedule': (input) => rawJson(scheduler, new UpdateScheduleCommand(named(input)), 'UpdateSchedule', input),
      'elasticloadbalancing:DescribeTargetHealth': (input) => balancing.send(new DescribeTargetHealthCommand(input)),
      'iam:GetRole': (input) => iam.send(new GetRoleCommand(input)),
      's3:GetObject': async (input) => {
        const { Body, ...answer } = await s3.send(new GetObjectCommand(input));
        return { ...answer, Body: await Body?.transformToByteArray() };
      },
    },
  });
}

/** IAM is in one Region of a partition, which may be the lost one. What it does not answer twice is not checked, and the run goes on. */
export function iamClient(requestTimeout = 10_000): IAMClient {
  return new IAMClient({ maxAttempts: 2, requestHandler: { connectionTimeout: requestTimeout / 2, requestTimeout, throwOnRequestTimeout: true } });
}

/** What a client needs of a schedule to write the address of the call. The body is written apart, with all members. */
function named({ Name }: { Name: string }) {
  return { Name, ScheduleExpression: '', Target: { Arn: '', RoleArn: '' }, FlexibleTimeWindow: { Mode: 'OFF' as const } };
}
