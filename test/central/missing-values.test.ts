import { App } from 'aws-cdk-lib';
import { Setup } from './central';
import { BackupEventForwarding } from '../../src/central/backup-event-forwarding';
import { CentralMonitoring } from '../../src/central/central-monitoring';
import { problemsOf } from '../problems';
import { INFRASTRUCTURE, LOG_ARCHIVE, LONDON, stackIn } from '../stacks';

/*
 * In JavaScript no compiler says what is missing.
 */

const stack = () => stackIn(INFRASTRUCTURE, LONDON, new App());
const BUS = `arn:aws:events:eu-west-2:${LOG_ARCHIVE}:event-bus/backups`;

test.each<[string, () => unknown, string]>([
  ['the organization', () => new (CentralMonitoring as any)(stack(), 'Central', {}), "'organizationId' (organization_id) or 'accounts' is required, to allow accounts to send events to the bus: an id such as 'o-exampleorg12', or ids of accounts"],
  ['a list of vaults', () => new Setup().central({ vaults: new Setup().vault() as any }), "'vaults' must be a list, with each item a ReplicatedBackupVault, got something else"],
  ['a plan', () => new Setup().central({ plans: [undefined] as any }), "'plans' must be a list, with each item a TieredBackupPlan, got one with a missing value"],
  ['the bus', () => new BackupEventForwarding(stack(), 'Forwarding', {} as any), "'eventBusArn' (event_bus_arn) is required: the ARN of the bus, 'eventBusArn' of CentralMonitoring"],
  ['a vault that is forwarded from', () => new BackupEventForwarding(stack(), 'Forwarding', { eventBusArn: BUS, vaults: [undefined] as any }),
    "'vaults' must be a list, with each item a ReplicatedBackupVault, got one with a missing value"],
])('without %s the error says so', (_, work, problem) => {
  expect(problemsOf(work)).toEqual([problem]);
});
