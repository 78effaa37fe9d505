import { App, Stack, Stage } from 'aws-cdk-lib';
import { ORGANIZATION, Setup } from './central';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import type { CentralMonitoringProps } from '../../src/central/central-monitoring-props';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { Setup as Plans } from '../plan/setup';
import { decide, Rendered } from '../policies';
import type { Case } from '../policies';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;
const OTHER = '444444444444';

/** Who puts events on the bus, by its policy; `undefined` for all of the organization. */
function accountsIn(rendered: Rendered): string[] | undefined {
  const { Condition: { StringEquals } } = rendered.only('AWS::Events::EventBusPolicy').Statement;
  expect(StringEquals['aws:PrincipalOrgID']).toBe(ORGANIZATION);
  return StringEquals['aws:PrincipalAccount'];
}

/** The accounts whose events the rules of the bus look at; all rules have the same. */
function accountsOfRules(rendered: Rendered): unknown {
  const all = new Set(rendered.all('AWS::Events::Rule').map(({ EventPattern: { account } }) => JSON.stringify(account)));
  expect(all.size).toBe(1);
  const [only] = all;
  return only === undefined ? undefined : JSON.parse(only);
}

function messagesOf(app: App): string[] {
  app.synth();
  return Registry.of(app).all(UNCHECKED).map(({ reason }) => reason).filter((reason) => /send events to the bus|of the \d+ accounts/.test(reason));
}

const manyAccounts = (count: number) => Array.from({ length: count }, (_, index) => String(500_000_000_000 + index));

test('an account of the organization that the app does not know is refused by the bus, and one that forwards is let in', () => {
  const setup = new Setup();
  setup.central();
  new BackupEventForwarding(stackIn(INFRASTRUCTURE, LONDON, setup.app, 'Workload'), 'Forwarding', { eventBusArn: BUS });
  const { Statement } = setup.rendered.only('AWS::Events::EventBusPolicy');
  const put = (account: string, organization: string): Case => ({
    name: account,
    request: {
      principal: `arn:aws:sts::${account}:assumed-role/forwarding/session`,
      action: 'events:PutEvents',
      resource: BUS,
      resourceAccount: LOG_ARCHIVE,
      context: { 'aws:PrincipalOrgID': organization, 'aws:PrincipalAccount': account },
    },
    identityPolicies: [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'events:PutEvents', Resource: BUS }] }],
    resourcePolicy: { Version: '2012-10-17', Statement: [Statement] },
  });

  expect(decide([put(INFRASTRUCTURE, ORGANIZATION), put(OTHER, ORGANIZATION), put(INFRASTRUCTURE, 'o-otherorg1234')]))
    .toEqual(['Allowed', 'ImplicitlyDenied', 'ImplicitlyDenied']);
});

test.each<[string, (setup: Setup) => Partial<CentralMonitoringProps>, string[]]>([
  ['its vaults and their replicas', ({ stack }) => ({
    vaults: [ReplicatedBackupVault.fromReplicatedBackupVaultAttributes(stack, 'Vault', {
      backupVaultName: 'theirs', account: INFRASTRUCTURE, region: LONDON, replicaAccount: LOG_ARCHIVE, replicaRegion: 'eu-west-1',
    })],
  }), [INFRASTRUCTURE, LOG_ARCHIVE]],
  ['those that it names', () => ({ accounts: [OTHER, INFRASTRUCTURE, OTHER] }), [INFRASTRUCTURE, OTHER]],
  ['those that it names, and the vaults of the app', (setup) => {
    setup.vault();
    return { accounts: [OTHER] };
  }, [INFRASTRUCTURE, OTHER]],
])('the bus and the patterns of its rules take the accounts of %s', (_, propsOf, accounts) => {
  const setup = new Setup();
  setup.central(propsOf(setup));

  expect(accountsIn(setup.rendered)).toEqual(accounts);
  expect(accountsOfRules(setup.rendered)).toEqual(accounts);
  expect(messagesOf(setup.app)).toEqual([]);
});

test('the bus takes the accounts of its plans', () => {
  const plans = new Plans();
  const plan = plans.selecting();
  const stack = stackIn(LOG_ARCHIVE, LONDON, plans.app, 'Monitoring');
  new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, plans: [plan] });

  expect(accountsIn(Rendered.of(stack))).toEqual([INFRASTRUCTURE]);
});

test('where the app knows no account, the whole organization may put events on the bus, and synthesis says so', () => {
  const setup = new Setup();
  setup.central();

  expect(accountsIn(setup.rendered)).toBeUndefined();
  expect(accountsOfRules(setup.rendered)).toBeUndefined();
  expect(messagesOf(setup.app)).toEqual(["which accounts send events to the bus: the app contains none, so add them to 'accounts'; until "
    + 'then, every account of the organization may, and can send unwanted messages and keep alarms in ALARM']);
});

test('a forwarding in the stack of the bus is of its account, whatever that is', () => {
  const stack = new Stack(new App(), 'Backup');
  const { eventBusArn } = new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION });
  new BackupEventForwarding(stack, 'Forwarding', { eventBusArn });

  expect(new Set(Object.values<any>((stack.node.root as App).synth().getStackByName('Backup').template.Resources)
    .filter(({ Type }) => Type === 'AWS::Events::EventBusPolicy').map(({ Properties }) => JSON.stringify(Properties.Statement.Condition.StringEquals['aws:PrincipalAccount']))))
    .toEqual(new Set(['[{"Ref":"AWS::AccountId"}]']));
});

