import { backupError, customResourceEvent, FakeAws, json, organizationsError } from './fake-aws';
import { pauses } from '../../src/handlers/custom-resource.lambda-shared';
import { handler } from '../../src/settings/organization-settings.lambda';


let aws: FakeAws;

const EVERYTHING = { crossAccountBackup: 'true', backupPolicies: 'true', delegatedAdministrator: '333333333333' };
const NOTHING = { crossAccountBackup: 'false', backupPolicies: 'false' };
const POLICIES = { crossAccountBackup: 'false', backupPolicies: 'true' };

beforeAll(async () => {
  aws = await FakeAws.start();
  pauses.unit = 1;
});

afterAll(() => aws.stop());

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK pauses for a random time
  aws.reset();
  managementAccount('222222222222');
  root();
  aws.on('EnableAWSServiceAccess', json({}));
  aws.on('GET /global-settings', json({ GlobalSettings: { isCrossAccountBackupEnabled: 'false' } }));
  aws.on('PUT /global-settings', json({}));
  aws.on('EnablePolicyType', json({ Root: {} }));
  aws.on('ListDelegatedAdministrators', json({ DelegatedAdministrators: [] }));
  aws.on('RegisterDelegatedAdministrator', json({}));
});

function managementAccount(account: string) {
  aws.on('DescribeOrganization', json({ Organization: { Id: 'o-exampleorgid', FeatureSet: 'ALL', MasterAccountId: account } }));
}

function root(...policyTypes: { Type: string; Status: string }[]) {
  aws.on('ListRoots', json({ Roots: [{ Id: 'r-exam', Name: 'Root', PolicyTypes: policyTypes }] }));
}

function outcome(): any {
  return aws.outcomes.at(-1)?.body;
}

describe('outside of the management account', () => {
  test('the deployment fails and names the management account, and nothing is changed', async () => {
    managementAccount('111111111111');

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(outcome()).toMatchObject({
      Status: 'FAILED',
      Reason: 'Error: deploy OrganizationBackupSettings into the management account of the organization, 111111111111: '
        + 'only there can they be changed',
    });
    expect(aws.operations).toEqual(['DescribeOrganization']);
  });

  test('and of any organization, the deployment fails with what AWS Organizations says', async () => {
    aws.on('DescribeOrganization', organizationsError('AWSOrganizationsNotInUseException', 'Your account is not a member of an organization.'));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(outcome()).toMatchObject({
      Status: 'FAILED', Reason: 'AWSOrganizationsNotInUseException: Your account is not a member of an organization.',
    });
    expect(aws.operations).toEqual(['DescribeOrganization']);
  });
});

