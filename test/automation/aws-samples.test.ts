import type { AutomationDocument } from './document';
import type { ApiCall } from './ports';
import { AutomationSimulation, stepsOf } from './simulation';

// Documents of the shapes that AWS's guide shows; the texts are ours.

const ROLE_PARAMETER = { AutomationAssumeRole: { type: 'String', default: '', description: 'The role of the automation' } };

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html#automation-demo */
const REPLACE_VOLUME: AutomationDocument = {
  schemaVersion: '0.3',
  assumeRole: '{{ AutomationAssumeRole }}',
  parameters: { ...ROLE_PARAMETER, InstanceId: { type: 'String' } },
  mainSteps: [
    {
      name: 'readInstance',
      action: 'aws:executeAwsApi',
      inputs: { Service: 'ec2', Api: 'DescribeInstances', InstanceIds: ['{{ InstanceId }}'] },
      outputs: [{ Name: 'zone', Selector: '$.Reservations[0].Instances[0].Placement.AvailabilityZone', Type: 'String' }],
    },
    {
      name: 'newestSnapshot',
      action: 'aws:executeScript',
      timeoutSeconds: 45,
      inputs: { Runtime: 'python3.11', Handler: 'handler', Script: '...', InputPayload: { instance: '{{ InstanceId }}' } },
      outputs: [{ Name: 'snapshot', Selector: '$.Payload.snapshot', Type: 'String' }, { Name: 'none', Selector: '$.Payload.none', Type: 'String' }],
    },
    { name: 'found', action: 'aws:branch', isEnd: true, inputs: { Choices: [{ NextStep: 'createVolume', Not: { Variable: '{{ newestSnapshot.none }}', StringEquals: 'NONE' } }] } },
    {
      name: 'createVolume',
      action: 'aws:executeAwsApi',
      inputs: { Service: 'ec2', Api: 'CreateVolume', AvailabilityZone: '{{ readInstance.zone }}', SnapshotId: '{{ newestSnapshot.snapshot }}' },
      outputs: [{ Name: 'volume', Selector: '$.VolumeId', Type: 'String' }],
    },
    {
      name: 'volumeAvailable',
      action: 'aws:waitForAwsResourceProperty',
      timeoutSeconds: 120,
      inputs: { Service: 'ec2', Api: 'DescribeVolumes', VolumeIds: ['{{ createVolume.volume }}'], PropertySelector: '$.Volumes[0].State', DesiredValues: ['available'] },
    },
  ],
};

function ec2(states: string[]) {
  const calls: ApiCall[] = [];
  const callApi = (call: ApiCall) => {
    calls.push(call);
    switch (call.api) {
      case 'DescribeInstances': return { Reservations: [{ Instances: [{ Placement: { AvailabilityZone: 'eu-west-1a' } }] }] };
      case 'CreateVolume': return { VolumeId: 'vol-1' };
      default: return { Volumes: [{ State: states.length > 1 ? states.shift() : states[0] }] };
    }
  };
  return { calls, callApi };
}

test('the sample of the actions reference: APIs, a script, a branch on an output that may be missing, a wait', async () => {
  const { calls, callApi } = ec2(['creating', 'creating', 'available']);
  const simulation = new AutomationSimulation({ ports: { callApi, actions: { 'aws:executeScript': () => ({ Payload: { snapshot: 'snap-1' } }) } } });

  const execution = await simulation.run(REPLACE_VOLUME, { InstanceId: ['i-1'] });

  expect(execution.AutomationExecutionStatus).toBe('Success');
  expect(calls.map(({ api, parameters }) => [api, parameters])).toEqual([
    ['DescribeInstances', { InstanceIds: ['i-1'] }],
    ['CreateVolume', { AvailabilityZone: 'eu-west-1a', SnapshotId: 'snap-1' }],
    ...Array(3).fill(['DescribeVolumes', { VolumeIds: ['vol-1'] }]),
  ]);
});

test('the same sample without a snapshot ends at its branch', async () => {
  const { callApi } = ec2(['available']);
  const simulation = new AutomationSimulation({ ports: { callApi, actions: { 'aws:executeScript': () => ({ Payload: { none: 'NONE' } }) } } });

  expect(stepsOf(await simulation.run(REPLACE_VOLUME, { InstanceId: ['i-1'] }))).toEqual([
    'readInstance Success', 'newestSnapshot Success', 'found Success', 'createVolume Pending', 'volumeAvailable Pending',
  ]);
});

