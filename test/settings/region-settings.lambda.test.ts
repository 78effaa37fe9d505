import { backupError, customResourceEvent, FakeAws, iamError, iamRole, json } from './fake-aws';
import type { AwsRequest } from './fake-aws';
import { pauses } from '../../src/handlers/custom-resource.lambda-shared';
import { handler } from '../../src/settings/region-settings.lambda';


let aws: FakeAws;

/** What is set in the region. */
let settings: Record<string, Record<string, boolean>>;

const DYNAMODB = { resourceTypeOptIn: ['DynamoDB'], resourceTypeManagement: ['DynamoDB'] };
const NO_ROLE = iamError(404, 'NoSuchEntity', 'The role with name AWSServiceRoleForBackup cannot be found.');

beforeAll(async () => {
  aws = await FakeAws.start();
  pauses.unit = 1;
});

afterAll(() => aws.stop());

beforeEach(() => {
  jest.spyOn(console, 'error').mockImplementation();
  jest.spyOn(Math, 'random').mockReturnValue(0); // the SDK pauses for a random time
  aws.reset();
  settings = {
    ResourceTypeOptInPreference: { Aurora: true, DynamoDB: false, EBS: false, S3: false },
    ResourceTypeManagementPreference: { DynamoDB: false, EFS: true },
  };
  aws.on('GetRole', iamRole('GetRole'));
  aws.on('GET /account-settings', () => json(settings));
  aws.on('PUT /account-settings', write);
});

function write({ body }: AwsRequest) {
  settings = body;
  return json({});
}

function outcome(): any {
  return aws.outcomes.at(-1)?.body;
}

describe('what is on', () => {
  test('is not written again', async () => {
    settings = { ResourceTypeOptInPreference: { DynamoDB: true, EBS: false }, ResourceTypeManagementPreference: { DynamoDB: true } };

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.operations).toEqual(['GetRole', 'GET /account-settings']);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('stays on, what is off stays off, and ours is turned on', async () => {
    await handler(customResourceEvent('Create', { resourceTypeOptIn: ['DynamoDB', 'S3'], resourceTypeManagement: ['DynamoDB'] }));

    expect(aws.bodiesOf('PUT /account-settings')).toEqual([{
      ResourceTypeOptInPreference: { Aurora: true, DynamoDB: true, EBS: false, S3: true },
      ResourceTypeManagementPreference: { DynamoDB: true, EFS: true },
    }]);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('is written for opt-in and management in one call, and read again', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.operations).toEqual(['GetRole', 'GET /account-settings', 'PUT /account-settings', 'GET /account-settings']);
  });

  test('is written where only the management of the type is off', async () => {
    settings = { ResourceTypeOptInPreference: { DynamoDB: true }, ResourceTypeManagementPreference: {} };

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.bodiesOf('PUT /account-settings')).toEqual([
      { ResourceTypeOptInPreference: { DynamoDB: true }, ResourceTypeManagementPreference: { DynamoDB: true } },
    ]);
  });

  test('is left to itself by types without management', async () => {
    await handler(customResourceEvent('Create', { resourceTypeOptIn: ['EBS'], resourceTypeManagement: [] }));

    expect(aws.bodiesOf('PUT /account-settings')).toEqual([{
      ResourceTypeOptInPreference: { Aurora: true, DynamoDB: false, EBS: true, S3: false },
      ResourceTypeManagementPreference: { DynamoDB: false, EFS: true },
    }]);
  });

  test('is found by a second run, which writes nothing', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));
    await handler(customResourceEvent('Update', DYNAMODB, 'backup-region-settings'));

    expect(aws.operations).toEqual([
      'GetRole', 'GET /account-settings', 'PUT /account-settings', 'GET /account-settings',
      'GetRole', 'GET /account-settings',
    ]);
    expect(aws.outcomes.map(({ body }) => body.PhysicalResourceId)).toEqual(['backup-region-settings', 'backup-region-settings']);
  });
});

describe('a map that this version of the AWS SDK does not know', () => {
  beforeEach(() => {
    settings = { ...settings, ResourceTypeOptInIncremental: { DynamoDB: true, EFS: false }, ResourceTypeOfTomorrow: { S3: true } };
  });

  test('is written as it was read', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.bodiesOf('PUT /account-settings')).toEqual([{
      ResourceTypeOptInPreference: { Aurora: true, DynamoDB: true, EBS: false, S3: false },
      ResourceTypeManagementPreference: { DynamoDB: true, EFS: true },
      ResourceTypeOptInIncremental: { DynamoDB: true, EFS: false },
      ResourceTypeOfTomorrow: { S3: true },
    }]);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('is sent with the length that the body has', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));

    const [{ headers, body }] = aws.requests.filter(({ operation }) => operation === 'PUT /account-settings');
    expect(headers['content-length']).toBe(String(JSON.stringify(body).length));
  });

  test('is no reason to write', async () => {
    settings = { ...settings, ResourceTypeOptInPreference: { DynamoDB: true }, ResourceTypeManagementPreference: { DynamoDB: true } };

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.bodiesOf('PUT /account-settings')).toEqual([]);
  });
});

