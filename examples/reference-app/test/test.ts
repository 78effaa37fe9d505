import * as node from 'node:test';

/** A test of Node's runner, whose promise only a test within a test would await. */
export function test(name: string, body: () => void): void {
  void node.test(name, body);
}
