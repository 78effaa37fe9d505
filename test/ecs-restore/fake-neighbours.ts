import * as scalingModel from '@aws-sdk/client-application-auto-scaling';
import type { FakeEcs } from './fake-ecs';
import { refuseOthers, withTags } from './inputs';
import { PREFLIGHT_OPERATIONS } from './preflight-fake';
import { ACCOUNT, existing, failure, page } from '../ecs-config/fake-aws-apis';

/** Puts one that has the same name in the place of the old one. */
function put(list: any[], item: any, ...names: string[]): any {
  const index = list.findIndex((each) => names.every((name) => each[name] === item[name]));
  if (index >= 0) {
    list[index] = { ...list[index], ...item };
    return list[index];
  }
  list.push(item);
  return item;
}

function targetOf({ state }: FakeEcs, { ResourceId, ScalableDimension }: any): any {
  return existing(state.scalableTargets.find((each) => each.ResourceId === ResourceId && each.ScalableDimension === ScalableDimension), 'ObjectNotFoundException');
}

function ruleOf({ state }: FakeEcs, { Name, EventBusName = 'default' }: any): any {
  return existing(state.rules.find(({ rule }) => rule.Name === Name && rule.EventBusName === EventBusName), 'ResourceNotFoundException');
}

/** What belongs to Amazon ECS: scaling, what starts tasks, and what a service refers to. */
export const NEIGHBOURS: Record<string, (aws: FakeEcs, input: any) => any> = {
  'application-autoscaling:RegisterScalableTarget': (aws, input) => {
    refuseOthers(scalingModel, 'RegisterScalableTarget', input);
    const [, cluster, name] = input.ResourceId.split('/');
    if (aws.settled(aws.cluster(cluster), name)?.status !== 'ACTIVE') {
      throw failure('ValidationException'); // ECS service doesn't exist
    }
    put(aws.state.scalableTargets, { SuspendedState: {}, CreationTime: aws.seconds, ...input }, 'ResourceId', 'ScalableDimension');
    aws.changed(`scaling of ${input.ResourceId}`);
    return {};
  },
  'application-autoscaling:PutScalingPolicy': (aws, input) => {
    refuseOthers(scalingModel, 'PutScalingPolicy', input);
    targetOf(aws, input);
    const PolicyARN = `arn:aws:autoscaling:${aws.region}:${ACCOUNT}:scalingPolicy:${aws.next()}:resource/ecs/${input.ResourceId}:policyName/${input.PolicyName}`;
    put(aws.state.scalingPolicies, { CreationTime: aws.seconds, Alarms: [], PolicyARN, ...input }, 'ResourceId', 'ScalableDimension', 'PolicyName');
    aws.changed(`scaling of ${input.ResourceId}`);
    return { PolicyARN };
  },
  'application-autoscaling:PutScheduledAction': (aws, input) => {
    refuseOthers(scalingModel, 'PutScheduledAction', input);
    targetOf(aws, input);
    put(aws.state.scheduledActions, { CreationTime: aws.seconds, ScheduledActionARN: `arn:${aws.next()}`, ...input }, 'ResourceId', 'ScalableDimension', 'ScheduledActionName');
    aws.changed(`scaling of ${input.ResourceId}`);
    return {};
  },
  'events:PutRule': (aws, { Tags, ...input }) => {
    const { Name, EventBusName = 'default' } = input;
    if (!aws.state.eventBuses.includes(EventBusName)) {
      throw failure('ResourceNotFoundException');
    }
    const Arn = `arn:aws:events:${aws.region}:${ACCOUNT}:rule/${EventBusName === 'default' ? '' : `${EventBusName}/`}${Name}`;
    const found = aws.state.rules.find(({ rule }) => rule.Arn === Arn);
    if (found) {
      Object.assign(found.rule, input);
    } else {
      aws.state.rules.push({ rule: { Arn, EventBusName, ...input }, targets: [] });
      aws.ruleTags.set(Arn, Tags ?? []);
    }
    aws.changed(Arn);
    return { RuleArn: Arn };
  },
  'events:PutTargets': (aws, { Rule, EventBusName, Targets }) => {
    const { rule, targets } = ruleOf(aws, { Name: Rule, EventBusName });
    Targets.forEach((target: any) => put(targets, target, 'Id'));
    aws.changed(rule.Arn);
    return { FailedEntryCount: 0, FailedEntries: [] };
  },
  'events:ListTagsForResource': (aws, { ResourceARN }) => ({ Tags: aws.ruleTags.get(ResourceARN) ?? [] }),
  'events:TagResource': (aws, { ResourceARN, Tags }) => {
    aws.ruleTags.set(ResourceARN, withTags(aws.ruleTags.get(ResourceARN), Tags, 'Key'));
    aws.changed(ResourceARN);
    return {};
  },
  'scheduler:CreateSchedule': (aws, input) => {
    const { Name, GroupName = 'default' } = input;
    const Arn = `arn:aws:scheduler:${aws.region}:${ACCOUNT}:schedule/${GroupName}/${Name}`;
    if (aws.state.schedules.some((each) => each.Arn === Arn)) {
      throw failure('ConflictException', 409);
    }
    aws.state.schedules.push({ Arn, GroupName, CreationDate: aws.seconds, LastModificationDate: aws.seconds, ...input });
    aws.changed(Arn);
    return { ScheduleArn: Arn };
  },
  'scheduler:UpdateSchedule': (aws, { Name, GroupName, ...input }) => {
    const found = existing(aws.state.schedules.find((each) => each.Name === Name && each.GroupName === GroupName), 'ResourceNotFoundException');
    aws.changed(found.Arn);
    Object.assign(found, input, { LastModificationDate: aws.seconds });
    return { ScheduleArn: found.Arn };
  },
  'elasticloadbalancing:DescribeTargetHealth': (aws, { TargetGroupArn }) => {
    const services = aws.state.clusters.flatMap((each) => each.services).filter(({ loadBalancers = [] }) =>
      loadBalancers.some((each: any) => each.targetGroupArn === TargetGroupArn));
    const count = services.reduce((sum, { runningCount }) => sum + runningCount, 0);
    return { TargetHealthDescriptions: Array.from({ length: count }, (_, index) => ({ Target: { Id: `10.0.0.${index}` }, TargetHealth: { State: 'healthy' } })) };
  },
  'elasticloadbalancing:DescribeTargetGroups': ({ state }, { PageSize = 400, Marker }) => page(state.targetGroups, Math.min(PageSize, 400), Marker, ['TargetGroups', 'NextMarker']),
  'ec2:DescribeSubnets': ({ state }, { Filters, NextToken }) => page(
    state.subnets.filter(({ SubnetId }) => !Filters || Filters[0].Values.includes(SubnetId)), 100, NextToken, ['Subnets', 'NextToken']),
  'ec2:DescribeSecurityGroups': ({ state }, { Filters, NextToken }) => page(
    state.securityGroups.filter(({ GroupId }) => !Filters || Filters[0].Values.includes(GroupId)), 100, NextToken, ['SecurityGroups', 'NextToken']),
  'servicediscovery:ListServices': ({ state }, { Filters, NextToken }) => page(
    state.discoveryServices.filter(({ NamespaceId }) => !Filters || Filters[0].Values.includes(NamespaceId)).map(({ NamespaceId, ...service }) => service), 100, NextToken, ['Services', 'NextToken']),
  'ecr:BatchGetImage': (aws, input) => {
    const { repositoryName, registryId, imageIds: [{ imageTag }] } = input;
    if (registryId === undefined) {
      return PREFLIGHT_OPERATIONS['ecr:BatchGetImage'](aws.existing, input, aws.state); // a preflight, which asks for digests
    }
    if (registryId !== ACCOUNT) {
      throw failure('RepositoryNotFoundException');
    }
    const imageDigest = aws.digestOf(`${ACCOUNT}.dkr.ecr.${aws.region}.amazonaws.com/${repositoryName}:${imageTag}`);
    return imageDigest ? { images: [{ imageId: { imageDigest, imageTag } }], failures: [] } : { images: [], failures: [{ failureCode: 'ImageNotFound' }] };
  },
  's3:GetObject': ({ objects }, { Key }) => ({ Body: existing(objects.get(Key), 'NoSuchKey').body }),
};
