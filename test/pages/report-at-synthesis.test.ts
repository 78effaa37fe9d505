import { existsSync, readFileSync } from 'fs';
import * as path from 'path';
import Ajv from 'ajv';
import { Stack, Stage } from 'aws-cdk-lib';
import type { App } from 'aws-cdk-lib';
import * as htmlPage from '../../src/pages/html-page';
import { markdownOf } from '../../src/pages/markdown';
import { atSynthesis } from '../../src/private/at-synthesis';
import { unchecked } from '../../src/private/registry';
import type { RecoveryReport } from '../../src/report/report-model';
import { fileOf, newApp, PLACE, protectedStack, reportIn } from '../report/apps';
import '../../src/pages/report-at-synthesis';

const SCHEMA = JSON.parse(readFileSync(path.join(__dirname, '../../docs/schemas/recovery-report-1.json'), 'utf8')) as object;

test('every synthesis of an app with a construct of this library writes a report that the published schema accepts', () => {
  const app = newApp();
  protectedStack(app);
  const validate = new Ajv({ strict: true, strictTypes: false }).compile(SCHEMA);

  expect(validate(reportIn(app)) || validate.errors).toBe(true);
});

test('two syntheses of one app write the same bytes', () => {
  const [one, other] = [newApp(), newApp()].map((app) => {
    protectedStack(app);
    return fileOf(app);
  });

  expect(other).toBe(one);
});

test('the page and the Markdown file are made of the JSON file alone', () => {
  const app = newApp();
  protectedStack(app);
  const report = JSON.parse(fileOf(app)) as RecoveryReport;

  expect(fileOf(app, 'recovery-report.html')).toBe(htmlPage.pageOf(report));
  expect(fileOf(app, 'recovery-report.md')).toBe(markdownOf(report));
});

test('the order of definition does not matter', () => {
  const [one, other] = [['Alpha', 'Beta'], ['Beta', 'Alpha']].map((ids) => {
    const app = newApp();
    ids.forEach((id) => protectedStack(app, {}, id));
    return fileOf(app);
  });

  expect(other).toBe(one);
});

test('an app is synthesized even if its report can\'t be written, and the error is shown', () => {
  const app = newApp();
  protectedStack(app);
  jest.spyOn(htmlPage, 'pageOf').mockImplementation(() => {
    throw new TypeError('no such node');
  });
  const shown = jest.spyOn(console, 'error').mockImplementation();

  expect(app.synth().stacks.map(({ stackName }) => stackName)).toContain('Orders');
  expect(shown.mock.calls).toEqual([[expect.stringMatching(/^cdk-backup-dr can't write the recovery report of this app, and its stacks are not affected[^]*TypeError: no such node/)]]);
  jest.restoreAllMocks();
});

test('an app without a construct of this library has no report', () => {
  const app = newApp();
  new Stack(app, 'Stack');

  expect(existsSync(path.join(app.synth().directory, 'recovery-report.json'))).toBe(false);
});

test('an app with Stages has one report, of all of them, in its own assembly', () => {
  const app = newApp();
  for (const id of ['Dev', 'Prod']) {
    const stage = new Stage(app, id, { env: PLACE });
    protectedStack(stage as App);
  }
  const { directory } = app.synth();

  expect(reportIn(app).plans.map((plan) => plan.path)).toEqual(['Dev/Orders/Plan', 'Prod/Orders/Plan']);
  expect(['Dev', 'Prod'].map((id) => existsSync(path.join(directory, `assembly-${id}`, 'recovery-report.json')))).toEqual([false, false]);
});

test('what a later stack could not check at synthesis is in the report', () => {
  const app = newApp();
  protectedStack(app);
  const late = new Stack(app, 'Late', { env: PLACE });
  atSynthesis(late, () => unchecked(late, 'roleNotChecked', 'what the role may do'));

  expect(reportIn(app).notChecked).toContainEqual({ path: 'Late', id: 'roleNotChecked', reason: 'what the role may do' });
});