test('a vault that may be in any account leaves the bus open to the organization, and synthesis says so', () => {
  const setup = new Setup();
  setup.central({ accounts: [OTHER] });
  new ReplicatedBackupVault(new Stack(setup.app, 'Anywhere'), 'Vault');

  expect(accountsIn(setup.rendered)).toBeUndefined();
  expect(messagesOf(setup.app)).toEqual([expect.stringMatching(/^which accounts send events to the bus: stacks without a literal account forward or have vaults or plans, so set their 'env'; /)]);
});

test('where a pattern has no room for all accounts, the policy of the bus alone keeps the others out, and synthesis says so', () => {
  const setup = new Setup();
  const accounts = manyAccounts(130);
  setup.central({ accounts });

  expect(accountsIn(setup.rendered)).toEqual(accounts);
  for (const { EventPattern } of setup.rendered.all('AWS::Events::Rule')) {
    expect(EventPattern.account === undefined || JSON.stringify(EventPattern).length <= 2048).toBe(true);
  }
  expect(setup.rendered.all('AWS::Events::Rule').some(({ EventPattern: { account } }) => account)).toBe(true);
  expect(messagesOf(setup.app)).toEqual([expect.stringMatching(/^whether the events that rules .*Rule-vault-tampered.* match are of the 130 accounts: .*2048 characters.*allows no other account$/)]);
});

test('where the policy of the bus has no room for all accounts, the organization may put events on it, and synthesis says so', () => {
  const setup = new Setup();
  setup.central({ accounts: manyAccounts(643) });

  expect(accountsIn(setup.rendered)).toBeUndefined();
  expect(messagesOf(setup.app)).toEqual([expect.stringMatching(/^whether only the 643 accounts send events to the bus: .*10240 characters/)]);

  const fits = new Setup();
  fits.central({ accounts: manyAccounts(642) });
  expect(accountsIn(fits.rendered)).toHaveLength(642);
  expect(JSON.stringify(fits.rendered.only('AWS::Events::EventBusPolicy').Statement).length).toBeLessThan(10_240);
});

describe('without an organization', () => {
  const central = (props: Partial<CentralMonitoringProps>) => {
    const stack = stackIn(LOG_ARCHIVE, LONDON, new App(), 'Monitoring');
    new CentralMonitoring(stack, 'Central', { eventBusName: 'backups', ...props });
    return stack;
  };

  test('the bus takes the events of the accounts alone', () => {
    const rendered = Rendered.of(central({ accounts: [OTHER, INFRASTRUCTURE] }));

    expect(rendered.only('AWS::Events::EventBusPolicy').Statement.Condition).toEqual({ StringEquals: { 'aws:PrincipalAccount': [INFRASTRUCTURE, OTHER] } });
    expect(accountsOfRules(rendered)).toEqual([INFRASTRUCTURE, OTHER]);
  });

  test('more accounts than the policy of the bus has room for are refused, since it would let everybody in', () => {
    const stack = central({ accounts: manyAccounts(643) });

    expect(problemsOf(() => stack.node.root.node.findAll().flatMap((node) => node.node.validate()).forEach((problem) => {
      throw new Error(`\n- ${problem}`);
    }))).toEqual(["'organizationId' (organization_id) is required if more accounts send events to the bus than fit into its policy of 10240 characters, got 643 accounts"]);
  });

  test('metrics of other accounts are refused: those of an organization alone may share them', () => {
    expect(problemsOf(() => central({ accounts: [OTHER], observabilityRegions: ['eu-west-1'] })))
      .toEqual(["'observabilityRegions' (observability_regions) requires 'organizationId' (organization_id), whose accounts may share their metrics: set it, or leave the regions out"]);
  });
});

describe('in two Stages', () => {
  function staged(props: Partial<CentralMonitoringProps> = {}) {
    const app = new App();
    const [first, second] = ['First', 'Second'].map((id) => new Stage(app, id));
    const stack = stackIn(LOG_ARCHIVE, LONDON, first, 'Monitoring');
    new CentralMonitoring(stack, 'Central', { organizationId: ORGANIZATION, eventBusName: 'backups', ...props });
    return { stack, first, forward: () => new BackupEventForwarding(stackIn(INFRASTRUCTURE, LONDON, second, 'Workload'), 'Forwarding', { eventBusArn: BUS }) };
  }

  test('the bus takes the accounts of whoever forwards to it from another one', () => {
    const { stack, forward } = staged({ accounts: [OTHER] });
    forward();

    expect(accountsIn(Rendered.of(stack))).toEqual([INFRASTRUCTURE, OTHER]);
  });

  test('a forwarding from an account that a bus does not take which is synthesized already is refused', () => {
    const { first, forward } = staged({ accounts: [OTHER] });
    first.synth();

    expect(problemsOf(forward)).toEqual([`'eventBusArn' (event_bus_arn) is that of a bus that is already synthesized and does not allow account ${INFRASTRUCTURE}: add it to 'accounts' `
      + 'of CentralMonitoring, or define the forwarding before the Stage of the bus is synthesized']);
  });

  test.each<[string, Partial<CentralMonitoringProps>]>([['names its account', { accounts: [INFRASTRUCTURE] }], ['takes all of the organization', {}]])(
    'a forwarding to a bus that is synthesized already and %s is accepted', (_, props) => {
      const { first, forward } = staged(props);
      first.synth();

      expect(problemsOf(forward)).toEqual([]);
    });
});

test.each([
  [[], "'accounts' must contain at least one account, got none: leave it out for those of the app"],
  [['12345'], "'accounts' must be literal account ids of 12 digits, got '12345'"],
  [[Stack.of(new Stack()).account], "'accounts' must be literal account ids of 12 digits, got a token"],
])('accounts %j are refused', (accounts, problem) => {
  expect(problemsOf(() => new Setup().central({ accounts }))).toEqual([problem]);
});
