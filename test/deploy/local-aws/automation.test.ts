import { CloudFormationClient, CreateStackCommand, waitUntilStackCreateComplete } from '@aws-sdk/client-cloudformation';
import {
  DescribeAutomationStepExecutionsCommand, GetAutomationExecutionCommand, SendAutomationSignalCommand, SSMClient, StartAutomationExecutionCommand,
  StopAutomationExecutionCommand,
} from '@aws-sdk/client-ssm';
import type { AutomationExecution } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Duration, Stack } from 'aws-cdk-lib';
import { AccountRootPrincipal, Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { CfnDocument } from 'aws-cdk-lib/aws-ssm';
import { LocalAws } from './local-aws';

const ACCOUNT = '222222222222';
const REGION = 'eu-west-2';

/** Is done in the third round. */
const HANDLER = `
exports.handler = async ({ round, reason }) => {
  if (reason === 'break') { throw new Error('broken'); }
  return { outcome: round < 3 ? 'ASK_AGAIN' : 'DONE', at: new Date().toISOString() };
};`;

let aws: LocalAws;

beforeAll(async () => {
  aws = await LocalAws.start();
  await deploy();
});
afterAll(() => aws.stop());

test('a runbook asks its function until it is done, by simulated time, after it was approved', async () => {
  const started = await start('drill');
  await aws.clock.forward({ seconds: 1 });
  expect((await execution(started)).AutomationExecutionStatus).toBe('Waiting');

  await (await as('Boss')).send(new SendAutomationSignalCommand({ AutomationExecutionId: started, SignalType: 'Approve' }));
  await aws.clock.forward({ hours: 1 });

  const ended = await execution(started);
  expect(ended.AutomationExecutionStatus).toBe('Success');
  expect(ended.StepExecutions!.filter(({ StepName }) => StepName === 'ask').map(({ StepStatus, ParentStepDetails }) => [StepStatus, ParentStepDetails?.Iteration]))
    .toEqual([['Success', 1], ['Success', 2], ['Success', 3]]);
  const minutes = (ended.ExecutionEndTime!.getTime() - ended.ExecutionStartTime!.getTime()) / 60_000;
  expect(Math.floor(minutes)).toBe(9);
  const { StepExecutions } = await root().send(new DescribeAutomationStepExecutionsCommand({
    AutomationExecutionId: started, Filters: [{ Key: 'StepName', Values: ['ask'] }],
  }));
  expect(StepExecutions).toHaveLength(3);
});

test('the function is called by the role of the document, in the name of the execution', async () => {
  const calls = (await aws.calls()).filter(({ service, action }) => service === 'lambda' && action === 'Invoke');

  expect(calls.map(({ principal, outcome }) => [principal.replace(/[0-9a-f-]{36}$/, '<id>'), outcome]))
    .toEqual(Array(3).fill([`arn:aws:sts::${ACCOUNT}:assumed-role/Runs/Automation-<id>`, 'OK']));
});

test('an error of the function fails the run, and the clock does not go on without its answer', async () => {
  const started = await start('break');
  await aws.clock.forward({ seconds: 1 });
  await (await as('Boss')).send(new SendAutomationSignalCommand({ AutomationExecutionId: started, SignalType: 'Approve' }));
  await aws.clock.forward({ days: 1 });

  const ended = await execution(started);
  expect(ended.AutomationExecutionStatus).toBe('Failed');
  expect(ended.ExecutionEndTime!.getTime() - ended.ExecutionStartTime!.getTime()).toBeLessThan(60_000);
});

test('a run that was stopped is Cancelled, and what is no parameter of it is refused', async () => {
  await expect(start('NO')).rejects.toThrow('"NO" of parameter "Reason" does not match ^[a-z]+$.');
  const started = await start('drill');

  await root().send(new StopAutomationExecutionCommand({ AutomationExecutionId: started, Type: 'Cancel' }));

  expect((await execution(started)).AutomationExecutionStatus).toBe('Cancelled');
});

const root = () => aws.client(SSMClient, ACCOUNT, REGION);

async function as(role: string): Promise<SSMClient> {
  const { Credentials } = await aws.client(STSClient, ACCOUNT, REGION)
    .send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, RoleSessionName: 'night' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials!;
  return aws.client(SSMClient, ACCOUNT, REGION, { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken });
}

async function start(reason: string): Promise<string> {
  const { AutomationExecutionId } = await root().send(new StartAutomationExecutionCommand({
    DocumentName: 'Runbook', DocumentVersion: '$LATEST', Parameters: { Reason: [reason] },
  }));
  return AutomationExecutionId!;
}

async function execution(id: string): Promise<AutomationExecution> {
  const { AutomationExecution: found } = await root().send(new GetAutomationExecutionCommand({ AutomationExecutionId: id }));
  return found!;
}

async function deploy(): Promise<void> {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, 'runbook', { env: { account: ACCOUNT, region: REGION } });
  const handler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_22_X, handler: 'index.handler', code: Code.fromInline(HANDLER), timeout: Duration.minutes(1),
  });
  const runs = new Role(stack, 'Runs', { roleName: 'Runs', assumedBy: new ServicePrincipal('ssm.amazonaws.com') });
  handler.grantInvoke(runs);
  const boss = new Role(stack, 'Boss', { roleName: 'Boss', assumedBy: new AccountRootPrincipal() });
  Grant.addToPrincipal({ grantee: boss, actions: ['ssm:SendAutomationSignal'], resourceArns: [`arn:aws:ssm:${REGION}:${ACCOUNT}:automation-execution/*`] });
  new CfnDocument(stack, 'Document', {
    name: 'Runbook',
    documentType: 'Automation',
    updateMethod: 'NewVersion',
    content: {
      schemaVersion: '0.3',
      assumeRole: runs.roleArn,
      parameters: { Reason: { type: 'String', allowedPattern: '^[a-z]+$' } },
      mainSteps: [
        { name: 'approve', action: 'aws:approve', inputs: { Approvers: [boss.roleArn] } },
        {
          name: 'work',
          action: 'aws:loop',
          inputs: {
            MaxIterations: 10,
            LoopCondition: { Variable: '{{ ask.Payload }}', Contains: 'ASK_AGAIN' },
            Steps: [
              {
                name: 'ask',
                action: 'aws:invokeLambdaFunction',
                inputs: { FunctionName: handler.functionArn, InputPayload: { round: '{{ work.CurrentIteration }}', reason: '{{ Reason }}' } },
              },
              { name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT3M' } },
            ],
          },
        },
      ],
    },
  });
  const { template } = app.synth().getStackByName('runbook');
  delete template.Rules; // the version of the bootstrap stack
  delete template.Parameters;
  const client = aws.client(CloudFormationClient, ACCOUNT, REGION);
  await client.send(new CreateStackCommand({ StackName: 'runbook', TemplateBody: JSON.stringify(template), Capabilities: ['CAPABILITY_NAMED_IAM'] }));
  await waitUntilStackCreateComplete({ client, maxWaitTime: 60, minDelay: 1, maxDelay: 1 }, { StackName: 'runbook' });
}
