import { readFileSync } from 'fs';
import * as path from 'path';

/** A metric that a service of AWS publishes to CloudWatch. */
export interface DocumentedMetric {
  readonly namespace: string;
  readonly metricName: string;
  /** The names that it has dimensions of, in each combination that is published, sorted. */
  readonly dimensions: string[][];
  readonly statistics: string[];
  readonly unit?: string;
  /** `source` or `destination` of what is replicated, or the only region that has it. */
  readonly region?: string;
}

/** All that AWS documents, as far as it concerns us. */
export const DOCUMENTED_METRICS: DocumentedMetric[] = ['aws-backup', 'aws-s3-replication', 'aws-events', 'aws-sqs', 'aws-billing']
  .flatMap((name) => JSON.parse(readFileSync(path.join(__dirname, `${name}.json`), 'utf8')));
