import { AutomationSimulation, OPERATOR } from './simulation';

// https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html

test('each change of a status is an event, as AWS shows it', async () => {
  const simulation = new AutomationSimulation();
  const id = (await simulation.run({ schemaVersion: '0.3', mainSteps: [{ name: 'rest', action: 'aws:sleep', inputs: { Duration: 'PT2S' } }] })).AutomationExecutionId;

  expect(simulation.events.map(({ 'detail-type': type, detail }) => [type.split(' ')[2], detail.Status])).toEqual([
    ['Execution', 'InProgress'], ['Step', 'InProgress'], ['Step', 'Success'], ['Execution', 'Success'],
  ]);
  expect(simulation.events.slice(2)).toEqual([
    {
      'source': 'aws.ssm',
      'detail-type': 'EC2 Automation Step Status-change Notification',
      'account': '111111111111',
      'region': 'eu-west-1',
      'time': '2026-03-02T03:00:02Z',
      'resources': [`arn:aws:ssm:eu-west-1:111111111111:automation-execution/${id}`, 'arn:aws:ssm:eu-west-1:111111111111:automation-definition/Runbook:1'],
      'detail': {
        ExecutionId: id,
        Definition: 'Runbook',
        DefinitionVersion: 1,
        Status: 'Success',
        StartTime: 'Mar 2, 2026 3:00:00 AM',
        EndTime: 'Mar 2, 2026 3:00:02 AM',
        Time: 2000,
        StepName: 'rest',
        Action: 'aws:sleep',
      },
    },
    expect.objectContaining({
      'detail-type': 'EC2 Automation Execution Status-change Notification',
      'detail': {
        ExecutionId: id,
        Definition: 'Runbook',
        DefinitionVersion: 1,
        Status: 'Success',
        StartTime: 'Mar 2, 2026 3:00:00 AM',
        EndTime: 'Mar 2, 2026 3:00:02 AM',
        Time: 2000,
        ExecutedBy: OPERATOR,
      },
    }),
  ]);
});
