import type { AutomationDocument, DocumentParameter, DocumentStep } from '../document';
import { lintDocument } from './lint';

type Writable<T> = { -readonly [key in keyof T]: T[key] };
type Changeable = Writable<DocumentStep> & { inputs: Record<string, never> };
type Runbook = Omit<Writable<AutomationDocument>, 'parameters'> & { parameters: Record<string, Writable<DocumentParameter>> };

/** A runbook as ours are: asks until it is done, is approved, works, and ends in a failure that can't succeed. */
function runbook(): Runbook {
  const invoke = (name: string): DocumentStep => ({
    name,
    action: 'aws:invokeLambdaFunction',
    description: `Does ${name}.`,
    timeoutSeconds: 270,
    onFailure: 'step:recordFailure',
    inputs: { FunctionName: 'arn:aws:lambda:eu-west-1:111111111111:function:runbook', InputPayload: { step: name, reason: '{{ Reason }}', run: '{{ automation:EXECUTION_ID }}' } },
  });
  return {
    schemaVersion: '0.3',
    description: 'Brings back what was lost.',
    assumeRole: 'arn:aws:iam::111111111111:role/runbook',
    parameters: {
      Reason: { type: 'String', description: 'Why.', allowedPattern: '^[ -~]{1,200}$' },
      DryRun: { type: 'String', description: 'Only the plan.', allowedValues: ['true', 'false'], default: 'false' },
    },
    mainSteps: [
      {
        name: 'plan',
        action: 'aws:loop',
        description: 'Makes a plan.',
        onFailure: 'step:recordFailure',
        inputs: {
          MaxIterations: 100,
          LoopCondition: { Variable: '{{ planAsk.Payload }}', Contains: 'ASK_AGAIN' },
          Steps: [{ ...invoke('planAsk'), onFailure: undefined }, { name: 'planRest', action: 'aws:sleep', description: 'Waits.', inputs: { Duration: 'PT3M' } }],
        },
      },
      {
        name: 'planOnly',
        action: 'aws:branch',
        description: 'Ends a dry run.',
        inputs: { Choices: [{ NextStep: 'record', And: [{ Variable: '{{ DryRun }}', StringEquals: 'true' }, { Variable: '{{ planAsk.Payload }}', Contains: 'DONE' }] }], Default: 'approve' },
      },
      {
        name: 'approve',
        action: 'aws:approve',
        description: 'Waits for an approval.',
        timeoutSeconds: 604800,
        onFailure: 'step:recordFailure',
        inputs: { Approvers: ['arn:aws:iam::111111111111:role/Boss'], MinRequiredApprovals: 1, Message: '{{ planAsk.Payload }}', NotificationArn: 'arn:aws:sns:eu-west-1:111111111111:AutomationApprovals' },
      },
      { ...invoke('work'), nextStep: 'record' },
      { ...invoke('record'), onFailure: 'step:fail', isEnd: true },
      { ...invoke('recordFailure'), onFailure: 'step:fail', nextStep: 'fail' },
      {
        name: 'fail',
        action: 'aws:assertAwsResourceProperty',
        description: 'Ends the run as failed.',
        isEnd: true,
        inputs: { Service: 'sts', Api: 'GetCallerIdentity', PropertySelector: '$.Account', DesiredValues: ['none'] },
      },
    ],
    outputs: ['record.Payload'],
  } as never;
}


/** What the lint says of a runbook in which something was changed. */
function problemsOf(change: (document: Runbook, step: (name: string) => Changeable) => void, name = 'Bring-back_1.0'): string[] {
  const document = runbook();
  const inner = document.mainSteps[0].inputs.Steps as DocumentStep[];
  change(document, (wanted) => [...document.mainSteps, ...inner].find((step) => step.name === wanted) as Changeable);
  return lintDocument(name, document);
}

test('a sound runbook has no problems', () => {
  expect(problemsOf(() => undefined)).toEqual([]);
});

