import type { App, Stack } from 'aws-cdk-lib';
import { CoverageCheck } from 'cdk-backup-dr';

/**
 * A new table, bucket or cluster that nothing protects fails the synthesis, unless it is listed here with the reason.
 *
 * @param isWhole Whether all regions are there. While one is lost, buckets have no replicas, and yet everything else must deploy
 */
export function checkCoverage(app: App, { workload, logArchive, isWhole }: { workload: Stack; logArchive: Stack; isWhole: boolean }): void {
  const coverage = new CoverageCheck(app, 'Coverage', { strict: isWhole });
  const accept = (stack: Stack, id: string, reason: string) => coverage.accept(stack.node.findChild(id), reason);
  accept(logArchive, 'AccessLogs', 'Access logs of the log buckets. CloudTrail has the changes; the logs are not needed to recover.');
  accept(workload, 'AccessLogs', 'Access logs of the buckets of the workload, which are not needed to recover.');
  accept(workload, 'Artifacts', 'Build artifacts: the pipeline builds them again from the sources.');
  accept(workload, 'Repository', 'Amazon ECR replicates the images to the secondary Region, and the digests are in the snapshots of the ECS configuration.');
}
