import { FakeAccount } from './fake-account';
import { run, workOf } from './requests';

test('a run whose steps are done leaves one record, that it is completed', async () => {
  const aws = new FakeAccount();

  const seen = await run(aws, workOf(), aws.start());

  expect(seen.map(({ answer }) => answer?.outcome)).toEqual(['DONE', 'DONE', 'DONE', 'DONE', 'DONE']);
  expect(aws.records).toEqual([expect.objectContaining({ status: 'COMPLETED', problems: [] })]);
});
