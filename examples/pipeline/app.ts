import { Annotations, App, Duration, Stack, Stage } from 'aws-cdk-lib';
import type { StageProps } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-codecommit';
import { PipelineType } from 'aws-cdk-lib/aws-codepipeline';
import { CodePipeline, CodePipelineSource, ShellStep } from 'aws-cdk-lib/pipelines';
import type { Construct } from 'constructs';
import { BackupArchive, Notify, VaultLock, WorkloadBackup } from 'cdk-backup-dr';
import type { IBackupArchive } from 'cdk-backup-dr';

const region = 'eu-west-2';
const notify = [Notify.email('operations@example.com')];

/** Deployed first, since the workloads copy into it and forward events to it. */
class ArchiveStage extends Stage {
  public readonly archive: IBackupArchive;

  constructor(scope: Construct, id: string, props: StageProps) {
    super(scope, id, props);
    this.archive = new BackupArchive(new Stack(this, 'Archive'), 'Archive', {
      accounts: ['222222222222', '444444444444'], // name all of them before the lock becomes final
      replicaRegion: 'eu-west-1',
      vaultLock: VaultLock.compliance({ minRetention: Duration.days(35), maxRetention: Duration.days(365), changeableFor: Duration.days(14) }),
      notify,
    });
  }
}

/** One for each account that has workloads. */
class WorkloadStage extends Stage {
  constructor(scope: Construct, id: string, archive: IBackupArchive, props: StageProps) {
    super(scope, id, props);
    new WorkloadBackup(new Stack(this, 'Backups'), 'Backup', { tags: { backup: 'true' }, archive, notify });
    Annotations.of(this).acknowledgeWarning('cdk-backup-dr:crossAccountBackup', 'the app of the management account turns it on');
  }
}

const app = new App();
const tools = new Stack(app, 'Pipeline', { env: { account: '555555555555', region } });
const pipeline = new CodePipeline(tools, 'Pipeline', {
  pipelineType: PipelineType.V2,
  crossAccountKeys: true, // other accounts read its artifacts
  enableKeyRotation: true,
  synth: new ShellStep('Synth', {
    input: CodePipelineSource.codeCommit(Repository.fromRepositoryName(tools, 'Repository', 'backups'), 'main'),
    commands: ['npm ci', 'npx cdk synth'],
  }),
});

const central = new ArchiveStage(app, 'Central', { env: { account: '333333333333', region } });
pipeline.addStage(central); // a pipeline deploys its Stages in this order
pipeline.addStage(new WorkloadStage(app, 'Orders', central.archive, { env: { account: '222222222222', region } }));
pipeline.addStage(new WorkloadStage(app, 'Payments', central.archive, { env: { account: '444444444444', region } }));
