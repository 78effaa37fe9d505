import { CdkCli } from './cdk-cli';
import { organization } from '../../../examples/reference-app/config/organization';
import { assemblyOf, STAGES } from '../../../scripts/steps';
import { readAssembly } from '../assembly/assembly';
import { Deployment } from '../deployment/deployment';
import { LocalAws } from '../local-aws/local-aws';

const { management } = organization.accounts;
const from = { account: management, region: organization.primaryRegion };
const stacks = STAGES.flatMap((stage) => readAssembly(assemblyOf(stage)));
/** The regions of each account. */
const places = [...new Set(stacks.map(({ account }) => account))].map((account) => ({
  account, regions: [...new Set(stacks.filter((stack) => stack.account === account).map(({ region }) => region))].sort().reverse(),
}));

let aws: LocalAws;
let cli: CdkCli;

beforeAll(async () => {
  aws = await LocalAws.start({ authorization: true, tls: true });
  cli = new CdkCli(aws);
});
afterAll(async () => {
  await aws.stop();
  cli.dispose();
});

test('an account that does not trust the one that deploys is not deployed into', async () => {
  await Promise.all(places.map(({ account, regions }) => cli.bootstrap(account, regions)));

  const { code, output } = await cli.deploy(assemblyOf('dev'), from);

  expect(code).not.toBe(0);
  expect(output).toMatch(/could not be used to assume|is not authorized to perform: sts:AssumeRole/i);
});

test('with trust, the CDK CLI deploys both stages side by side', async () => {
  await Promise.all(places.filter(({ account }) => account !== management)
    .map(({ account, regions }) => cli.bootstrap(account, regions, { trusted: management })));

  for (const stage of STAGES) {
    const { code, output } = await cli.deploy(assemblyOf(stage), from);
    expect([code, problemsOf(output)]).toEqual([0, []]);
  }

  const resources = await new Deployment(aws, stacks).resources();
  expect(new Set(resources.map(({ status }) => status))).toEqual(new Set(['CREATE_COMPLETE']));
  expect(resources.length).toBe(stacks.reduce((sum, { template }) => sum + Object.keys(template.Resources).length, 0));
});

test.each(STAGES)('deployed, the stage %s differs in nothing from its templates', async (stage) => {
  const { code, output } = await cli.diff(assemblyOf(stage), from);

  expect(output).toMatch(/Number of stacks with differences: 0/);
  expect(code).toBe(0);
});

/** Of several hundred lines, those that say what went wrong. */
function problemsOf(output: string): string[] {
  return output.split('\n').filter((line) => /_FAILED|ROLLBACK|❌|^\S*Error/.test(line)).slice(0, 20);
}
