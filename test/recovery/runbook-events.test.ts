import { Setup } from './setup';
import { match } from '../event-patterns';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

const NAME = 'restore-shop';
const EXECUTION = '333ba70b-2333-48db-b17e-a5e69c6f4d1c';

function event(detailType: string, detail: object): Record<string, unknown> {
  return {
    'version': '0',
    'id': 'd290ece9-1088-4383-9df6-cd5b4ac42b99',
    'detail-type': detailType,
    'source': 'aws.ssm',
    'account': INFRASTRUCTURE,
    'time': '2024-11-29T19:43:35Z',
    'region': LONDON,
    'resources': [`arn:aws:ssm:${LONDON}:${INFRASTRUCTURE}:automation-execution/${EXECUTION}`, `arn:aws:ssm:${LONDON}:${INFRASTRUCTURE}:automation-definition/${NAME}:1`],
    'detail': { ExecutionId: EXECUTION, Definition: NAME, DefinitionVersion: 1.0, StartTime: 'Nov 29, 2024 7:43:20 PM', EndTime: 'Nov 29, 2024 7:43:26 PM', Time: 5753.0, ...detail },
  };
}

/** As in AWS's page of example events. */
const execution = (Status: string, rest: object = {}) => event('EC2 Automation Execution Status-change Notification', { Status, ExecutedBy: 'arn:aws:iam::123456789012:user/userName', ...rest });
const step = (Status: string, Action: string, rest: object = {}) => event('EC2 Automation Step Status-change Notification', { Status, StepName: 'approve', Action, ...rest });

const EVENTS: Record<string, Record<string, unknown>> = {
  'started': execution('InProgress'),
  'complete': execution('Success'),
  'failed': execution('Failed'),
  'stopped': execution('Cancelled'),
  'timed out': execution('TimedOut'),
  'rejected': execution('Rejected'),
  'being stopped': execution('Cancelling'),
  'of another document': execution('Failed', { Definition: 'other' }),
  'waiting for approval': step('Waiting', 'aws:approve'),
  'approved': step('Success', 'aws:approve'),
  'a failed step': step('Failed', 'aws:invokeLambdaFunction'),
  'an approval of another document': step('Waiting', 'aws:approve', { Definition: 'other' }),
};

/** The rules of a runbook by what their names say, and the events that each matches. */
function matched(setup: Setup): Record<string, string[]> {
  const rules = setup.rendered.all('AWS::Events::Rule').map(({ Name, EventPattern }) => [/-([A-Za-z]+)-[0-9a-f]{8}$/.exec(Name)![1], EventPattern] as const);
  const cases = rules.flatMap(([name, pattern]) => Object.entries(EVENTS).map(([what, each]) => ({ name: `${name}: ${what}`, rule: name, what, pattern, event: each })));
  const results = match(cases);
  return Object.fromEntries(rules.map(([name]) => [name, cases.filter(({ rule }, index) => rule === name && results[index] === 'matches').map(({ what }) => what)]));
}

test('messages are published when a run starts, is complete, fails, is stopped, times out, and waits for approval; what ended early gets its record', () => {
  const setup = new Setup();
  setup.define({ documentName: NAME, approvers: [`arn:aws:iam::${INFRASTRUCTURE}:role/Approver`] });

  expect(matched(setup)).toEqual({
    Progress: ['started', 'complete'],
    NotComplete: ['failed', 'stopped', 'timed out', 'rejected'],
    Approval: ['waiting for approval'],
    Record: ['failed', 'stopped', 'timed out', 'rejected'],
  });
});

test('a runbook without approvers has no rule on approvals', () => {
  const setup = new Setup();
  setup.define({ documentName: NAME });

  expect(Object.keys(matched(setup))).toEqual(['Progress', 'NotComplete', 'Record']);
});

