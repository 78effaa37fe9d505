import { Lazy } from 'aws-cdk-lib';
import * as fc from 'fast-check';
import type { AlarmPresentationOptions } from '../../src/alarms/alarm-presentation';
import { alarmNameOf, checkPresentation, runbookUrl } from '../../src/alarms/names-and-runbooks';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import { BackupNotifications } from '../../src/monitoring/backup-notifications';
import { PropsErrors } from '../../src/private/props-errors';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { alarmsOf } from '../alarms-of';
import { Rendered } from '../policies';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

function problems(presentation: AlarmPresentationOptions): readonly string[] {
  const errors = new PropsErrors('Props');
  checkPresentation(errors, presentation);
  return errors.all;
}

test('the page of an alarm is where its description says', () => {
  expect(runbookUrl('backup-job-failed')).toBe('https://github.com/cdk-backup-dr/cdk-backup-dr/blob/main/docs/runbooks/backup-job-failed.md');
  expect(runbookUrl('backup-job-failed', { runbookBaseUrl: 'https://wiki.example.com/runbooks/' })).toBe('https://wiki.example.com/runbooks/backup-job-failed.md');
});

test('a name has what happened first, behind a prefix if there is one', () => {
  expect(alarmNameOf(undefined, 'no-good-copy', 'local', undefined, 'Backup')).toBe('no-good-copy-local-Backup');
  expect(alarmNameOf('acme-prod-', 'no-good-copy', 'local')).toBe('acme-prod-no-good-copy-local');
});

test('a name that is too long is cut to 100 characters, always in the same way, and differs from others that begin alike', () => {
  fc.assert(fc.property(fc.string({ minLength: 90, maxLength: 200, unit: 'grapheme-ascii' }), fc.string({ maxLength: 30 }), fc.string({ maxLength: 30 }), (start, one, other) => {
    const name = (end: string) => alarmNameOf('acme-', 'vault-tampered', start, end);

    expect(name(one).length).toBeLessThanOrEqual(100);
    expect(name(one)).toBe(name(one));
    expect(name(one) === name(other)).toBe(one === other);
  }));
});

test('all alarms and messages of a construct have the prefix and the pages', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const presentation = { alarmNamePrefix: 'acme-prod-', runbookBaseUrl: 'https://wiki.example.com/runbooks' };
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName: 'local' });
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], ...presentation });
  new BackupNotifications(stack, 'Notifications', presentation);
  const alarms = alarmsOf(stack);

  expect(alarms.length).toBeGreaterThan(10);
  expect(alarms.filter(({ AlarmName, AlarmDescription }) => !/^acme-prod-/.test(AlarmName) || !/What to do: https:\/\/wiki\.example\.com\/runbooks\/[a-z-]+\.md$/.test(AlarmDescription))).toEqual([]);
  expect(JSON.stringify(Rendered.of(stack).all('AWS::Events::Rule'))).not.toContain('github.com');
});

test('names of the longest vault are within 100 characters, and no two are the same', () => {
  const stack = stackIn(INFRASTRUCTURE, LONDON);
  const vaults = ['a', 'b'].map((end) => new ReplicatedBackupVault(stack, end, { backupVaultName: `${'v'.repeat(49)}${end}` }));
  new BackupAlarms(stack, 'Alarms', { vaults, alarmNamePrefix: 'p'.repeat(30) });
  const names = alarmsOf(stack).map(({ AlarmName }) => AlarmName as string);

  expect(names.filter(({ length }) => length > 100)).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
});

test('refuses what is no URL and no prefix', () => {
  expect(problems({ runbookBaseUrl: 'wiki/runbooks', alarmNamePrefix: 'acme prod' })).toEqual([
    "'runbookBaseUrl' (runbook_base_url) must be a URL such as 'https://wiki.example.com/runbooks', got 'wiki/runbooks'",
    "'alarmNamePrefix' (alarm_name_prefix) must be 1 to 30 letters, digits, hyphens, underscores and dots, such as 'acme-prod-', got 'acme prod'",
  ]);
  expect(problems({ alarmNamePrefix: 'a'.repeat(31) })).toHaveLength(1);
  expect(problems({ alarmNamePrefix: Lazy.string({ produce: () => 'acme' }) })).toEqual(["'alarmNamePrefix' (alarm_name_prefix) must be literal, got a token"]);
  expect(problems({ alarmNamePrefix: 5, runbookBaseUrl: null } as any)).toEqual(["'alarmNamePrefix' (alarm_name_prefix) must be a string, got 5"]);
});
