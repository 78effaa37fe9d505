import { Setup } from './setup';

test('a function has no reserved concurrency, and ends before AWS Systems Manager stops waiting for it', () => {
  const setup = new Setup();
  setup.define();

  const properties = setup.rendered.only('AWS::Lambda::Function');
  expect(properties).toMatchObject({ Timeout: 290, MemorySize: 512, Runtime: 'nodejs24.x', Architectures: ['arm64'] });
  expect(properties).not.toHaveProperty('ReservedConcurrentExecutions');
});
