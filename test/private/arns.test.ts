import { App, Stack } from 'aws-cdk-lib';
import { backupServiceLinkedRoleArn, backupVaultArn } from '../../src/private/arns';
import { Environment } from '../../src/private/environment';

test.each([
  ['eu-west-2', 'arn:aws:backup:eu-west-2:111111111111:backup-vault:orders'],
  ['us-gov-west-1', 'arn:aws-us-gov:backup:us-gov-west-1:111111111111:backup-vault:orders'],
  ['cn-north-1', 'arn:aws-cn:backup:cn-north-1:111111111111:backup-vault:orders'],
])('the ARN of a vault in %s is a literal, in whatever stack it is asked for', (region, arn) => {
  expect(backupVaultArn(new Stack(new App(), 'Agnostic'), new Environment('111111111111', region), 'orders')).toBe(arn);
});

test('the ARN of a vault in an unknown environment is made of pseudo parameters', () => {
  const stack = new Stack(new App(), 'Agnostic');

  expect(stack.resolve(backupVaultArn(stack, Environment.of(stack), 'orders'))).toEqual({
    'Fn::Join': ['', [
      'arn:', { Ref: 'AWS::Partition' }, ':backup:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, ':backup-vault:orders',
    ]],
  });
});

test('the ARN of a vault keeps what is literal of its environment', () => {
  const stack = new Stack(new App(), 'Agnostic');
  const environment = new Environment(stack.account, 'eu-west-2');

  expect(stack.resolve(backupVaultArn(stack, environment, 'orders'))).toEqual({
    'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':backup:eu-west-2:', { Ref: 'AWS::AccountId' }, ':backup-vault:orders']],
  });
});

test('the service-linked role of AWS Backup has its path', () => {
  expect(backupServiceLinkedRoleArn('aws', '111111111111'))
    .toBe('arn:aws:iam::111111111111:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup');
});
