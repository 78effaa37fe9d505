import { App, Duration, NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Construct } from 'constructs';
import { BackupTier } from '../../src/objectives/backup-tier';
import { ResourceType } from '../../src/objectives/resource-type';
import { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { Registry, UNCHECKED } from '../../src/private/registry';
import { BackupRegionSettings } from '../../src/settings/backup-region-settings';
import { BackupTarget } from '../../src/targets/backup-target';
import { ReplicatedBackupVault } from '../../src/vault/replicated-backup-vault';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, IRELAND, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = stackIn(INFRASTRUCTURE, LONDON, app);
});

function hasRequest(request: object): void {
  Template.fromStack(stack).hasResourceProperties('Custom::BackupRegionSettings', request);
}

describe('the custom resource', () => {
  test('asks for the types and for the advanced features of DynamoDB', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.S3, ResourceType.DYNAMODB] });

    Template.fromStack(stack).templateMatches({
      Resources: {
        Settings1CCB6159: {
          Type: 'Custom::BackupRegionSettings',
          Properties: {
            ServiceToken: { 'Fn::GetAtt': ['BackupRegionSettingsHandlerFunction1B11BAD0', 'Arn'] },
            ServiceTimeout: '600',
            resourceTypeOptIn: ['DynamoDB', 'S3'],
            resourceTypeManagement: ['DynamoDB'],
          },
        },
      },
    });
  });

  test('asks for nothing more than the types where DynamoDB is none of them', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.EFS] });

    hasRequest({ resourceTypeOptIn: ['EFS'], resourceTypeManagement: [] });
  });

  test('leaves the advanced features alone where they are not wanted', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB], dynamoDbAdvancedFeatures: false });

    hasRequest({ resourceTypeOptIn: ['DynamoDB'], resourceTypeManagement: [] });
  });

  test('is the same in whatever order the types are named', () => {
    new BackupRegionSettings(stack, 'One', { resourceTypes: [ResourceType.S3, ResourceType.AURORA] });
    new BackupRegionSettings(stack, 'Other', { resourceTypes: [ResourceType.AURORA, ResourceType.S3] });

    Template.fromStack(stack).resourcePropertiesCountIs('Custom::BackupRegionSettings', { resourceTypeOptIn: ['Aurora', 'S3'] }, 2);
  });

  test('names a type once that several types have the name of', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.FSX, ResourceType.FSX_ONTAP] });

    hasRequest({ resourceTypeOptIn: ['FSx'] });
  });
});

describe('the handler', () => {
  test('is one function for all settings of a stack', () => {
    new BackupRegionSettings(stack, 'One', { resourceTypes: [ResourceType.DYNAMODB] });
    new BackupRegionSettings(stack, 'Other', { resourceTypes: [ResourceType.S3] });

    const template = Template.fromStack(stack);
    template.resourceCountIs('Custom::BackupRegionSettings', 2);
    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('AWS::IAM::Role', 1);
    template.resourceCountIs('AWS::Logs::LogGroup', 1);
  });

  test('runs on Node.js 24 and Graviton', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Description: 'Turns on what AWS Backup needs in a region',
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      MemorySize: 256,
      Timeout: 300,
      Environment: Match.absent(),
    });
  });

  test('logs into a group of its own for a year, which goes with the stack', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });

    const template = Template.fromStack(stack);
    const [logGroup] = Object.keys(template.findResources('AWS::Logs::LogGroup', { Properties: { RetentionInDays: 365 }, DeletionPolicy: 'Delete' }));
    template.hasResourceProperties('AWS::Lambda::Function', { LoggingConfig: { LogGroup: { Ref: logGroup } } });
  });

  test('may change the settings of the region, make the service-linked role, and nothing else', () => {
    new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB] });

    const template = Template.fromStack(stack);
    const serviceLinkedRole = {
      'Fn::Join': ['', [
        'arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup',
      ]],
    };
    const [{ Properties: { Policies, ManagedPolicyArns, AssumeRolePolicyDocument } }] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(AssumeRolePolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } },
    ]);
    expect(ManagedPolicyArns).toBeUndefined();
    expect(Policies).toHaveLength(1);
    expect(Policies[0].PolicyDocument.Statement).toEqual([
      { Sid: 'ChangeRegionSettings', Effect: 'Allow', Action: ['backup:DescribeRegionSettings', 'backup:UpdateRegionSettings'], Resource: '*' },
      {
        Sid: 'FindServiceLinkedRole',
        Effect: 'Allow',
        Action: 'iam:GetRole',
        Resource: [serviceLinkedRole, { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':iam::222222222222:role/AWSServiceRoleForBackup']] }],
      },
      {
        Sid: 'MakeServiceLinkedRole',
        Effect: 'Allow',
        Action: 'iam:CreateServiceLinkedRole',
        Resource: serviceLinkedRole,
        Condition: { StringEquals: { 'iam:AWSServiceName': 'backup.amazonaws.com' } },
      },
      {
        Sid: 'WriteLogs',
        Effect: 'Allow',
        Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        Resource: { 'Fn::GetAtt': [expect.stringMatching(/^BackupRegionSettingsHandlerLogs/), 'Arn'] },
      },
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 0);
  });
});

