import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WorkloadBackup } from '../../src/bundles/workload-backup';
import type { WorkloadBackupProps } from '../../src/bundles/workload-backup';
import { ResourceType } from '../../src/objectives/resource-type';
import type { TieredBackupPlan } from '../../src/plan/tiered-backup-plan';
import { BackupTarget } from '../../src/targets/backup-target';
import { INFRASTRUCTURE, LONDON, stackIn } from '../stacks';

let stack: Stack;

beforeEach(() => {
  stack = stackIn(INFRASTRUCTURE, LONDON);
});

const settingsOf = (scope: Stack) => Object.values(Template.fromStack(scope).findResources('Custom::BackupRegionSettings')).map(({ Properties }) => Properties);

describe('the settings of AWS Backup leave out what tags would select', () => {
  const offered = (props: Partial<WorkloadBackupProps>, more: (plan: TieredBackupPlan) => void = () => {}): string[] => {
    more(new WorkloadBackup(stack, 'Workload', { tags: { backup: 'true' }, ...props }).plan);
    return settingsOf(stack)[0].resourceTypeOptInIfOffered;
  };

  test('by its type', () => {
    const types = offered({ excludeTypes: ['AWS::S3::Bucket', 'AWS::EC2::Instance'] });

    expect(types).toEqual(expect.arrayContaining(['EBS', 'RDS']));
    expect(types).not.toContain('S3');
    expect(types).not.toContain('EC2');
  });

  test('by the pattern of its type', () => {
    expect(offered({ excludeResources: [BackupTarget.allOf(ResourceType.S3)] })).not.toContain('S3');
  });

  test('with DynamoDB its advanced features', () => {
    expect(offered({ excludeTypes: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'] })).not.toContain('DynamoDB');
    expect(settingsOf(stack)[0].resourceTypeManagement).toEqual([]);
  });

  test('but not a type of which something else can still be selected', () => {
    const clusters = ['AWS::RDS::DBCluster', 'AWS::DocDB::DBCluster', 'AWS::Neptune::DBCluster'];

    expect(offered({ excludeTypes: ['AWS::RDS::DBInstance', 'AWS::FSx::FileSystem'] })).toEqual(expect.arrayContaining(['RDS', 'FSx'])); // clusters, volumes
    stack = stackIn(INFRASTRUCTURE, LONDON);
    const types = offered({ excludeTypes: ['AWS::RDS::DBInstance', ...clusters, 'AWS::FSx::FileSystem', 'AWS::FSx::Volume'] });
    expect(types.filter((type) => ['RDS', 'Aurora', 'DocumentDB', 'Neptune', 'FSx'].includes(type))).toEqual([]);
  });

  test('unless another selection needs it', () => {
    const types = offered({ excludeTypes: ['AWS::S3::Bucket'] }, (plan) => plan.addSelection('Others', { tags: { other: 'true' } }));

    expect(types).toContain('S3');
  });

  test('unless another selection names it', () => {
    const types = offered({ excludeTypes: ['AWS::S3::Bucket'] }, (plan) => plan.addSelection('Buckets', { resources: [BackupTarget.allOf(ResourceType.S3)] }));

    expect(types).not.toContain('S3');
    expect(settingsOf(stack)[0].resourceTypeOptIn).toEqual(['S3']);
  });
});