test('the same sample with a volume that does not come times out', async () => {
  const { callApi } = ec2(['creating']);
  const simulation = new AutomationSimulation({ ports: { callApi, actions: { 'aws:executeScript': () => ({ Payload: { snapshot: 'snap-1' } }) } } });

  expect(await simulation.run(REPLACE_VOLUME, { InstanceId: ['i-1'] })).toMatchObject({ AutomationExecutionStatus: 'TimedOut', ExecutionEndTime: new Date('2026-03-02T03:02:00Z') });
});

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-branch-condition.html */
test('the samples of branches: And, Or, and a default, on outputs and parameters', async () => {
  const rest = (name: string) => ({ name, action: 'aws:sleep', isEnd: true, inputs: { Duration: 'PT3S' } });
  const sample = (platform: string, status: string, forced: string): AutomationDocument => ({
    schemaVersion: '0.3',
    parameters: { Forced: { type: 'Boolean', default: forced } },
    mainSteps: [
      {
        name: 'instance',
        action: 'aws:executeAwsApi',
        inputs: { Service: 'ssm', Api: 'DescribeInstanceInformation' },
        outputs: [{ Name: 'platform', Selector: '$.InstanceInformationList[0].PlatformType' }, { Name: 'status', Selector: '$.InstanceInformationList[0].PingStatus' }],
      },
      {
        name: 'choose',
        action: 'aws:branch',
        inputs: {
          Choices: [
            {
              NextStep: 'windows',
              And: [{ Variable: '{{ instance.platform }}', StringEquals: 'Windows' }, { Variable: '{{ instance.status }}', StringEquals: 'Online' }],
            },
            { NextStep: 'linux', Or: [{ Variable: '{{ instance.platform }}', StartsWith: 'Lin' }, { Variable: '{{ Forced }}', BooleanEquals: true }] },
          ],
          Default: 'other',
        },
      },
      rest('windows'), rest('linux'), rest('other'),
    ],
    description: `${platform} ${status}`,
  });
  const ran = async (platform: string, status: string, forced = 'false') => {
    const instance = { PlatformType: platform, PingStatus: status };
    const simulation = new AutomationSimulation({ ports: { callApi: () => ({ InstanceInformationList: [instance] }) } });
    return stepsOf(await simulation.run(sample(platform, status, forced))).filter((step) => step.endsWith('Success')).at(-1);
  };

  expect(await ran('Windows', 'Online')).toBe('windows Success');
  expect(await ran('Windows', 'Offline')).toBe('other Success');
  expect(await ran('Windows', 'Offline', 'true')).toBe('linux Success');
  expect(await ran('Linux', 'Offline')).toBe('linux Success');
});

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-loop.html */
test('the sample of a loop over values: instances are stopped one after the other', async () => {
  const stopped: unknown[] = [];
  const simulation = new AutomationSimulation({
    ports: {
      callApi: () => ({ Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }, { Instances: [{ InstanceId: 'i-2' }] }] }),
      actions: { 'aws:changeInstanceState': ({ InstanceIds, DesiredState }) => { stopped.push([InstanceIds, DesiredState]); } },
    },
  });

  const execution = await simulation.run({
    schemaVersion: '0.3',
    mainSteps: [
      {
        name: 'instances',
        action: 'aws:executeAwsApi',
        inputs: { Service: 'ec2', Api: 'DescribeInstances' },
        outputs: [{ Name: 'InstanceIds', Selector: '$.Reservations..InstanceId', Type: 'StringList' }],
      },
      {
        name: 'stopAll',
        action: 'aws:loop',
        inputs: {
          Iterators: '{{ instances.InstanceIds }}',
          IteratorDataType: 'String',
          Steps: [
            { name: 'stopOne', action: 'aws:changeInstanceState', inputs: { InstanceIds: ['{{stopAll.CurrentIteratorValue}}'], CheckStateOnly: false, DesiredState: 'stopped' } },
            { name: 'wait', action: 'aws:sleep', inputs: { Duration: 'PT10S' } },
          ],
        },
      },
    ],
  });

  expect(stopped).toEqual([[['i-1'], 'stopped'], [['i-2'], 'stopped']]);
  expect(execution.ExecutionEndTime).toEqual(new Date('2026-03-02T03:00:20Z'));
});

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-assertAwsResourceProperty.html */
test('an assertion that does not hold fails, whatever the function before it said', async () => {
  const simulation = new AutomationSimulation({ functions: { record: () => 'kept' }, ports: { callApi: () => ({ Account: '111111111111' }) } });

  const execution = await simulation.run({
    schemaVersion: '0.3',
    mainSteps: [
      { name: 'record', action: 'aws:invokeLambdaFunction', inputs: { FunctionName: 'record' } },
      { name: 'fail', action: 'aws:assertAwsResourceProperty', inputs: { Service: 'sts', Api: 'GetCallerIdentity', PropertySelector: '$.Account', DesiredValues: ['nobody'] } },
    ],
  });

  expect(execution).toMatchObject({ AutomationExecutionStatus: 'Failed', FailureMessage: expect.stringContaining('the property is ["111111111111"], and not one of ["nobody"]') });
});
