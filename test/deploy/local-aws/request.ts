import * as http from 'http';
import * as https from 'https';

/** Sends a request that is not AWS's: to the endpoints of the local AWS about itself. */
export type Request = (method: string, path: string, body?: unknown) => Promise<unknown>;

const TIMEOUT = 300_000;

/** @param certificate The certificate that the endpoint has signed itself, if it has TLS */
export function requester(endpoint: string, certificate?: string): Request {
  const send = certificate ? https.request : http.request;
  return (method, path, body) => new Promise((resolve, reject) => {
    const sent = send(`${endpoint}${path}`, { method, ca: certificate, timeout: TIMEOUT, agent: false }, (response) => {
      const chunks: string[] = [];
      response.on('data', (chunk) => chunks.push(String(chunk)));
      response.on('error', reject);
      response.on('end', () => {
        const text = chunks.join('');
        if (response.statusCode !== 200) {
          reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
          return;
        }
        resolve(text === '' ? undefined : JSON.parse(text));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer in ${TIMEOUT / 1000} s`)));
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