describe('what is asked for', () => {
  test('is turned on, trusted access first', async () => {
    await handler(customResourceEvent('Create', EVERYTHING));

    expect(aws.operations).toEqual([
      'DescribeOrganization', 'EnableAWSServiceAccess',
      'GET /global-settings', 'PUT /global-settings',
      'ListRoots', 'EnablePolicyType',
      'ListDelegatedAdministrators', 'RegisterDelegatedAdministrator',
    ]);
    expect(aws.bodiesOf('EnableAWSServiceAccess')).toEqual([{ ServicePrincipal: 'backup.amazonaws.com' }]);
    expect(aws.bodiesOf('PUT /global-settings')).toEqual([{ GlobalSettings: { isCrossAccountBackupEnabled: 'true' } }]);
    expect(aws.bodiesOf('EnablePolicyType')).toEqual([{ RootId: 'r-exam', PolicyType: 'BACKUP_POLICY' }]);
    expect(aws.bodiesOf('ListDelegatedAdministrators')).toEqual([{ ServicePrincipal: 'backup.amazonaws.com' }]);
    expect(aws.bodiesOf('RegisterDelegatedAdministrator')).toEqual([{ AccountId: '333333333333', ServicePrincipal: 'backup.amazonaws.com' }]);
    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'organization-backup-settings' });
  });

  test.each([
    ['nothing', NOTHING, []],
    ['backups across accounts', { ...NOTHING, crossAccountBackup: 'true' }, ['GET /global-settings', 'PUT /global-settings']],
    ['backup policies', POLICIES, ['ListRoots', 'EnablePolicyType']],
    [
      'a delegated administrator',
      { ...NOTHING, delegatedAdministrator: '333333333333' },
      ['ListDelegatedAdministrators', 'RegisterDelegatedAdministrator'],
    ],
  ])('is all that is done: %s', async (_, properties, operations) => {
    await handler(customResourceEvent('Create', properties));

    expect(aws.operations).toEqual(['DescribeOrganization', 'EnableAWSServiceAccess', ...operations]);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('leaves the other settings of the organization as they are', async () => {
    aws.on('GET /global-settings', json({
      LastUpdateTime: 1735689600,
      GlobalSettings: { isCrossAccountBackupEnabled: 'false', isMpaEnabled: 'true', isDelegatedAdministratorEnabled: 'false' },
    }));

    await handler(customResourceEvent('Create', { ...NOTHING, crossAccountBackup: 'true' }));

    expect(aws.bodiesOf('PUT /global-settings')).toEqual([
      { GlobalSettings: { isCrossAccountBackupEnabled: 'true', isMpaEnabled: 'true', isDelegatedAdministratorEnabled: 'false' } },
    ]);
  });

  test('is asked for again by an update', async () => {
    await handler(customResourceEvent('Update', POLICIES, 'organization-backup-settings'));

    expect(aws.operations).toContain('EnablePolicyType');
    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'organization-backup-settings' });
  });
});

