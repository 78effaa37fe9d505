import { readFileSync } from 'fs';
import * as path from 'path';

/** An event of EventBridge, as a rule sees it. */
export interface Event {
  readonly [field: string]: unknown;
  readonly detail: Record<string, any>;
}

/** An event that AWS documents, word for word. */
export function documented(name: string): Event {
  return read(name);
}

/** An event with other details, where AWS documents none that has them. */
export function altered(event: Event, detail: object): Event {
  return { ...event, detail: { ...event.detail, ...detail } };
}

/**
 * A record of AWS CloudTrail that AWS documents, in the form that AWS documents for all of them.
 *
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
 */
export function fromCloudTrail(name: string): Event {
  const record = read(name);
  return {
    'version': '0',
    'id': '00000000-0000-0000-0000-000000000000',
    'detail-type': record.eventType === 'AwsServiceEvent' ? 'AWS Service Event via CloudTrail' : 'AWS API Call via CloudTrail',
    'source': `aws.${record.eventSource.split('.')[0]}`,
    'account': '123456789012',
    'time': record.eventTime,
    'region': record.awsRegion,
    'resources': [],
    'detail': record,
  };
}

function read(name: string): any {
  return JSON.parse(readFileSync(path.join(__dirname, `${name}.json`), 'utf8'));
}
