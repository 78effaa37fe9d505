import { Lazy, Stack, Token } from 'aws-cdk-lib';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import type { Construct, IConstruct } from 'constructs';
import { SENT } from './buses-and-forwarders';
import { patternLength, PATTERN_LIMIT } from '../alarms/event-pattern-size';
import { PLANS } from '../plan/plans-in-app';
import { validate } from '../private/messages';
import { isInStageOf } from '../private/ordering';
import { Registry, unchecked } from '../private/registry';
import type { IReplicatedBackupVault } from '../vault/replicated-backup-vault-ref';
import { VAULTS } from '../vault/vaults-in-app';

/** The limit of EventBridge for the policy of a bus. */
const POLICY_LIMIT = 10_240;

/** The size of the policy without its accounts, each of which takes 15 characters: `"111122223333",`. */
const FOR_THE_REST = 600;

/**
 * The accounts whose events a bus accepts: those of the user, and those that the app uses with the bus. Otherwise, any account of
 * an organization could send unwanted messages and keep alarms in ALARM.
 *
 * They are evaluated at synthesis, because forwarding is defined after the bus.
 */
export class BusAccounts {
  /** What the template has, once the Stage of the bus is synthesized. */
  private settled?: { readonly accounts?: string[] };
  /** Of the rules, by their ids. */
  private readonly patterns = new Map<string, object>();

  /** @param named Accounts that the user names, by `accounts`, `vaults` or `plans` */
  constructor(
    private readonly scope: Construct, private readonly eventBusArn: string, private readonly organizationId: string | undefined,
    private readonly named: string[], private readonly isOpenToOrganization = false,
  ) {
    validate(scope, () => organizationId || !isTooLong(this.inPolicy) ? [] : [
      `'organizationId' is required if more accounts send events to the bus than fit into its policy of ${POLICY_LIMIT} characters, got ${this.found.accounts.length} accounts`,
    ]);
  }

  /** The condition of the bus's policy: for those of the organization alone, if there is one. */
  public get condition(): object {
    return {
      StringEquals: {
        ...this.organizationId ? { 'aws:PrincipalOrgID': this.organizationId } : {},
        'aws:PrincipalAccount': Lazy.uncachedList({ produce: () => this.inPolicy }, { omitEmpty: true }),
      },
    };
  }

  /** Limits all rules of the bus to events of these accounts, if their patterns have room for that. */
  public narrowRules(): void {
    for (const rule of this.scope.node.children) {
      if (CfnRule.isCfnResource(rule) && rule instanceof CfnRule) {
        const pattern = rule.eventPattern as object;
        rule.eventPattern = Lazy.uncachedAny({ produce: () => this.narrowed(pattern) ?? pattern });
        this.patterns.set(rule.node.id, pattern);
      }
    }
  }

  /** Whether an account is surely kept out: it came after the template of the bus was written. */
  public keepsOut(account: string): boolean {
    return this.settled?.accounts !== undefined && !Token.isUnresolved(account) && !this.settled.accounts.includes(account);
  }

  /** Says what is open to more than those accounts, when the template of the bus is about to be written. */
  public settle(): void {
    this.settled = { accounts: this.inPolicy.length === 0 ? undefined : this.inPolicy };
    const { accounts, isUnknown } = this.found;
    if (this.isOpenToOrganization) {
      unchecked(this.scope, 'busOpenToOrganization', 'which accounts of the organization send events to the bus: each of them may, and can send unwanted messages and keep alarms in ALARM');
    } else if (accounts.length === 0 || isUnknown) {
      unchecked(this.scope, 'unknownBusAccounts', !this.organizationId ? "whether the bus accepts the events of stacks without a literal account: set their 'env'"
        : `which accounts send events to the bus: ${isUnknown ? "stacks without a literal account forward or have vaults or plans, so set their 'env'"
          : "the app contains none, so add them to 'accounts'"}; until then, every account of the organization may, and can send unwanted messages and keep alarms in ALARM`);
    } else if (this.inPolicy.length === 0) {
      unchecked(this.scope, 'busOpenToOrganization', `whether only the ${accounts.length} accounts send events to the bus: their ids are longer than the ${POLICY_LIMIT} characters `
        + 'that EventBridge accepts for the policy of a bus, so every account of the organization may');
    }
    const wide = this.inPolicy.length === 0 ? [] : [...this.patterns].filter(([, pattern]) => !this.narrowed(pattern)).map(([id]) => id);
    if (wide.length > 0) {
      unchecked(this.scope, 'eventsOfAllAccounts', `whether the events that rules ${wide.join(', ')} match are of the ${accounts.length} accounts: their ids are longer than the ${PATTERN_LIMIT} characters `
        + 'that EventBridge accepts for a pattern; the policy of the bus allows no other account');
    }
  }

  private narrowed(pattern: object): object | undefined {
    const { inPolicy } = this;
    const narrowed = { ...pattern, account: inPolicy };
    return inPolicy.length > 0 && patternLength(JSON.stringify(narrowed)) <= PATTERN_LIMIT ? narrowed : undefined;
  }

  /** Empty if the entire organization is allowed. Without an organization, there are always some: otherwise the bus would be open to everybody. */
  private get inPolicy(): string[] {
    const { accounts, isUnknown } = this.found;
    if (!this.organizationId) {
      return accounts.length > 0 ? accounts : [Stack.of(this.scope).account];
    }
    return this.isOpenToOrganization || isUnknown || isTooLong(accounts) ? [] : accounts;
  }

  private get found(): { accounts: string[]; isUnknown: boolean } {
    const { scope } = this;
    const own = Stack.of(scope);
    const registry = Registry.of(scope);
    const stackOf = (account: string, construct: IConstruct) => Token.isUnresolved(account) ? Stack.of(construct) : undefined;
    const all: Party[] = [
      ...this.named.map((account) => ({ account })),
      ...registry.all(SENT).filter(({ destinationArn }) => destinationArn === this.eventBusArn)
        .map(({ account, within }) => ({ account, stack: within })),
      ...registry.all(VAULTS).filter(({ node }) => isInStageOf(scope, node.path))
        .flatMap((vault) => accountsOf(vault).map((account) => ({ account, stack: stackOf(account, vault) }))),
      ...registry.all(PLANS).filter(({ path }) => isInStageOf(scope, path))
        .map(({ environment: { account }, vault }) => ({ account, stack: stackOf(account, vault) })),
    ];
    const isKnown = ({ account, stack }: Party) => !Token.isUnresolved(account) || stack === own; // a token may be any other account
    return {
      accounts: [...new Set(all.filter(isKnown).map(({ account }) => account))].sort(),
      isUnknown: !all.every(isKnown),
    };
  }
}

function isTooLong(accounts: string[]): boolean {
  return FOR_THE_REST + 15 * accounts.length > POLICY_LIMIT;
}

/** Those of a vault and of its replica. */
export function accountsOf({ account, replicaAccount }: IReplicatedBackupVault): string[] {
  return [account, ...replicaAccount === undefined ? [] : [replicaAccount]];
}

/** An account that has to do with the bus, and the stack that is there, if it is known. */
interface Party {
  readonly account: string;
  readonly stack?: IConstruct;
}
