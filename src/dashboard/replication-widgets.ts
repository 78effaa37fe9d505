import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { BucketFact } from '../buckets/buckets-in-app';
import type { IReplicatedBucket } from '../buckets/replicated-bucket-ref';

/** Replication latency, pending and failed operations of each replica, in two columns because the names of buckets are long. */
export function replicationWidgets(facts: BucketFact[]): cloudwatch.IWidget[] {
  const regions = new Map<string, IReplicatedBucket[]>();
  for (const { bucket } of facts) {
    if (bucket.replicaRegion !== undefined) {
      regions.set(bucket.replicaRegion, [...regions.get(bucket.replicaRegion) ?? [], bucket]);
    }
  }
  return [...regions].flatMap(([replicaRegion, buckets]) => {
    const graph = (title: string, metric: (bucket: IReplicatedBucket) => cloudwatch.Metric, leftAnnotations?: cloudwatch.HorizontalAnnotation[]) =>
      new cloudwatch.GraphWidget({
        title, width: 12, region: replicaRegion, left: buckets.map((bucket) => metric(bucket).with({ label: bucket.bucketName })), leftAnnotations,
      });
    return [
      graph(`Seconds behind, replicas in ${replicaRegion}`, (bucket) => bucket.metricReplicationLatency(), [
        { value: 900, label: '15 minutes', color: cloudwatch.Color.RED },
      ]),
      graph('Bytes pending replication', (bucket) => bucket.metricBytesPendingReplication()),
      graph('Operations pending replication', (bucket) => bucket.metricOperationsPendingReplication()),
      graph('Operations failed replication', (bucket) => bucket.metricOperationsFailedReplication()),
    ];
  });
}
