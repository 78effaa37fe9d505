import { changeFunctions, changeNamedRole, dropStatement, replaceIn } from './faults';
import type { Properties } from './faults';
import type { Sabotage } from './sabotage';
import type { AssemblyStack } from '../assembly/assembly';
import { changeProperties } from '../assembly/changes';
import { promisesOf } from '../drill/promises';

const CAPTURES = ['capture:daily', 'capture:evening', 'capture:weekly'];
const ROLE = 'acme-prod-ecs-capture-role';

/** Faults of what captures configuration and keeps it; in the stage prod. */
export const CONFIGURATION: readonly Sabotage[] = [
  {
    fault: 'the handler drops a member of what AWS answers',
    put: (stacks) => changeFunctions(stacks, 'return answers.flatMap(({ services = [] }) => services);',
      'return answers.flatMap(({ services = [] }) => services).map(({ deploymentConfiguration, ...service }) => service);'),
    breaks: CAPTURES,
  },
  {
    fault: 'the handler forgets how services scale',
    put: (stacks) => changeFunctions(stacks, 'policies: of(policies, id, "PolicyName")', 'policies: []'),
    breaks: CAPTURES,
  },
  {
    fault: 'the handler loses the digests of images',
    put: (stacks) => changeFunctions(stacks, 'deployed?.imageDigest', 'undefined'),
    breaks: CAPTURES,
  },
  {
    fault: 'the hash leaves out how services scale',
    put: (stacks) => changeFunctions(stacks, '"services.*.scaling.policies.*.CreationTime"', '"services.*.scaling.policies"'),
    breaks: ['capture:change'],
  },
  {
    fault: 'the hash has a time in it that changes with each capture',
    put: (stacks) => changeFunctions(stacks, '"begunAt",', ''),
    breaks: ['capture:change'],
  },
  {
    fault: 'the evening schedule is disabled',
    put: (stacks) => changeProperties(stacks, 'AWS::Scheduler::Schedule', (properties) => {
      if (properties.ScheduleExpression === 'cron(0 17 ? * * *)') {
        properties.State = 'DISABLED';
      }
    }),
    breaks: ['capture:evening'],
  },
  {
    fault: 'the policy of the bucket lets another role in',
    put: (stacks) => ofBucket(stacks, 'AWS::S3::BucketPolicy', (properties) => replaceIn(properties, ROLE, 'acme-prod-ecs-captur-role')),
    breaks: ['quiet', ...CAPTURES], // a capture of the deployment fails too, before the backup is made
  },
  {
    fault: 'the key of the bucket is for another role',
    put: (stacks) => ofBucket(stacks, 'AWS::KMS::Key', (properties) => replaceIn(properties, ROLE, 'acme-prod-ecs-captur-role')),
    breaks: ['quiet', ...CAPTURES], // a capture of the deployment fails too, before the backup is made
  },
  {
    fault: 'the rule on how services scale is disabled',
    put: (stacks) => changeProperties(stacks, 'AWS::Events::Rule', (properties) => {
      if (JSON.stringify(properties).includes('"PutScalingPolicy"')) {
        properties.State = 'DISABLED';
      }
    }),
    breaks: ['capture:change'],
  },
  {
    fault: 'captures wait in standard queues',
    put: (stacks) => changeProperties(stacks, 'AWS::SQS::Queue', (properties) => {
      ['FifoQueue', 'QueueName', 'ContentBasedDeduplication'].forEach((name) => delete properties[name]);
    }),
    breaks: ['capture:one-at-a-time'],
  },
  {
    fault: 'the handler puts each capture into a group of its own',
    put: (stacks) => changeFunctions(stacks, '.update(target).digest("hex")', '.update(target + Math.random()).digest("hex")'),
    breaks: ['capture:one-at-a-time'],
  },
  {
    fault: 'the handler does not ask for scheduled actions, which its role may read',
    put: (stacks) => changeFunctions(stacks, 'readOfScaled(call, "DescribeScheduledActions", "ScheduledActions", scaled)', '[]'),
    breaks: ['capture:least-privilege'],
  },
  {
    fault: 'the role that replicates may not encrypt the replicas',
    put: (stacks) => ofBucket(stacks, 'AWS::IAM::Role', (properties) => dropStatement(properties, 'EncryptReplicas')),
    breaks: ['capture:replica'],
  },
  {
    fault: 'the handler does not ask for a lock',
    put: (stacks) => settings(stacks, ({ bucket }) => { delete bucket.lockMode; }),
    breaks: ['capture:retention'],
  },
  {
    fault: 'the handler asks for a lock that can be bypassed',
    put: (stacks) => settings(stacks, ({ bucket }) => { bucket.lockMode = 'GOVERNANCE'; }),
    breaks: ['capture:retention', 'refuse:delete-snapshot'],
  },
  {
    fault: 'snapshots of the evening are deleted later',
    put: (stacks) => ofBucket(stacks, 'AWS::S3::Bucket', ({ LifecycleConfiguration }) => {
      LifecycleConfiguration.Rules.find(({ Prefix }: Properties) => Prefix === 'evening/').ExpirationInDays = 70;
    }),
    breaks: ['capture:retention'],
  },
  {
    fault: 'the role that captures may read what it has written',
    put: (stacks) => readable(stacks),
    breaks: ['refuse:read-snapshot'],
  },
  {
    fault: 'the policy of the bucket does not limit how long a snapshot is kept',
    put: (stacks) => ofBucket(stacks, 'AWS::S3::BucketPolicy', ({ PolicyDocument }) => without(PolicyDocument, 'LimitRetention')),
    breaks: ['refuse:write-snapshot'],
  },
  {
    fault: 'the policy of the bucket lets a snapshot be overwritten',
    put: (stacks) => ofBucket(stacks, 'AWS::S3::BucketPolicy', ({ PolicyDocument }) => without(PolicyDocument, 'DenyOverwrites')),
    breaks: ['refuse:write-snapshot'],
  },
  {
    fault: 'the service does not run the image that is pushed',
    put: (stacks) => changeProperties(stacks, 'AWS::ECS::TaskDefinition', ({ ContainerDefinitions }) => {
      ContainerDefinitions[0].Image['Fn::Join'][1].splice(-1, 1, `@sha256:${'0'.repeat(64)}`);
    }),
    // The tags of an image that is not in the repository are not read.
    breaks: ['image', 'capture:least-privilege'],
  },
];

