import { receive } from './captures';
import { FakeAwsApis } from './fake-aws-apis';
import { accountWith } from './fake-cluster';
import { DAILY } from './invocations';

let aws: FakeAwsApis;

beforeEach(() => {
  aws = new FakeAwsApis(accountWith('prod', { services: 12 }));
});

describe('scaling is read', () => {
  const scalingCalls = () => aws.calls.filter(({ name }) => name.startsWith('application-autoscaling:')).map(({ name, input }) => [name.split(':')[1], input.ResourceId]);

  test('not at all for a cluster without scaling', async () => {
    aws.state.scalableTargets = [];

    await receive(aws, DAILY);

    expect(scalingCalls()).toEqual([['DescribeScalableTargets', undefined]]);
  });

  test('by the pages of the region for a cluster that most of them are of', async () => {
    await receive(aws, DAILY);

    expect(scalingCalls().filter(([name]) => name === 'DescribeScalingPolicies')).toEqual([['DescribeScalingPolicies', undefined], ['DescribeScalingPolicies', undefined]]);
  });

  test('by service for a cluster that few of them are of, after as many pages as it has services', async () => {
    const ours = aws.state.scalingPolicies;
    const others = Array.from({ length: 500 }, (_, index) => ({ ...ours[0], ResourceId: `service/other/service-${index}`, PolicyName: `other-${index}` }));
    aws.state.scalingPolicies = [...others, ...ours];

    await receive(aws, DAILY);

    expect(scalingCalls().filter(([name]) => name === 'DescribeScalingPolicies')).toHaveLength(24);
    expect(aws.documents[0].services.map(({ scaling }: any) => scaling.policies)).toEqual(ours.map((policy) => [policy]));
  });
});
