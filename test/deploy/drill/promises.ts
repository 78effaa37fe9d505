import { capturesOf } from './captures';
import type { Captures } from './captures';
import { literal, roleArnOf } from './literals';
import { restoresElsewhereOf, restoresOf } from './restores';
import type { Restores, Runbook } from './restores';
import { nextRun } from './schedule';
import { matchesSelection } from './selection';
import type { Selection } from './selection';
import { resourcesOf } from '../assembly/assembly';
import type { AssemblyStack, DeclaredResource } from '../assembly/assembly';

/** How long a recovery point is kept, in days. */
export interface Lifecycle {
  readonly MoveToColdStorageAfterDays?: number;
  readonly DeleteAfterDays?: number;
}

export interface Rule {
  readonly name: string;
  readonly schedule: string;
  readonly startWindowMinutes: number;
  readonly completionWindowMinutes: number;
  readonly vaultName: string;
  readonly lifecycle: Lifecycle;
  readonly copies: { readonly vaultArn: string; readonly lifecycle: Lifecycle }[];
}

export interface Vault {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly lock?: { readonly minDays: number; readonly maxDays: number; readonly changeableForDays?: number };
  /** What its policy denies to everybody. */
  readonly denied: string[];
}

export interface Table {
  readonly declared: DeclaredResource;
  readonly account: string;
  readonly region: string;
  readonly keys: { readonly AttributeName: string; readonly KeyType: string }[];
  readonly attributes: { readonly AttributeName: string; readonly AttributeType: string }[];
  readonly isProtected: boolean;
}

/** The way that a lost table comes back. */
export interface WayBack {
  readonly from: Vault;
  readonly to: Vault;
  readonly copyBackRoleArn: string;
  readonly restoreRoleArn: string;
}

/** What the templates of a stage promise. */
export interface Promises {
  readonly stacks: readonly AssemblyStack[];
  readonly plan: { readonly name: string; readonly account: string; readonly region: string; readonly rules: Rule[]; readonly roleArn: string };
  /** The rule that the drill follows: with the most copies, of those the most frequent, of those the one kept longest. */
  readonly rule: Rule;
  readonly tables: Table[];
  readonly vaults: Vault[];
  readonly source: Vault;
  readonly destinations: (Vault & { readonly lifecycle: Lifecycle })[];
  readonly wayBack: WayBack;
  readonly eventLog: { readonly name: string; readonly account: string; readonly region: string };
  readonly captures: Captures;
  readonly restores: Restores;
  readonly restoresElsewhere?: Runbook;
}

/** Reads from the templates of a stage what a deployment of it is to do. */
export function promisesOf(stacks: readonly AssemblyStack[]): Promises {
  const [planResource] = resourcesOf(stacks, 'AWS::Backup::BackupPlan');
  const { account, region } = planResource.stack;
  const body = planResource.properties.BackupPlan as { BackupPlanName: string; BackupPlanRule: Record<string, unknown>[] };
  const rules = body.BackupPlanRule.map(ruleOf);
  const rule = [...rules].sort((a, b) => b.copies.length - a.copies.length || intervalOf(a) - intervalOf(b) || longest(b) - longest(a))[0];
  const selections = resourcesOf([planResource.stack], 'AWS::Backup::BackupSelection').map(({ properties }) => properties.BackupSelection as Selection);
  const vaults = resourcesOf(stacks, 'AWS::Backup::BackupVault').map(vaultOf);
  const vaultOfArn = (arn: string) => must(vaults.find((vault) => vault.arn === arn), `the vault ${arn}`);
  const source = must(vaults.find((vault) => vault.name === rule.vaultName && vault.account === account && vault.region === region), 'the vault of the rule');
  const destinations = rule.copies.map(({ vaultArn, lifecycle }) => ({ ...vaultOfArn(vaultArn), lifecycle }));
  return {
    stacks,
    plan: { name: body.BackupPlanName, account, region, rules, roleArn: roleArnOf(planResource.stack, selections[0].IamRoleArn) },
    rule,
    tables: resourcesOf(stacks, 'AWS::DynamoDB::Table').map(tableOf)
      .filter((table) => table.account === account && table.region === region)
      .filter((table) => selections.some((selection) => matchesSelection(selection, table.declared))),
    vaults,
    source,
    destinations,
    wayBack: wayBackOf(stacks, account, source, destinations),
    eventLog: eventLogOf(stacks),
    captures: capturesOf(stacks),
    restores: restoresOf(stacks),
    restoresElsewhere: restoresElsewhereOf(stacks),
  };
}

