import { App, Stack } from 'aws-cdk-lib';
import { Notify, WorkloadBackup } from 'cdk-backup-dr';

const app = new App();
const stack = new Stack(app, 'Backups', { env: { account: '222222222222', region: 'eu-west-2' } });

new WorkloadBackup(stack, 'Backup', {
  tags: { backup: 'true' },
  replicaRegion: 'eu-west-1',
  notify: [Notify.email('operations@example.com')],
});