describe('incremental backups of DynamoDB', () => {
  const INCREMENTAL = { ...DYNAMODB, resourceTypeIncremental: ['DynamoDB'] };

  test('are turned on beside what is on', async () => {
    settings = { ...settings, ResourceTypeOptInIncremental: { DynamoDB: false, EFS: true } };

    await handler(customResourceEvent('Create', INCREMENTAL));

    expect(aws.bodiesOf('PUT /account-settings')[0].ResourceTypeOptInIncremental).toEqual({ DynamoDB: true, EFS: true });
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('are turned on where the settings never had them', async () => {
    await handler(customResourceEvent('Create', INCREMENTAL));

    expect(aws.bodiesOf('PUT /account-settings')[0].ResourceTypeOptInIncremental).toEqual({ DynamoDB: true });
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('that the region does not take make the deployment fail', async () => {
    aws.on('PUT /account-settings', ({ body: { ResourceTypeOptInIncremental, ...others } }: AwsRequest) => {
      expect(ResourceTypeOptInIncremental).toEqual({ DynamoDB: true });
      settings = others;
      return json({});
    });

    await handler(customResourceEvent('Create', INCREMENTAL));

    expect(outcome()).toMatchObject({ Status: 'FAILED', Reason: 'Error: AWS Backup took the settings, and yet these are off: DynamoDB' });
  });
});

test('a refusal of AWS Backup is the reason of the failure', async () => {
  aws.on('GET /account-settings', backupError(403, 'AccessDeniedException', 'not authorized to perform: backup:DescribeRegionSettings'));

  await handler(customResourceEvent('Create', DYNAMODB));

  expect(outcome().Reason).toBe('AccessDeniedException: not authorized to perform: backup:DescribeRegionSettings');
});

test('a type that the region does not offer is named, with what it offers, and not tried again', async () => {
  await handler(customResourceEvent('Create', { resourceTypeOptIn: ['DynamoDB', 'Timestream'], resourceTypeManagement: ['DynamoDB'] }));

  expect(outcome().Status).toBe('FAILED');
  expect(outcome().Reason).toBe("NotOfferedError: AWS Backup does not offer Timestream in this region: leave it out of 'resourceTypes'. "
    + 'It offers Aurora, DynamoDB, EBS, S3');
  expect(aws.operations).toEqual(['GetRole', 'GET /account-settings']);
});

test('a type that the region does not offer is left out where that is wanted', async () => {
  await handler(customResourceEvent('Create', { resourceTypeOptIn: ['DynamoDB'], resourceTypeManagement: ['DynamoDB'], resourceTypeOptInIfOffered: ['S3', 'Timestream'] }));

  expect(outcome().Status).toBe('SUCCESS');
  expect(aws.bodiesOf('PUT /account-settings')[0].ResourceTypeOptInPreference).toEqual({ Aurora: true, DynamoDB: true, EBS: false, S3: true });
});

test('a list that did not arrive has no types', async () => {
  await handler(customResourceEvent('Create', { resourceTypeOptInIfOffered: ['S3', 'Timestream'] }));

  expect(outcome().Status).toBe('SUCCESS');
  expect(aws.bodiesOf('PUT /account-settings')[0].ResourceTypeOptInPreference).toEqual({ Aurora: true, DynamoDB: false, EBS: false, S3: true });
});

describe('another writer', () => {
  test('who overwrote ours in between is overwritten, and keeps its own', async () => {
    aws.on('PUT /account-settings', () => {
      settings = { ResourceTypeOptInPreference: { DynamoDB: false, S3: true }, ResourceTypeManagementPreference: { DynamoDB: false } };
      return json({});
    }, write);

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.bodiesOf('PUT /account-settings')[1]).toEqual({
      ResourceTypeOptInPreference: { DynamoDB: true, S3: true },
      ResourceTypeManagementPreference: { DynamoDB: true },
    });
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('who never gives in makes the deployment fail after five attempts', async () => {
    aws.on('PUT /account-settings', json({}));

    await handler(customResourceEvent('Create', { resourceTypeOptIn: ['S3'], resourceTypeManagement: [] }));

    expect(aws.bodiesOf('PUT /account-settings')).toHaveLength(5);
    expect(outcome().Status).toBe('FAILED');
    expect(outcome().Reason).toBe('Error: AWS Backup took the settings, and yet these are off: S3');
  });
});

describe('the service-linked role', () => {
  test('is made where it is missing, before the settings', async () => {
    aws.on('GetRole', NO_ROLE);
    aws.on('CreateServiceLinkedRole', iamRole('CreateServiceLinkedRole'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.bodiesOf('GetRole')).toEqual([{ Action: 'GetRole', Version: '2010-05-08', RoleName: 'AWSServiceRoleForBackup' }]);
    expect(aws.bodiesOf('CreateServiceLinkedRole'))
      .toEqual([{ Action: 'CreateServiceLinkedRole', Version: '2010-05-08', AWSServiceName: 'backup.amazonaws.com' }]);
    expect(aws.operations.slice(0, 3)).toEqual(['GetRole', 'CreateServiceLinkedRole', 'GET /account-settings']);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('is not made where it is', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.operations).not.toContain('CreateServiceLinkedRole');
  });

  test('may be made by somebody else in between', async () => {
    aws.on('GetRole', NO_ROLE);
    aws.on('CreateServiceLinkedRole', iamError(400, 'InvalidInput',
      'Service role name AWSServiceRoleForBackup has been taken in this account, please try a different suffix.'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(outcome().Status).toBe('SUCCESS');
    expect(settings.ResourceTypeOptInPreference.DynamoDB).toBe(true);
  });

  test('that can not be made makes the deployment fail', async () => {
    aws.on('GetRole', NO_ROLE);
    aws.on('CreateServiceLinkedRole', iamError(403, 'AccessDenied', 'not authorized to perform: iam:CreateServiceLinkedRole'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(outcome()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not authorized to perform: iam:CreateServiceLinkedRole') });
  });

  test('that must not be read makes the deployment fail, and nothing is made', async () => {
    aws.on('GetRole', iamError(403, 'AccessDenied', 'not authorized to perform: iam:GetRole'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(outcome()).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('not authorized to perform: iam:GetRole') });
    expect(aws.operations).toEqual(['GetRole']);
  });
});

describe('throttling', () => {
  const attempts = (operation: string) => aws.requests
    .filter((request) => request.operation === operation).map(({ headers }) => headers['amz-sdk-request']);

  test('by AWS Backup is waited out by the SDK', async () => {
    aws.on('PUT /account-settings', backupError(429, 'ThrottlingException', 'Rate exceeded'), write);

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(attempts('PUT /account-settings')).toEqual(['attempt=1; max=8', 'attempt=2; max=8']);
    expect(outcome().Status).toBe('SUCCESS');
  });

  test('by AWS IAM is waited out by the SDK', async () => {
    aws.on('GetRole', iamError(400, 'Throttling', 'Rate exceeded'), iamRole('GetRole'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(attempts('GetRole')).toEqual(['attempt=1; max=8', 'attempt=2; max=8']);
    expect(outcome().Status).toBe('SUCCESS');
  });
});

describe('a deletion', () => {
  test('touches nothing', async () => {
    await handler(customResourceEvent('Delete', DYNAMODB, 'backup-region-settings'));

    expect(aws.operations).toEqual([]);
    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'backup-region-settings' });
  });

  test('after a failed creation answers with the name that the creation answered with', async () => {
    await handler(customResourceEvent('Delete', DYNAMODB, '0f6b5d1e-0000-4000-8000-000000000001'));

    expect(outcome()).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: '0f6b5d1e-0000-4000-8000-000000000001' });
  });
});

describe('CloudFormation', () => {
  test('is told what it needs to know, in the only way that its URL takes', async () => {
    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.outcomes).toHaveLength(1);
    expect(outcome()).toEqual({
      Status: 'SUCCESS',
      PhysicalResourceId: 'backup-region-settings',
      StackId: 'arn:aws:cloudformation:eu-west-2:222222222222:stack/Settings/5c1b6f20-0000-11f0-0000-0a0000000001',
      RequestId: '0f6b5d1e-0000-4000-8000-000000000001',
      LogicalResourceId: 'RegionSettings',
    });
    expect(aws.outcomes[0].headers).toMatchObject({ 'content-type': '', 'content-length': String(JSON.stringify(outcome()).length) });
  });

  test('gets a name for what could not be created', async () => {
    aws.on('GetRole', iamError(403, 'AccessDenied', 'no'));

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(outcome()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: '0f6b5d1e-0000-4000-8000-000000000001' });
  });

  test('gets the name that it has for what could not be updated', async () => {
    aws.on('GetRole', iamError(403, 'AccessDenied', 'no'));

    await handler(customResourceEvent('Update', DYNAMODB, 'backup-region-settings'));

    expect(outcome()).toMatchObject({ Status: 'FAILED', PhysicalResourceId: 'backup-region-settings' });
  });

  test('is told again when it did not take the answer', async () => {
    aws.on('PUT /answer', { status: 503, headers: {}, body: '' }, { status: 200, headers: {}, body: '' });

    await handler(customResourceEvent('Create', DYNAMODB));

    expect(aws.outcomes.map(({ body }) => body.Status)).toEqual(['SUCCESS', 'SUCCESS']);
  });

  test('that takes no answer makes the function fail after five attempts, so that AWS Lambda tries once more', async () => {
    aws.on('PUT /answer', { status: 403, headers: {}, body: '' });

    await expect(handler(customResourceEvent('Delete', DYNAMODB))).rejects.toThrow(new Error('CloudFormation responded with status 403'));

    expect(aws.outcomes).toHaveLength(5);
  });
});
