import { mkdirSync, mkdtempSync, writeFileSync } from 'fs';
import * as os from 'os';
import * as path from 'path';
import { summaryOf, templateDiff } from '../scripts/templates';

const VAULT = { Type: 'AWS::Backup::BackupVault', Properties: { BackupVaultName: 'local', LockConfiguration: { MinRetentionDays: 7, MaxRetentionDays: 35 } } };
const TOPIC = { Type: 'AWS::SNS::Topic', Properties: { DisplayName: 'Backups' } };

/** A folder with templates, by their paths in it. */
function folderWith(templates: Record<string, object>): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'templates-'));
  for (const [file, template] of Object.entries(templates)) {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), JSON.stringify(template));
  }
  return folder;
}

function diff(base: Record<string, object>, head: Record<string, object>): Promise<string> {
  return templateDiff(folderWith(base), folderWith(head), mkdtempSync(path.join(os.tmpdir(), 'work-')));
}

/** A diff without the lines that say which contents were compared. */
function changesIn(text: string): string[] {
  return text.split('\n').filter((line) => !line.startsWith('index '));
}

test('a value that changed is shown with what is around it, below the logical id of its resource', async () => {
  const changed = { ...VAULT, Properties: { ...VAULT.Properties, LockConfiguration: { MinRetentionDays: 14, MaxRetentionDays: 35 } } };

  expect(changesIn(await diff({ 'dev/app.template.json': { Resources: { Vault: VAULT } } }, { 'dev/app.template.json': { Resources: { Vault: changed } } }))).toEqual([
    'diff --git a/base/dev/app.template.json b/head/dev/app.template.json',
    '--- a/base/dev/app.template.json',
    '+++ b/head/dev/app.template.json',
    '@@ -5,7 +5,7 @@ Vault',
    '         "BackupVaultName": "local",',
    '         "LockConfiguration": {',
    '           "MaxRetentionDays": 35,',
    '-          "MinRetentionDays": 7',
    '+          "MinRetentionDays": 14',
    '         }',
    '       },',
    '       "Type": "AWS::Backup::BackupVault"',
    '',
  ]);
});

test('another order of keys is no difference, one of a list is', async () => {
  const inOrder = { Resources: { Topic: TOPIC, Vault: VAULT }, Outputs: { Regions: { Value: ['eu-west-2', 'eu-west-1'] } } };
  const reversed = { Outputs: { Regions: { Value: ['eu-west-2', 'eu-west-1'] } }, Resources: { Vault: { Properties: VAULT.Properties, Type: VAULT.Type }, Topic: TOPIC } };
  const otherList = { ...inOrder, Outputs: { Regions: { Value: ['eu-west-1', 'eu-west-2'] } } };

  expect(await diff({ 'app.template.json': inOrder }, { 'app.template.json': reversed })).toBe('');
  expect(await diff({ 'app.template.json': inOrder }, { 'app.template.json': otherList })).toContain('-        "eu-west-1"\n');
});

test('templates come by their names, with those that are new and those that are gone', async () => {
  const text = await diff(
    { 'prod/b.template.json': { Resources: { Topic: TOPIC } }, 'prod/gone.template.json': { Resources: { Topic: TOPIC } }, 'prod/same.template.json': { Resources: { Vault: VAULT } } },
    { 'prod/b.template.json': { Resources: {} }, 'dev/new.template.json': { Resources: { Topic: TOPIC } }, 'prod/same.template.json': { Resources: { Vault: VAULT } } },
  );

  expect([...text.matchAll(/^diff --git a\/(\S+) b\/(\S+)$/gm)].map(([, from, to]) => `${from} ${to}`)).toEqual([
    'head/dev/new.template.json head/dev/new.template.json',
    'base/prod/b.template.json head/prod/b.template.json',
    'base/prod/gone.template.json base/prod/gone.template.json',
  ]);
});

test('what is no template is not compared', async () => {
  const template = { 'app.template.json': { Resources: { Vault: VAULT } } };

  expect(await diff({ ...template, 'manifest.json': { version: '1' } }, { ...template, 'manifest.json': { version: '2' }, 'tree.json': {} })).toBe('');
});

test('refuses a folder without templates, which would pass for one where all are gone', async () => {
  const empty = folderWith({ 'manifest.json': {} });

  await expect(templateDiff(folderWith({ 'app.template.json': {} }), empty, mkdtempSync(path.join(os.tmpdir(), 'work-'))))
    .rejects.toThrow(`no template below ${empty}: was the app synthesized?`);
});

test('the summary counts the lines of each template, and shows them', async () => {
  const text = await diff(
    { 'dev/app.template.json': { Resources: { Topic: TOPIC, Vault: VAULT } }, 'prod/app.template.json': { Description: 'one' } },
    { 'dev/app.template.json': { Resources: { Vault: VAULT } }, 'prod/app.template.json': { Description: 'other' } },
  );

  expect(summaryOf(text)).toBe([
    '### Templates of the reference app',
    '',
    '| template | lines added | lines removed |',
    '|---|---|---|',
    '| dev/app.template.json | 0 | 6 |',
    '| prod/app.template.json | 1 | 1 |',
    '',
    `\`\`\`\`diff\n${text}\`\`\`\``,
    '',
  ].join('\n'));
});

test('the summary says where the diff is when it is too long, and when there is none', async () => {
  const text = await diff({ 'app.template.json': { Description: 'one' } }, { 'app.template.json': { Description: 'other' } });

  expect(summaryOf(text, 50)).toMatch(/\n\| app\.template\.json \| 1 \| 1 \|\n\nThe diff is too long for this page: see the artifact\.\n$/);
  expect(summaryOf('')).toBe('### Templates of the reference app\n\nNo template changes.\n');
});
