import type { Stack } from 'aws-cdk-lib';
import * as kms from 'aws-cdk-lib/aws-kms';
import { BackupAlarms } from '../../src/monitoring/backup-alarms';
import type { BackupAlarmsProps } from '../../src/monitoring/backup-alarms-props';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { match } from '../event-patterns';
import type { Event } from '../events';
import { messageOf } from '../messages';
import { Rendered } from '../policies';
import { stackIn } from '../stacks';

/** A key that AWS documents calls on. */
export const KEY = 'arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Alarms on a vault of a name, in the account and region of the documented key. */
export function stackWith(backupVaultName: string, props: Partial<BackupAlarmsProps> = {}): Stack {
  const stack = stackIn('111122223333', 'us-west-2');
  const vault = new ReplicatedBackupVault(stack, 'Vault', { backupVaultName, encryptionKey: kms.Key.fromKeyArn(stack, 'Key', KEY) });
  new BackupAlarms(stack, 'Alarms', { vaults: [vault], ...props });
  return stack;
}

const usual = new Map<string, Stack>();

/** As most tests want it: made once, since nothing changes it. */
export function stackOf(backupVaultName: string): Stack {
  const stack = usual.get(backupVaultName) ?? stackWith(backupVaultName);
  usual.set(backupVaultName, stack);
  return stack;
}

/** The rules that the alarms of a name go by, with references resolved. */
export function rulesOf(stack: Stack, name: string): any[] {
  const rendered = Rendered.of(stack);
  const names = rendered.all('AWS::CloudWatch::Alarm', ({ AlarmDescription, MetricName }) => MetricName === 'TriggeredRules' && AlarmDescription.endsWith(`/${name}.md`))
    .flatMap(({ Dimensions }) => Dimensions.map(({ Value }: any) => Value));
  return rendered.all('AWS::Events::Rule', ({ Name }) => names.includes(Name));
}

/** What AWS documents of an event, on each of the rules: at the most one of them matches. */
export function decide(rules: any[], events: Event[]): string[] {
  const all = match(events.flatMap((event) => rules.map(({ Name, EventPattern }) => ({ name: Name, pattern: EventPattern, event }))));
  return events.map((_, index) => {
    const decisions = all.slice(index * rules.length, (index + 1) * rules.length);
    expect(decisions.filter((decision) => decision === 'matches').length).toBeLessThan(2);
    return decisions.find((decision) => decision !== 'differs') ?? 'differs';
  });
}

export function decideOn(stack: Stack, name: string, events: Event[]): string[] {
  return decide(rulesOf(stack, name), events);
}

/** The message about an event, by the rule that matches it. */
export function messageOn(stack: Stack, name: string, event: Event): any {
  const rules = rulesOf(stack, name);
  const decisions = match(rules.map(({ Name, EventPattern }) => ({ name: Name, pattern: EventPattern, event })));
  return messageOf(rules[decisions.indexOf('matches')], event).content;
}
