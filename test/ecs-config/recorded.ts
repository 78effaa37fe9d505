/**
 * Answers as AWS published them: of the reference of the AWS CLI and of the API, with the account where the publication has a
 * placeholder.
 */

/** @see https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-services.html */
export const SERVICE = {
  status: 'ACTIVE',
  taskDefinition: 'arn:aws:ecs:us-west-2:123456789012:task-definition/amazon-ecs-sample:1',
  pendingCount: 0,
  loadBalancers: [],
  desiredCount: 10,
  createdAt: 1466801808.595,
  serviceName: 'my-http-service',
  clusterArn: 'arn:aws:ecs:us-west-2:123456789012:cluster/default',
  serviceArn: 'arn:aws:ecs:us-west-2:123456789012:service/my-http-service',
  deployments: [{
    status: 'PRIMARY',
    pendingCount: 0,
    createdAt: 1466801808.595,
    desiredCount: 10,
    taskDefinition: 'arn:aws:ecs:us-west-2:123456789012:task-definition/amazon-ecs-sample:1',
    updatedAt: 1428326312.703,
    id: 'ecs-svc/1234567890123456789',
    runningCount: 10,
  }],
  events: [{
    message: '(service my-http-service) has reached a steady state.',
    id: 'a1b2c3d4-5678-90ab-cdef-11111EXAMPLE',
    createdAt: 1466801812.435,
  }],
  runningCount: 10,
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTaskDefinition.html */
export const TASK_DEFINITION = {
  containerDefinitions: [{
    name: 'wordpress',
    cpu: 10,
    environment: [],
    essential: true,
    image: 'wordpress',
    links: ['mysql'],
    memory: 500,
    mountPoints: [],
    portMappings: [{ containerPort: 80, hostPort: 80 }],
    volumesFrom: [],
  }, {
    name: 'mysql',
    cpu: 10,
    environment: [{ name: 'MYSQL_ROOT_PASSWORD', value: 'password' }],
    essential: true,
    image: 'mysql',
    memory: 500,
    mountPoints: [],
    portMappings: [],
    volumesFrom: [],
  }],
  family: 'hello_world',
  revision: 8,
  taskDefinitionArn: 'arn:aws:ecs:us-east-1:012345678910:task-definition/hello_world:8',
  volumes: [],
};

/** @see https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-service-revisions.html */
export const REVISION = {
  serviceRevisionArn: 'arn:aws:ecs:us-east-1:123456789012:service-revision/example-cluster/example-service/1485800978477494678',
  serviceArn: 'arn:aws:ecs:us-east-1:123456789012:service/example-cluster/example-service',
  clusterArn: 'arn:aws:ecs:us-east-1:123456789012:cluster/example-cluster',
  taskDefinition: 'arn:aws:ecs:us-east-1:123456789012:task-definition/webserver:5',
  capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1, base: 0 }],
  platformVersion: '1.4.0',
  platformFamily: 'Linux',
  networkConfiguration: {
    awsvpcConfiguration: {
      subnets: ['subnet-0d0eab1bb38d5ca64', 'subnet-0db5010045995c2d5'], securityGroups: ['sg-02556bf85a191f59a'], assignPublicIp: 'ENABLED',
    },
  },
  containerImages: [{
    containerName: 'aws-otel-collector',
    imageDigest: 'sha256:7a1b3560655071bcacd66902c20ebe9a69470d5691fe3bd36baace7c2f3c4640',
    image: 'public.ecr.aws/aws-observability/aws-otel-collector:v0.32.0',
  }, {
    containerName: 'web',
    imageDigest: 'sha256:28402db69fec7c17e179ea87882667f1e054391138f77ffaf0c3eb388efc3ffb',
    image: 'nginx',
  }],
  guardDutyEnabled: false,
  serviceConnectConfiguration: { enabled: false },
  createdAt: 1730376209.302,
};

/** @see https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-capacity-providers.html */
export const CAPACITY_PROVIDERS = [{
  capacityProviderArn: 'arn:aws:ecs:us-west-2:123456789012:capacity-provider/MyCapacityProvider',
  name: 'MyCapacityProvider',
  status: 'ACTIVE',
  autoScalingGroupProvider: {
    autoScalingGroupArn:
      'arn:aws:autoscaling:us-west-2:123456789012:autoScalingGroup:a1b2c3d4-5678-90ab-cdef-EXAMPLE11111:autoScalingGroupName/MyAutoScalingGroup',
    managedScaling: { status: 'ENABLED', targetCapacity: 100, minimumScalingStepSize: 1, maximumScalingStepSize: 1000 },
    managedTerminationProtection: 'ENABLED',
  },
  tags: [],
}, {
  capacityProviderArn: 'arn:aws:ecs:us-west-2:123456789012:capacity-provider/FARGATE',
  name: 'FARGATE',
  status: 'ACTIVE',
  tags: [],
}];

/** @see https://docs.aws.amazon.com/cli/latest/reference/ecr/get-lifecycle-policy.html */
export const LIFECYCLE_POLICY = '{"rules":[{"rulePriority":1,"description":"Expire images older than 14 days","selection":{"tagStatus":"untagged",'
  + '"countType":"sinceImagePushed","countUnit":"days","countNumber":14},"action":{"type":"expire"}}]}';

/** @see https://docs.aws.amazon.com/cli/latest/reference/ecs/describe-task-sets.html */
export const TASK_SET = {
  id: 'ecs-svc/1234567890123456789',
  taskSetArn: 'arn:aws:ecs:us-west-2:123456789012:task-set/MyCluster/MyService/ecs-svc/1234567890123456789',
  status: 'ACTIVE',
  taskDefinition: 'arn:aws:ecs:us-west-2:123456789012:task-definition/sample-fargate:2',
  computedDesiredCount: 0,
  pendingCount: 0,
  runningCount: 0,
  createdAt: 1557207715.195,
  updatedAt: 1557207740.014,
  launchType: 'EC2',
  networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-12344321'], securityGroups: ['sg-1234431'], assignPublicIp: 'DISABLED' } },
  loadBalancers: [],
  serviceRegistries: [],
  scale: { value: 0.0, unit: 'PERCENT' },
  stabilityStatus: 'STEADY_STATE',
  stabilityStatusAt: 1557207740.014,
};

/** @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_service_deployment_events.html */
export const DEPLOYMENT_EVENT = {
  'version': '0',
  'id': 'ddca6449-b258-46c0-8653-e0e3a6EXAMPLE',
  'detail-type': 'ECS Deployment State Change',
  'source': 'aws.ecs',
  'account': '111122223333',
  'time': '2020-05-23T12:31:14Z',
  'region': 'us-west-2',
  'resources': ['arn:aws:ecs:us-west-2:111122223333:service/default/servicetest'],
  'detail': {
    eventType: 'INFO',
    eventName: 'SERVICE_DEPLOYMENT_IN_PROGRESS',
    deploymentId: 'ecs-svc/123',
    updatedAt: '2020-05-23T11:11:11Z',
    reason: 'ECS deployment deploymentId in progress.',
  },
};