describe('selections', () => {
  /** A plan with one selection, and what that waits for. */
  function definePlan(scope: Stack): () => string[] {
    const plan = new TieredBackupPlan(scope, 'Plan', {
      vault: new ReplicatedBackupVault(scope, 'Vault'),
      tiers: [BackupTier.daily({ deleteAfter: Duration.days(35) })],
    });
    plan.addSelection('Tables', { resources: [BackupTarget.allOf(ResourceType.DYNAMODB)] });
    return () => Object.values(Template.fromStack(scope).findResources('AWS::Backup::BackupSelection')).flatMap(({ DependsOn = [] }) => DependsOn);
  }

  function defineSettings(scope: Stack, id = 'Settings'): void {
    new BackupRegionSettings(scope, id, { resourceTypes: [ResourceType.DYNAMODB] });
  }

  test('wait for settings that are defined before them', () => {
    defineSettings(stack);
    const waitsFor = definePlan(stack);

    expect(waitsFor()).toEqual(['Settings1CCB6159']);
  });

  test('wait for settings that are defined after them', () => {
    const waitsFor = definePlan(stack);
    defineSettings(stack);

    expect(waitsFor()).toEqual(['Settings1CCB6159']);
  });

  test('wait for all settings of their account and region', () => {
    defineSettings(stack);
    const waitsFor = definePlan(stack);
    defineSettings(stack, 'MoreSettings');

    expect(waitsFor()).toEqual(['MoreSettings515BC2CB', 'Settings1CCB6159']);
  });

  test('wait for nothing where there are no settings', () => {
    expect(definePlan(stack)()).toEqual([]);
  });

  test('wait for settings in another stack of their account and region', () => {
    const settings = stackIn(INFRASTRUCTURE, LONDON, app, 'Settings');
    definePlan(stack);
    defineSettings(settings);

    app.synth();
    expect(stack.dependencies).toEqual([settings]);
  });

  test('do not wait for settings in another stack where neither stack says where it is', () => {
    const settings = new Stack(app, 'Settings');
    const plans = new Stack(app, 'Plans');
    definePlan(plans);
    defineSettings(settings);

    app.synth();
    expect(plans.dependencies).toEqual([]);
  });

  test('wait for the settings of their own stack where it does not say where it is', () => {
    const anywhere = new Stack(app, 'Anywhere');
    const waitsFor = definePlan(anywhere);
    defineSettings(anywhere);

    expect(waitsFor()).toEqual(['Settings1CCB6159']);
  });

  test('wait for the settings of their own stack alone, where each of two stacks has some', () => {
    const stacks = ['Orders', 'Billing'].map((id) => stackIn(INFRASTRUCTURE, LONDON, app, id));
    const waits = stacks.map((each) => definePlan(each));
    stacks.forEach((each) => defineSettings(each));

    app.synth();
    expect(stacks.map(({ dependencies }) => dependencies)).toEqual([[], []]);
    expect(waits.map((waitsFor) => waitsFor())).toEqual([['Settings1CCB6159'], ['Settings1CCB6159']]);
  });

  test('wait for the settings of the outermost stack in a nested one', () => {
    definePlan(new NestedStack(stack, 'Nested') as Stack);
    defineSettings(stack);

    expect(Object.values(Template.fromStack(stack).findResources('AWS::CloudFormation::Stack')).map(({ DependsOn }) => DependsOn)).toEqual([['Settings1CCB6159']]);
  });

  test('do not wait for settings whose stack waits for theirs, and say so', () => {
    const settings = stackIn(INFRASTRUCTURE, LONDON, app, 'Settings');
    definePlan(stack);
    defineSettings(settings);
    settings.addDependency(stack);

    app.synth();
    expect(stack.dependencies).toEqual([]);
    expect(Registry.of(app).all(UNCHECKED).map(({ reason }) => reason)).toEqual([
      "whether the settings of AWS Backup in 'Settings/Settings' exist before the first job runs: their stack waits for this one",
    ]);
  });

  test('wait for settings in another stack where only a third one of them closes a circle', () => {
    const [settings, third] = ['Settings', 'Third'].map((id) => stackIn(INFRASTRUCTURE, LONDON, app, id));
    definePlan(stack);
    defineSettings(settings);
    defineSettings(third);
    const between = stackIn(INFRASTRUCTURE, LONDON, app, 'Between');
    third.addDependency(between);
    between.addDependency(stack);

    app.synth();
    expect(stack.dependencies).toEqual([settings]);
  });

  test.each([
    ['region', INFRASTRUCTURE, IRELAND],
    ['account', LOG_ARCHIVE, LONDON],
  ])('do not wait for settings of another %s', (_, account, region) => {
    const waitsFor = definePlan(stack);
    defineSettings(stackIn(account, region, app, 'Settings'));

    expect(waitsFor()).toEqual([]);
    expect(stack.dependencies).toEqual([]);
  });

  test('do not wait for settings of another stage', () => {
    const prod = stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Prod'));
    definePlan(prod);
    defineSettings(stackIn(INFRASTRUCTURE, LONDON, new Stage(app, 'Dev')));

    app.synth();
    expect(prod.dependencies).toEqual([]);
  });
});