test.each<[string, Parameters<typeof problemsOf>[0], string]>([
  // AWS's schema
  ['another schema version', (document) => { document.schemaVersion = '2.2'; }, 'document/schemaVersion: must be equal to one of the allowed values (0.3)'],
  ['an action that AWS does not have', (_, step) => { step('work').action = 'aws:dance'; }, 'step work/action: must be equal to one of the allowed values (aws:approve'],
  ['a property that AWS does not have', (_, step) => { (step('work') as { next?: string }).next = 'record'; }, 'step work: must NOT have additional properties (next)'],
  ['an action in a loop that AWS does not have', (_, step) => { step('planAsk').action = 'aws:dance'; }, 'step planAsk/action: must be equal'],
  ['a function without its name', (_, step) => { delete (step('work').inputs as { FunctionName?: string }).FunctionName; }, "step work/inputs: must have required property 'FunctionName'"],
  ['a type that parameters do not have', (document) => { document.parameters.Reason.type = 'Text'; }, 'document/parameters/Reason/type: must be equal'],
  // the flow
  ['a next step that does not exist', (_, step) => { step('work').nextStep = 'rest'; }, 'step work: it leads to rest, which is no step of the document'],
  ['a choice that does not exist', (_, step) => { step('planOnly').inputs.Default = 'ask' as never; }, 'step planOnly: it leads to ask, which is no step of the document'],
  ['a next step outside of a loop', (_, step) => { step('planRest').nextStep = 'work'; }, 'step planRest: it leads to work, which is no step of its loop'],
  ['a failure that leads nowhere', (_, step) => { step('work').onFailure = 'step:nowhere'; }, 'step work: its onFailure names nowhere, which is no step of the document'],
  ['a failure that leads out of a loop', (_, step) => { step('planAsk').onFailure = 'step:recordFailure'; }, 'step planAsk: its onFailure names recordFailure, which is no step of its loop'],
  ['a cancellation that leads nowhere', (_, step) => { step('work').onCancel = 'step:nowhere'; }, 'step work: its onCancel names nowhere, which is no step'],
  ['a step that is never reached', (_, step) => { step('planOnly').inputs.Default = 'record' as never; }, 'step approve: nothing leads to it'],
  ['a circle', (_, step) => { step('work').nextStep = 'planOnly'; }, 'steps planOnly > approve > work > planOnly follow each other without an end'],
  // references
  ['an unknown parameter', (_, step) => { step('work').inputs.InputPayload = { a: '{{ Cause }}' } as never; }, 'step work: {{ Cause }} is no parameter, no variable of Automation and no output of a step'],
  ['an unknown variable', (_, step) => { step('work').inputs.InputPayload = { a: '{{ global:USER }}' } as never; }, 'step work: {{ global:USER }} is no parameter'],
  ['an unknown output', (_, step) => { step('approve').inputs.Message = '{{ planAsk.Retry }}' as never; }, 'step approve: step planAsk has no output Retry'],
  ['an output of a later step', (_, step) => { step('approve').inputs.Message = '{{ work.Payload }}' as never; }, "step approve: step work can't have succeeded before"],
  ['an output of a step that has failed', (_, step) => { step('recordFailure').inputs.InputPayload = { a: '{{ work.Payload }}' } as never; }, "step recordFailure: step work can't have succeeded before"],
  ['the outputs of no step', (_, step) => { step('fail').inputs.Api = '{{ nothing.Payload }}' as never; }, 'step fail: {{ nothing.Payload }} is no parameter'],
  ['a role from a step', (document) => { document.assumeRole = '{{ work.Payload }}'; }, 'assumeRole: {{ work.Payload }} is no parameter'],
  ['an output of the document that no step has', (document) => { document.outputs![0] = 'record.Result'; }, 'outputs: record.Result is no output of a step'],
  // limits
  ['a long document', (document) => { document.description = 'x'.repeat(65_536); }, 'bytes, more than 65536'],
  ['a name with a hyphen', (_, step) => { step('record').name = 're-cord'; }, 'step re-cord: its name may have a-z A-Z 0-9 _ only'],
  ['two steps of one name', (_, step) => { step('planRest').name = 'work'; }, 'step work: several steps have this name'],
  ['101 rounds', (_, step) => { step('plan').inputs.MaxIterations = 101 as never; }, 'step plan: MaxIterations is 1 to 100: 101'],
  ['a loop without a condition', (_, step) => { delete (step('plan').inputs as { LoopCondition?: object }).LoopCondition; }, 'step plan: it has either Iterators or a LoopCondition'],
  ['a loop with an unknown operator', (_, step) => { step('plan').inputs.LoopCondition = { Variable: '{{ planAsk.Payload }}', Matches: 'ASK' } as never; }, 'step plan: Matches is no operator'],
  ['a loop that is to be cancelled', (_, step) => { step('plan').onCancel = 'step:record'; }, 'step plan: a loop has no onCancel'],
  ['an end in a loop', (_, step) => { step('planRest').isEnd = true; }, 'step planRest: isEnd in a loop, where AWS does not say what ends'],
  ['301 seconds for a function', (_, step) => { step('work').timeoutSeconds = 301; }, 'step work: timeoutSeconds is 300 at most: 301'],
  ['31 days for an approval', (_, step) => { step('approve').timeoutSeconds = 2_678_400; }, 'step approve: timeoutSeconds is 2592000 at most: 2678400'],
  ['11 approvers', (_, step) => { step('approve').inputs.Approvers = Array.from({ length: 11 }, (__, n) => `user${n}`) as never; }, 'step approve: aws:approve takes 1 to 10 approvers'],
  ['more approvals than approvers', (_, step) => { step('approve').inputs.MinRequiredApprovals = 2 as never; }, 'step approve: MinRequiredApprovals is positive, and at most the number of approvers: 2'],
  ['a topic of another name', (_, step) => { step('approve').inputs.NotificationArn = 'arn:aws:sns:eu-west-1:111111111111:Approvals' as never; }, 'step approve: the name of its topic begins with Automation: Approvals'],
  ['a sleep of eight days', (_, step) => { step('planRest').inputs.Duration = 'P8D' as never; }, 'step planRest: aws:sleep delays by 604800 seconds at most'],
  // ours
  ['a step without a description', (_, step) => { delete (step('work') as { description?: string }).description; }, 'step work: it has no description'],
  ['a parameter without a description', (document) => { delete document.parameters.Reason.description; }, 'parameter Reason: it has no description'],
  ['a parameter that may be anything', (document) => { delete document.parameters.Reason.allowedPattern; }, 'parameter Reason: it has neither allowedPattern nor allowedValues'],
  ['a pattern that is not anchored', (document) => { document.parameters.Reason.allowedPattern = 'a|b'; }, 'parameter Reason: its allowedPattern is not anchored by ^ and $'],
  ['a default that is refused', (document) => { document.parameters.DryRun.default = 'no'; }, 'parameter DryRun: its default is not an allowed value'],
])('%s is a problem', (_, change, message) => {
  expect(problemsOf(change)).toEqual(expect.arrayContaining([expect.stringContaining(message)]));
});

test('a name that AWS does not take is a problem', () => {
  expect(problemsOf(() => undefined, 'a document')).toEqual(['document: its name has 3 to 128 of a-z A-Z 0-9 _ . -: a document']);
});