test('a message says what happened to which run, by whom, and where to look', () => {
  const setup = new Setup();
  setup.define({ documentName: NAME });
  const { InputPathsMap, InputTemplate } = setup.rendered.only('AWS::Events::Rule', ({ Name }) => Name.includes('NotComplete')).Targets[0].InputTransformer;
  const values: Record<string, string> = { account: INFRASTRUCTURE, region: LONDON, time: '2024-11-29T19:43:35Z', runbook: NAME, execution: EXECUTION, status: 'Failed', by: 'arn:aws:iam::123456789012:user/userName' };

  expect(InputPathsMap).toEqual({
    account: '$.account', region: '$.region', time: '$.time', runbook: '$.detail.Definition', execution: '$.detail.ExecutionId', status: '$.detail.Status', by: '$.detail.ExecutedBy',
  });
  expect(JSON.parse(InputTemplate.replace(/<(\w+)>/g, (_: string, name: string) => values[name]))).toEqual({
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: 'CRITICAL: Run of runbook restore-shop: Failed, account 222222222222, region eu-west-2',
      description: 'Started by arn:aws:iam::123456789012:user/userName. Nothing is rolled back. Start the runbook again to complete the recovery. Account 222222222222, region eu-west-2, 2024-11-29T19:43:35Z.',
      nextSteps: [
        'Read its record, which contains completed work, remaining work and the reasons: https://eu-west-2.console.aws.amazon.com/systems-manager/automation/execution/333ba70b-2333-48db-b17e-a5e69c6f4d1c?region=eu-west-2',
      ],
    },
  });
});

test.each([
  ['us-gov-west-1', 'aws-us-gov', 'https://us-gov-west-1.console.amazonaws-us-gov.com/systems-manager/automation/execute/restore-shop?region=us-gov-west-1'],
  ['cn-north-1', 'aws-cn', 'https://cn-north-1.console.amazonaws.cn/systems-manager/automation/execute/restore-shop?region=cn-north-1'],
])('the pages of the console in %s are those of its partition', (region, partition, url) => {
  const stack = stackIn(INFRASTRUCTURE, region);
  const setup = new Setup({}, LONDON, stack);
  const { consoleUrl } = setup.define({ documentName: NAME, bucket: setup.bucketIn(stack), approvers: [`arn:${partition}:iam::${INFRASTRUCTURE}:role/Approver`] }, { sourceRegion: region });

  expect(consoleUrl).toBe(url);
  const texts = setup.rendered.all('AWS::Events::Rule').flatMap(({ Targets }) => Targets[0].InputTransformer?.InputTemplate ?? []);
  expect(texts.map((text) => /https:\/\/\S+?\/systems-manager/.exec(text)![0])).toEqual(
    Array(3).fill(`https://<region>.${new URL(url).host.slice(region.length + 1)}/systems-manager`));
});

test('what the function could not record goes into the queue of undelivered events, whose alarm reports it', () => {
  const setup = new Setup();
  setup.define({ documentName: NAME });
  const { DeadLetterConfig: { Arn } } = setup.rendered.only('AWS::Events::Rule', ({ Name }) => Name.includes('Record')).Targets[0];

  expect(setup.rendered.only('AWS::Lambda::EventInvokeConfig')).toEqual({
    FunctionName: 'RestoreHandlerE9B29CA8', Qualifier: '$LATEST', DestinationConfig: { OnFailure: { Destination: Arn } },
  });
  expect(setup.rendered.only('AWS::CloudWatch::Alarm', ({ Namespace }) => Namespace === 'AWS/SQS').Dimensions).toEqual([{ Name: 'QueueName', Value: expect.stringContaining(Arn.split(':').pop()) }]);
});

test('only the rule on runs that ended early may invoke the function', () => {
  const setup = new Setup();
  setup.define({ documentName: NAME });
  const rule = setup.rendered.only('AWS::Events::Rule', ({ Name }) => Name.includes('Record'));

  expect(rule.Targets).toEqual([expect.objectContaining({ Arn: `arn:aws:lambda:${LONDON}:${INFRASTRUCTURE}:function:RestoreHandlerE9B29CA8` })]);
  expect(setup.rendered.all('AWS::Lambda::Permission')).toEqual([{
    Action: 'lambda:InvokeFunction',
    FunctionName: `arn:aws:lambda:${LONDON}:${INFRASTRUCTURE}:function:RestoreHandlerE9B29CA8`,
    Principal: 'events.amazonaws.com',
    SourceAccount: INFRASTRUCTURE,
    SourceArn: `arn:aws:events:${LONDON}:${INFRASTRUCTURE}:rule/${rule.Name}`,
  }]);
});