test('the custom resource asks for incremental backups of DynamoDB where they are wanted', () => {
  new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB], dynamoDbIncrementalBackups: true });

  hasRequest({ resourceTypeIncremental: ['DynamoDB'] });
});

test.each([undefined, false])('the custom resource leaves incremental backups alone with %s', (dynamoDbIncrementalBackups) => {
  new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.DYNAMODB], dynamoDbIncrementalBackups });

  hasRequest({ resourceTypeIncremental: Match.absent() });
});

describe('an error', () => {
  test('says that incremental backups need DynamoDB', () => {
    expect(problemsOf(() => new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.S3], dynamoDbIncrementalBackups: true })))
      .toEqual(["'dynamoDbIncrementalBackups' (dynamo_db_incremental_backups) needs ResourceType.DYNAMODB in 'resourceTypes' (resource_types)"]);
  });

  test('says that a construct of the user has the id of the handler', () => {
    new Construct(stack, 'BackupRegionSettingsHandler');

    expect(problemsOf(() => new BackupRegionSettings(stack, 'Settings', { resourceTypes: [ResourceType.S3] }))).toEqual([
      "the function behind the settings needs the id 'BackupRegionSettingsHandler' in stack 'Backup', which a construct of yours has: give that one another id",
    ]);
  });

  test('says that no type is named', () => {
    expect(() => new BackupRegionSettings(stack, 'Settings', { resourceTypes: [] })).toThrow(new Error([
      "invalid BackupRegionSettingsProps at 'Backup/Settings':",
      "- 'resourceTypes' (resource_types) must contain at least one type, got none",
    ].join('\n')));
  });

  test('says that the advanced features need DynamoDB', () => {
    const props = { resourceTypes: [ResourceType.S3], dynamoDbAdvancedFeatures: true };

    expect(() => new BackupRegionSettings(stack, 'Settings', props)).toThrow(new Error([
      "invalid BackupRegionSettingsProps at 'Backup/Settings':",
      "- 'dynamoDbAdvancedFeatures' (dynamo_db_advanced_features) needs ResourceType.DYNAMODB in 'resourceTypes' (resource_types): AWS Backup turns them on together",
    ].join('\n')));
  });

  test('says everything at once', () => {
    const props = { resourceTypes: [], dynamoDbAdvancedFeatures: true };

    expect(() => new BackupRegionSettings(stack, 'Settings', props)).toThrow(new Error([
      "invalid BackupRegionSettingsProps at 'Backup/Settings':",
      "- 'resourceTypes' (resource_types) must contain at least one type, got none",
      "- 'dynamoDbAdvancedFeatures' (dynamo_db_advanced_features) needs ResourceType.DYNAMODB in 'resourceTypes' (resource_types): AWS Backup turns them on together",
    ].join('\n')));
  });
});
