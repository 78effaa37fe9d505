import type { Sabotage } from './sabotage';
import { changeProperties, changeResources } from '../assembly/changes';
import { promisesOf } from '../drill/promises';

type Statement = { Sid?: string; Action: string | string[] };

/** Faults of what reports: events, alarms, and the topics that they use. */
export const SIGNALS: readonly Sabotage[] = [
  {
    fault: 'the central bus lets another organization in',
    put: (stacks) => changeProperties(stacks, 'AWS::Events::EventBusPolicy', ({ Statement }) => {
      Statement.Condition.StringEquals['aws:PrincipalOrgID'] = 'o-anotherorg34';
    }),
    breaks: ['deploy'], // PutTargets refuses the bus
  },
  {
    fault: 'the role of the rules that forward events may not put them on the central bus',
    put: (stacks) => changeProperties(stacks, 'AWS::IAM::Role', (properties, id) => {
      if (/EventForwarding/.test(id)) {
        properties.Policies[0].PolicyDocument.Statement[0].Action = 'events:PutRule';
      }
    }),
    breaks: ['quiet', 'alarms', 'events', 'tampering', 'delivered'],
  },
  {
    fault: 'CloudWatch Logs does not let the central rule write events',
    put: (stacks) => changeResources(stacks, () => (resource) => resource.Type === 'AWS::Logs::ResourcePolicy'
      ? JSON.parse(JSON.stringify(resource).replace('logs:PutLogEvents', 'logs:PutRetentionPolicy'))
      : resource),
    breaks: ['quiet', 'alarms', 'events', 'delivered'],
  },
  {
    fault: 'the central rule that logs events is disabled',
    put: (stacks) => changeProperties(stacks, 'AWS::Events::Rule', (properties) => {
      if (JSON.stringify(properties.Targets).includes(':log-group:')) {
        properties.State = 'DISABLED';
      }
    }),
    breaks: ['alarms', 'events'],
  },
  {
    fault: 'the alarms on failed copies watch the vault of the source',
    put: (stacks) => changeProperties(stacks, 'AWS::CloudWatch::Alarm', ({ Namespace, MetricName, Dimensions = [] }) => {
      if (Namespace === 'AWS/Backup' && MetricName === 'NumberOfCopyJobsFailed') {
        Dimensions[0].Value = promisesOf(stacks).source.name;
      }
    }),
    breaks: ['alarms'],
  },
  {
    fault: 'the metric filters count copies in a state that there is none of',
    put: (stacks) => changeProperties(stacks, 'AWS::Logs::MetricFilter', (properties) => {
      properties.FilterPattern = properties.FilterPattern.replace('($.detail.state = "FAILED"', '($.detail.state = "FAILURE"');
    }),
    breaks: ['alarms'],
  },
  {
    fault: 'the composite alarm sums nothing up',
    put: (stacks) => changeProperties(stacks, 'AWS::CloudWatch::CompositeAlarm', (properties) => {
      properties.AlarmRule = 'FALSE';
    }),
    breaks: ['alarms'],
  },
  {
    fault: 'CloudWatch may not use the keys of the topics',
    put: (stacks) => changeProperties(stacks, 'AWS::KMS::Key', ({ KeyPolicy }) => {
      KeyPolicy.Statement = KeyPolicy.Statement.filter(({ Sid }: Statement) => Sid !== 'CloudWatchUsesKey');
    }),
    breaks: ['delivered'],
  },
  {
    fault: 'CloudWatch may not publish to the topics',
    put: (stacks) => changeProperties(stacks, 'AWS::SNS::TopicPolicy', ({ PolicyDocument }) => {
      PolicyDocument.Statement = PolicyDocument.Statement.filter(({ Sid }: Statement) => Sid !== 'CloudWatchPublishes');
    }),
    breaks: ['delivered'],
  },
  {
    fault: 'the rules on the policy of the vault watch another vault',
    put: (stacks) => changeProperties(stacks, 'AWS::Events::Rule', (properties) => {
      const watched = `"backupVaultName":["${promisesOf(stacks).source.name}"]`;
      properties.EventPattern = JSON.parse(JSON.stringify(properties.EventPattern ?? null).replaceAll(watched, '"backupVaultName":["another"]'));
    }),
    breaks: ['tampering'],
  },
];
