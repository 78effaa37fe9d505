import { App, attachCustomSynthesis, CfnResource, Stack } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { atSynthesis, firstAtSynthesis } from '../../src/private/at-synthesis';
import { deployAfter } from '../../src/private/ordering';

test.each([[false], [true]])('work is done when references are known and the stack is not written, whether or not validation is skipped: %s', (skipValidation) => {
  const app = new App();
  const [producer, consumer, other] = ['Producer', 'Consumer', 'Other'].map((id) => new Stack(app, id));
  const topic = new CfnResource(producer, 'Topic', { type: 'AWS::SNS::Topic' });
  const alarm = new CfnResource(consumer, 'Alarm', { type: 'AWS::CloudWatch::Alarm', properties: { AlarmActions: [topic.ref] } });
  const queue = new CfnResource(other, 'Queue', { type: 'AWS::SQS::Queue' });
  const known: Stack[][] = [];
  atSynthesis(new Construct(consumer, 'Construct'), () => {
    known.push([...consumer.dependencies]);
    deployAfter(alarm, queue);
    alarm.node.addMetadata('aws:cdk:info', 'said at synthesis');
  });
  const artifact = app.synth({ skipValidation }).getStackArtifact(consumer.artifactId);

  expect(known).toEqual([[producer]]);
  expect(artifact.dependencies.map(({ id }) => id)).toEqual(expect.arrayContaining(['Producer', 'Other']));
  expect(artifact.messages.map(({ entry: { data } }) => data)).toEqual(['said at synthesis']);
});

test('the work of a construct is done in the order in which it was asked for', () => {
  const app = new App();
  const construct = new Construct(new Stack(app, 'Stack'), 'Construct');
  const done: number[] = [];
  [1, 2].forEach((each) => atSynthesis(construct, () => done.push(each)));
  app.synth();

  expect(done).toEqual([1, 2]);
});

test('what comes first is done once before all other work in the Stage, wherever it was asked for', () => {
  const app = new App();
  const [one, other] = ['One', 'Other'].map((id) => new Construct(new Stack(app, id), 'Construct'));
  const done: string[] = [];
  atSynthesis(one, () => done.push('one'));
  atSynthesis(other, () => done.push('other'));
  firstAtSynthesis(other, () => done.push('first'));
  app.synth();

  expect(done).toEqual(['first', 'one', 'other']);
});

test('a construct that was removed does nothing', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const done: number[] = [];
  atSynthesis(new Construct(stack, 'Construct'), () => done.push(1));
  stack.node.tryRemoveChild('Construct');
  app.synth();

  expect(done).toEqual([]);
});

test('a construct may have a custom synthesis of its own, whichever comes first', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  const done: string[] = [];
  const own = (id: string, construct: Construct) => attachCustomSynthesis(construct, { onSynthesize: () => done.push(`own of ${id}`) });
  const ours = (id: string, construct: Construct) => atSynthesis(construct, () => done.push(`ours of ${id}`));
  for (const [id, ...order] of [['One', own, ours], ['Two', ours, own]] as const) {
    const construct = new Construct(stack, id);
    order.forEach((attach) => attach(id, construct));
  }
  app.synth();

  expect([...done].sort()).toEqual(['ours of One', 'ours of Two', 'own of One', 'own of Two']);
});

test('the work of a stack is done before the stack is written', () => {
  const app = new App();
  const stack = new Stack(app, 'Stack');
  atSynthesis(stack, () => stack.node.addMetadata('aws:cdk:info', 'said at synthesis'));

  expect(app.synth().getStackArtifact(stack.artifactId).messages.map(({ entry: { data } }) => data)).toEqual(['said at synthesis']);
});
