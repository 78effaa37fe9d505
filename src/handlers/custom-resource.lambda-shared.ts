import { request } from 'https';
import type { CloudFormationCustomResourceEvent } from 'aws-lambda';

/**
 * The result of a custom resource for CloudFormation.
 */
export interface Outcome {
  readonly physicalResourceId: string;
  readonly data?: Record<string, string>;
}

const ATTEMPTS = 5;

/**
 * A handler that does the work and always responds to CloudFormation: without a response, a stack waits for an hour.
 */
export function customResource(
  work: (event: CloudFormationCustomResourceEvent) => Promise<Outcome>, send = put,
): (event: CloudFormationCustomResourceEvent) => Promise<void> {
  return async (event) => {
    const answer = await (async () => work(event))().then(
      ({ physicalResourceId, data }) => ({ Status: 'SUCCESS', PhysicalResourceId: physicalResourceId, Data: data }),
      (error: unknown) => {
        console.error(error);
        // A failed creation has no resource yet, but CloudFormation requires an id.
        const physicalResourceId = 'PhysicalResourceId' in event ? event.PhysicalResourceId : event.RequestId;
        const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
        return { Status: 'FAILED', PhysicalResourceId: physicalResourceId, Reason: shortened(reason) };
      },
    );
    const { StackId, RequestId, LogicalResourceId, ResponseURL } = event;
    await retried(() => send(ResponseURL, JSON.stringify({ ...answer, StackId, RequestId, LogicalResourceId })));
  };
}

/** CloudFormation accepts responses of up to 4,096 bytes, and waits without one; a character has up to 6 bytes in JSON. */
function shortened(reason: string): string {
  for (let end = reason.length; ; end = Math.floor(end * 0.9)) {
    const text = end === reason.length ? reason : `${reason.slice(0, end)}...`;
    if (Buffer.byteLength(JSON.stringify(text)) <= 2048) {
      return text;
    }
  }
}

/** Retries with an increasing, random delay. */
export async function retried<T>(work: () => Promise<T>, isFinal: (error: unknown) => boolean = () => false): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (attempt === ATTEMPTS || isFinal(error)) {
        throw error;
      }
      await pause(2 ** attempt * pauses.unit * (1 + Math.random()));
    }
  }
}

/** The delays, in milliseconds, which tests shorten. */
export const pauses = { unit: 250 };

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** The signature of the URL covers an empty content type, which `fetch` would not send. */
function put(url: string, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'PUT', headers: { 'content-type': '', 'content-length': Buffer.byteLength(body) }, timeout: 10_000 }, (response) => {
      response.resume();
      const { statusCode = 0 } = response;
      return statusCode >= 200 && statusCode < 300 ? resolve() : reject(new Error(`CloudFormation responded with status ${statusCode}`));
    });
    outgoing.on('timeout', () => outgoing.destroy(new Error('CloudFormation did not accept the response in time')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