function ruleOf(rule: Record<string, unknown>): Rule {
  return {
    name: literal(rule.RuleName),
    schedule: literal(rule.ScheduleExpression),
    startWindowMinutes: Number(rule.StartWindowMinutes),
    completionWindowMinutes: Number(rule.CompletionWindowMinutes),
    vaultName: literal(rule.TargetBackupVault),
    lifecycle: (rule.Lifecycle ?? {}) as Lifecycle,
    copies: ((rule.CopyActions ?? []) as { DestinationBackupVaultArn: unknown; Lifecycle?: Lifecycle }[])
      .map((copy) => ({ vaultArn: literal(copy.DestinationBackupVaultArn), lifecycle: copy.Lifecycle ?? {} })),
  };
}

/** Milliseconds from a run to the next one. */
function intervalOf({ schedule }: Rule): number {
  const first = nextRun(schedule, new Date(0));
  return nextRun(schedule, first).getTime() - first.getTime();
}

/** Days until the last recovery point of a rule is gone. */
export function longest(rule: Rule): number {
  return Math.max(...[rule.lifecycle, ...rule.copies.map(({ lifecycle }) => lifecycle)].map(({ DeleteAfterDays = Infinity }) => DeleteAfterDays));
}

function vaultOf({ stack: { account, region }, properties }: DeclaredResource): Vault {
  const name = literal(properties.BackupVaultName);
  const lock = properties.LockConfiguration as { MinRetentionDays: number; MaxRetentionDays: number; ChangeableForDays?: number } | undefined;
  const { Statement = [] } = (properties.AccessPolicy ?? {}) as { Statement?: Record<string, unknown>[] };
  return {
    arn: `arn:aws:backup:${region}:${account}:backup-vault:${name}`,
    name,
    account,
    region,
    ...lock && { lock: { minDays: lock.MinRetentionDays, maxDays: lock.MaxRetentionDays, changeableForDays: lock.ChangeableForDays } },
    denied: Statement
      .filter(({ Effect, Principal, Condition }) => Effect === 'Deny' && JSON.stringify(Principal) === '{"AWS":"*"}' && Condition === undefined)
      .flatMap(({ Action }) => Action as string | string[]),
  };
}

function tableOf(declared: DeclaredResource): Table {
  const { stack: { account, region }, properties } = declared;
  return {
    declared,
    account,
    region,
    keys: properties.KeySchema as Table['keys'],
    attributes: properties.AttributeDefinitions as Table['attributes'],
    isProtected: properties.DeletionProtectionEnabled === true,
  };
}

/**
 * A copy comes back from another account, and from another region if there is one: into the vault of the plan's account that is in the same
 * region as the copy.
 */
function wayBackOf(stacks: readonly AssemblyStack[], account: string, source: Vault, destinations: Vault[]): WayBack {
  const archives = destinations.filter((vault) => vault.account !== account);
  const from = must(archives.find((vault) => vault.region !== source.region) ?? archives[0], 'a copy in another account');
  const to = must([source, ...destinations].find((vault) => vault.account === account && vault.region === from.region), `a vault for copies back in ${from.region}`);
  return {
    from,
    to,
    copyBackRoleArn: backupRoleThat('backup:CopyFromBackupVault', stacks, from.account),
    restoreRoleArn: backupRoleThat('dynamodb:RestoreTableFromAwsBackup', stacks, account),
  };
}

/** The role of an account that AWS Backup may assume and that allows an action. */
function backupRoleThat(action: string, stacks: readonly AssemblyStack[], account: string): string {
  const roles = resourcesOf(stacks.filter((stack) => stack.account === account), 'AWS::IAM::Role').filter(({ properties }) =>
    JSON.stringify(properties.AssumeRolePolicyDocument).includes('backup.amazonaws.com') && JSON.stringify(properties.Policies).includes(`"${action}"`));
  const role = must(roles[0], `a role in ${account} that AWS Backup may assume and that allows ${action}`);
  return `arn:aws:iam::${account}:role/${literal(role.properties.RoleName)}`;
}

/** The log group that a rule of a bus for several accounts delivers into. */
function eventLogOf(stacks: readonly AssemblyStack[]): Promises['eventLog'] {
  const [{ stack, properties }] = resourcesOf(stacks, 'AWS::Events::Rule').filter(({ properties: { EventBusName, Targets } }) =>
    EventBusName !== undefined && JSON.stringify(Targets).includes(':log-group:'));
  const [, name] = /:log-group:([^"]+)/.exec(JSON.stringify(properties.Targets))!;
  return { name, account: stack.account, region: stack.region };
}

function must<Value>(value: Value | undefined, what: string): Value {
  if (value === undefined) {
    throw new Error(`the templates do not have ${what}`);
  }
  return value;
}
