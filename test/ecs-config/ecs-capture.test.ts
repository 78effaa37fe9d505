import { readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { DAILY, metricsIn, receive } from './captures';
import { FakeAwsApis } from './fake-aws-apis';
import { accountWith } from './fake-cluster';

const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(path.join(__dirname, '../../docs/schemas/ecs-configuration-1.json'), 'utf8')));

test('a schedule writes the whole cluster, as the schema says, below its own prefix', async () => {
  const aws = new FakeAwsApis(accountWith('prod', { services: 12 }));

  const printed = await receive(aws, DAILY);

  const [document] = aws.documents;
  expect([...aws.objects.keys()]).toEqual([
    `daily/ecs/111122223333/eu-west-2/prod/2026-11-29T05-00-00Z-${document.contentHash.slice('sha256-'.length, 'sha256-'.length + 12)}.json.gz`,
  ]);
  expect(validate(document) ? [] : validate.errors).toEqual([]);
  expect(metricsIn(printed)).toMatchObject({ Captured: 1, Failed: 0, Services: 12, NotCaptured: 0, PlaintextSecrets: 0, ImagesNotKept: 0 });
});
