import { App, Stack, Stage } from 'aws-cdk-lib';
import { Construct, RootConstruct } from 'constructs';
import * as fc from 'fast-check';
import { stableBucketName, stableName, stableNamePrefix, stableNameWithin } from '../../src/private/physical-names';

/** The construct at a path, with or without others beside every step of it. */
function at(path: string[], siblings: string[] = []): Construct {
  return path.reduce<Construct>((scope, id) => {
    for (const sibling of siblings) {
      new Construct(scope, `${sibling} beside ${id}`);
    }
    return new Construct(scope, id);
  }, new RootConstruct());
}

test('a name is made of the path and a hash of it', () => {
  expect(stableName(42, at(['Backups', 'Vault']))).toBe('Backups-Vault-d56a128f');
});

test('a name for a construct that is not there yet is that of its path', () => {
  const vault = at(['Backups', 'Vault']);

  expect(stableName(42, vault, 'Role')).toBe('Backups-Vault-Role-9a6b7925');
  expect(stableName(42, new Construct(vault, 'Role'))).toBe('Backups-Vault-Role-9a6b7925');
});

test('a name in the app itself has no empty part', () => {
  expect(stableName(42, new App(), 'Backups')).toBe('Backups-3334fee2');
});

test('of a path that is too long the middle gives way', () => {
  // 42 - 9 for the hash leave 33: the first 16, a hyphen, and the last 16 characters.
  const vault = at(['Prod', 'Backups-eu-west-2', 'Application', 'Database', 'Vault']);

  expect(stableName(42, vault)).toBe('Prod-Backups-eu-n-Database-Vault-024f4829');
});

test('a name has no hyphen for what a path begins or ends with', () => {
  expect(stableName(42, at(['(Backups)']))).toMatch(/^Backups-[0-9a-f]{8}$/);
});

test('the Stage is part of the name, so that two stages can be in one account', () => {
  const app = new App();
  const names = ['Dev', 'Prod'].map((stage) => stableName(42, new Stack(new Stage(app, stage), 'Backups')));

  expect(names[0]).toMatch(/^Dev-Backups-[0-9a-f]{8}$/);
  expect(names[1]).toMatch(/^Prod-Backups-[0-9a-f]{8}$/);
});

test('paths that read the same have different names', () => {
  const names = [['A', 'B'], ['A-B'], ['A--B'], ['A', '-B'], ['A.B']].map((path) => stableName(42, at(path)));

  expect(names.map((name) => name.slice(0, -9))).toEqual(['A-B', 'A-B', 'A-B', 'A-B', 'A-B']);
  expect(new Set(names).size).toBe(5);
});

test('the hash is that of the whole path, however short the name', () => {
  const path = ['Backups', 'Application', 'Database', 'Vault'];

  expect(stableName(16, at(path)).slice(-8)).toBe(stableName(200, at(path)).slice(-8));
});

/** Any text that can be a construct's id, which `toString` and the like can't. */
const id = fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }).filter((text) => !(text in {}));
const path = fc.array(id, { minLength: 1, maxLength: 6 });
const maxLength = fc.integer({ min: 10, max: 100 });

test('a name is never too long, and of letters, digits and hyphens', () => {
  fc.assert(fc.property(path, maxLength, (ids, length) => {
    const name = stableName(length, at(ids));

    expect(name.length).toBeLessThanOrEqual(length);
    expect(name).toMatch(/^[A-Za-z0-9-]+$/);
  }));
});

test('a name uses all the length that it has where the path is longer', () => {
  fc.assert(fc.property(maxLength, (length) => {
    expect(stableName(length, at(['a'.repeat(100), 'b'.repeat(100)])).length).toBe(length);
  }));
});

test('a name does not depend on what is beside the construct', () => {
  fc.assert(fc.property(path, maxLength, fc.integer({ min: 1, max: 3 }), (ids, length, siblings) => {
    const others = Array.from({ length: siblings }, (_, index) => `${index}`);

    expect(stableName(length, at(ids, others))).toBe(stableName(length, at(ids)));
  }));
});

test('different paths have different names', () => {
  fc.assert(fc.property(path, path, maxLength, (one, other, length) => {
    fc.pre(at(one).node.path !== at(other).node.path);

    expect(stableName(length, at(one))).not.toBe(stableName(length, at(other)));
  }));
});

test('the name of a bucket has its account and its region, since it is the only one in the world', () => {
  expect(stableBucketName(at(['Backups', 'Uploads']), { account: '222222222222', region: 'eu-west-2' })).toBe('backups-uploads-193e9921-222222222222-eu-west-2');
});

test('S3 takes every name of a bucket, whatever the path, the region and the prefix', () => {
  const region = fc.constantFrom('eu-west-2', 'ap-southeast-1', 'us-gov-west-1', 'cn-northwest-1');
  const prefix = fc.constantFrom('', 'aws-waf-logs-');
  const paths = fc.array(fc.string({ minLength: 1, maxLength: 40 }).map((text) => `id ${text.replaceAll('/', '-')}`), { minLength: 1, maxLength: 5 });
  fc.assert(fc.property(paths, region, prefix, (ids, where, begins) => {
    const name = stableBucketName(at(ids), { account: '222222222222', region: where }, begins);
    expect(name).toMatch(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/);
    expect(name.startsWith(begins)).toBe(true);
    expect(name.endsWith(`-222222222222-${where}`)).toBe(true);
  }));
});

describe('the names of several things of a construct', () => {
  const ids = fc.string({ minLength: 1, maxLength: 120 });

  test('are made of its path and of theirs', () => {
    expect(stableNameWithin(at(['Backups', 'Alarms']), 'vault-tampered')).toBe('Backups-Alarms-14cf84aa-vault-tampered-cfdde43a');
  });

  test('have at most 64 characters, of those that names may have', () => {
    fc.assert(fc.property(ids, ids, (scope, within) => /^[A-Za-z0-9-]{1,64}$/.test(stableNameWithin(at([`x${scope.replaceAll('/', '')}`]), within))));
  });

  test('differ, and begin like those of no other construct', () => {
    fc.assert(fc.property(fc.uniqueArray(ids, { minLength: 2, maxLength: 2 }), ([one, other]) => {
      const scope = at(['Backups', 'Alarms']);
      const names = [one, other].map((each) => stableNameWithin(scope, each));
      return names[0] !== names[1] && names.every((name) => name.startsWith(stableNamePrefix(scope)) && !name.startsWith(stableNamePrefix(at(['Backups', 'Alarm']))));
    }));
  });
});