/** Changes what belongs to the bucket of snapshots, in its own stack. */
function ofBucket(stacks: readonly AssemblyStack[], type: string, change: (properties: Properties) => void): AssemblyStack[] {
  const { bucket } = promisesOf(stacks).captures;
  return changeProperties(stacks, type, (properties, id, { account, region }) => {
    if (account === bucket.account && region === bucket.region && id.startsWith('Configuration')) {
      change(properties);
    }
  });
}

function settings(stacks: readonly AssemblyStack[], change: (settings: Properties) => void): AssemblyStack[] {
  return changeProperties(stacks, 'AWS::Lambda::Function', ({ Environment }) => {
    const variables = Environment?.Variables ?? {};
    if (variables.CAPTURE_SETTINGS !== undefined) {
      const changed = JSON.parse(variables.CAPTURE_SETTINGS) as Properties;
      change(changed);
      variables.CAPTURE_SETTINGS = JSON.stringify(changed);
    }
  });
}

/** Opens the bucket and its key on both sides. */
function readable(stacks: readonly AssemblyStack[]): AssemblyStack[] {
  const { bucket, account } = promisesOf(stacks).captures;
  const principal = { AWS: `arn:aws:iam::${account}:role/${ROLE}` };
  const open = [{ Effect: 'Allow', Action: 's3:GetObject', Resource: `arn:aws:s3:::${bucket.name}/*` }, { Effect: 'Allow', Action: 'kms:Decrypt', Resource: '*' }];
  const own = changeNamedRole(stacks, ROLE, ({ Policies }) => { Policies[0].PolicyDocument.Statement.push(...open); });
  const withPolicy = ofBucket(own, 'AWS::S3::BucketPolicy', ({ PolicyDocument }) => { PolicyDocument.Statement.push({ ...open[0], Principal: principal }); });
  return ofBucket(withPolicy, 'AWS::KMS::Key', ({ KeyPolicy }) => { KeyPolicy.Statement.push({ ...open[1], Principal: principal }); });
}

function without(document: Properties, sid: string): void {
  document.Statement = document.Statement.filter(({ Sid }: Properties) => Sid !== sid);
}