describe('what is on already', () => {
  test('is not turned on again', async () => {
    aws.on('GET /global-settings', json({ GlobalSettings: { isCrossAccountBackupEnabled: 'true' } }));
    root({ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' }, { Type: 'BACKUP_POLICY', Status: 'ENABLED' });
    aws.on('ListDelegatedAdministrators', json({ DelegatedAdministrators: [{ Id: '444444444444' }, { Id: '333333333333' }] }));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(aws.operations).toEqual([
      'DescribeOrganization', 'EnableAWSServiceAccess', 'GET /global-settings', 'ListRoots', 'ListDelegatedAdministrators',
    ]);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('may be turned on by somebody else in between', async () => {
    aws.on('EnablePolicyType', organizationsError('PolicyTypeAlreadyEnabledException', 'The specified policy type is already enabled.'));
    aws.on('RegisterDelegatedAdministrator', organizationsError('AccountAlreadyRegisteredException', 'The account is already registered.'));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(outcome().Status).toBe('SUCCESS');
  });

  test.each([
    ['ENABLED', 0],
    ['PENDING_ENABLE', 0],
    ['PENDING_DISABLE', 1],
  ])('is what the status of the policy type says: %s', async (Status, times) => {
    root({ Type: 'BACKUP_POLICY', Status });

    await handler(customResourceEvent('Create', POLICIES));

    expect(aws.bodiesOf('EnablePolicyType')).toHaveLength(times);
  });

  test('is not the policy type of somebody else', async () => {
    root({ Type: 'SERVICE_CONTROL_POLICY', Status: 'ENABLED' });

    await handler(customResourceEvent('Create', POLICIES));

    expect(aws.bodiesOf('EnablePolicyType')).toHaveLength(1);
  });

  test('is not another delegated administrator', async () => {
    aws.on('ListDelegatedAdministrators', json({ DelegatedAdministrators: [{ Id: '444444444444' }] }));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(aws.bodiesOf('RegisterDelegatedAdministrator')).toHaveLength(1);
  });

  test('is found by a second run, which turns nothing on', async () => {
    aws.on('PUT /global-settings', () => {
      aws.on('GET /global-settings', json({ GlobalSettings: { isCrossAccountBackupEnabled: 'true' } }));
      return json({});
    });
    aws.on('EnablePolicyType', () => {
      root({ Type: 'BACKUP_POLICY', Status: 'ENABLED' });
      return json({ Root: {} });
    });
    aws.on('RegisterDelegatedAdministrator', () => {
      aws.on('ListDelegatedAdministrators', json({ DelegatedAdministrators: [{ Id: '333333333333' }] }));
      return json({});
    });

    await handler(customResourceEvent('Create', EVERYTHING));
    await handler(customResourceEvent('Update', EVERYTHING, 'organization-backup-settings'));

    expect(aws.operations.slice(8)).toEqual([
      'DescribeOrganization', 'EnableAWSServiceAccess', 'GET /global-settings', 'ListRoots', 'ListDelegatedAdministrators',
    ]);
    expect(aws.outcomes.map(({ body }) => body.Status)).toEqual(['SUCCESS', 'SUCCESS']);
  });
});

describe('an error', () => {
  test.each([
    ['EnableAWSServiceAccess', 'AccessDeniedException'],
    ['EnablePolicyType', 'PolicyTypeNotAvailableForOrganizationException'],
    ['RegisterDelegatedAdministrator', 'AccountNotFoundException'],
  ])('of %s makes the deployment fail', async (operation, code) => {
    aws.on(operation, organizationsError(code, 'what AWS says'));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(outcome()).toMatchObject({
      Status: 'FAILED', Reason: `${code}: what AWS says`, PhysicalResourceId: '0f6b5d1e-0000-4000-8000-000000000001',
    });
    expect(aws.operations.at(-1)).toBe(operation);
  });

  test('of AWS Backup makes the deployment fail', async () => {
    aws.on('PUT /global-settings', backupError(400, 'InvalidRequestException', 'what AWS says'));

    await handler(customResourceEvent('Create', EVERYTHING));

    expect(outcome()).toMatchObject({ Status: 'FAILED', Reason: 'InvalidRequestException: what AWS says' });
  });

  test('that says too many requests is waited out by the SDK', async () => {
    aws.on('ListRoots', organizationsError('TooManyRequestsException', 'Rate exceeded'), json({ Roots: [{ Id: 'r-exam', PolicyTypes: [] }] }));

    await handler(customResourceEvent('Create', POLICIES));

    expect(aws.requests.filter(({ operation }) => operation === 'ListRoots').map(({ headers }) => headers['amz-sdk-request']))
      .toEqual(['attempt=1; max=8', 'attempt=2; max=8']);
    expect(outcome().Status).toBe('SUCCESS');
  });

  // AWS Organizations: "The target of the operation is currently being modified by a different request. Try again later."
  test.each(['EnableAWSServiceAccess', 'EnablePolicyType', 'RegisterDelegatedAdministrator'])(
    'that says that somebody else changes the organization makes %s try again', async (operation) => {
      aws.on(operation, organizationsError('ConcurrentModificationException', 'Try again later.'), json({}));

      await handler(customResourceEvent('Create', EVERYTHING));

      expect(outcome().Status).toBe('SUCCESS');
      expect(aws.bodiesOf(operation)).toHaveLength(2);
    });
});

// AWS Organizations: list operations can "return an empty set of results even when there are more results available".
test('the root is looked for on the next page, too', async () => {
  aws.on('ListRoots', json({ Roots: [], NextToken: 'next' }), json({ Roots: [{ Id: 'r-exam', PolicyTypes: [] }] }));

  await handler(customResourceEvent('Create', POLICIES));

  expect(aws.bodiesOf('ListRoots')).toEqual([{}, { NextToken: 'next' }]);
  expect(aws.bodiesOf('EnablePolicyType')).toEqual([{ RootId: 'r-exam', PolicyType: 'BACKUP_POLICY' }]);
});

describe('a deletion', () => {
  test('touches nothing', async () => {
    await handler(customResourceEvent('Delete', EVERYTHING, 'organization-backup-settings'));

    expect(aws.operations).toEqual([]);
    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'organization-backup-settings' });
  });

  test('in a member account, after a creation that failed for that, succeeds under the name of that creation', async () => {
    managementAccount('111111111111');

    await handler(customResourceEvent('Delete', EVERYTHING, '0f6b5d1e-0000-4000-8000-000000000001'));

    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: '0f6b5d1e-0000-4000-8000-000000000001' });
  });
});
