import { existsSync, mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Annotations, App, Aspects, Stack, Stage } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { atSynthesis } from '../../src/private/at-synthesis';
import { inform, warn } from '../../src/private/messages';
import { unchecked, uncheckedVital } from '../../src/private/registry';

const FILE = 'cdk-backup-dr-messages.json';

let app: App;
let stack: Stack;

beforeEach(() => {
  app = new App();
  stack = new Stack(app, 'Backup');
});

const fileIn = (directory: string) => JSON.parse(readFileSync(join(directory, FILE), 'utf8'));
const written = () => fileIn(app.synth({ force: true }).directory).messages;
const shown = () => app.synth({ force: true }).getStackArtifact(stack.artifactId).messages.map(({ level, entry: { data } }) => `${level}: ${data}`);

describe('the file of messages', () => {
  test('has all of them with their level, sorted by path', () => {
    const [one, other] = ['One', 'Other'].map((id) => new Construct(stack, id));
    uncheckedVital(other, 'keys', 'the key is not known');
    unchecked(other, 'lock', 'the lock: it is a token');
    inform(one, 'duration', 'an hour is assumed');
    warn(one, 'empty', 'nothing is copied');

    expect(fileIn(app.synth().directory)).toEqual({
      version: 1,
      messages: [
        { id: 'cdk-backup-dr:duration', level: 'info', path: 'Backup/One', text: 'an hour is assumed' },
        { id: 'cdk-backup-dr:empty', level: 'warning', path: 'Backup/One', text: 'nothing is copied' },
        { id: 'cdk-backup-dr:keys', level: 'warning', path: 'Backup/Other', text: 'the key is not known' },
        { id: 'cdk-backup-dr:lock', level: 'not checked', path: 'Backup/Other', text: 'the lock: it is a token' },
      ],
    });
  });

  test('is not written without messages', () => {
    atSynthesis(new Construct(stack, 'One'), () => {});

    expect(existsSync(join(app.synth().directory, FILE))).toBe(false);
  });

  test('has what was added last, whatever comes after its construct', () => {
    const [first, last] = ['First', 'Last'].map((id) => new Construct(new Stack(app, id), 'Construct'));
    atSynthesis(first, () => {});
    atSynthesis(last, () => warn(first, 'late', 'added while the last stack is written'));

    expect(written().map(({ path }: any) => path)).toEqual(['First/Construct']);
  });

  test('has what aspects add', () => {
    Aspects.of(stack).add({ visit: (node) => node === stack ? warn(new Construct(stack, 'Late'), 'late', 'added by an aspect') : undefined });

    expect(written()).toHaveLength(1);
  });

  test('has nothing of a construct that was removed', () => {
    warn(new Construct(stack, 'Kept'), 'test', 'said');
    warn(new Construct(stack, 'Removed'), 'test', 'said');
    stack.node.tryRemoveChild('Removed');

    expect(written().map(({ path }: any) => path)).toEqual(['Backup/Kept']);
  });

  test('of a Stage is in the assembly of the Stage', () => {
    const [dev, prod] = ['Dev', 'Prod'].map((id) => new Stage(app, id));
    [dev, prod].forEach((stage) => warn(new Stack(stage, 'Backup'), 'test', 'said'));
    warn(stack, 'test', 'said');
    const assembly = app.synth();

    expect(fileIn(assembly.directory).messages.map(({ path }: any) => path)).toEqual(['Backup']);
    for (const [index, stage] of [dev, prod].entries()) {
      expect(fileIn(assembly.getNestedAssembly(stage.artifactId).directory).messages.map(({ path }: any) => path)).toEqual([`${['Dev', 'Prod'][index]}/Backup`]);
    }
  });

  test('is the same when the app is synthesized again', () => {
    atSynthesis(new Construct(stack, 'One'), () => warn(stack, 'test', 'said'));
    const first = written();

    expect(written()).toEqual(first);
    expect(first).toHaveLength(1);
  });

  test('goes once there is nothing to say any more', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'messages-'));
    const synthesized = (work: (scope: Construct) => void) => {
      const other = new App({ outdir });
      const construct = new Construct(new Stack(other, 'Backup'), 'One');
      atSynthesis(construct, () => work(construct));
      other.synth();
      return existsSync(join(outdir, FILE));
    };

    expect([synthesized((scope) => warn(scope, 'test', 'said')), synthesized(() => {})]).toEqual([true, false]);
    rmSync(outdir, { recursive: true });
  });

  test('has the messages of two copies of this library', () => {
    warn(stack, 'one', 'said by one');
    jest.isolateModules(() => {
      jest.doMock('aws-cdk-lib', () => jest.requireActual('aws-cdk-lib'));
      const copy = jest.requireActual<typeof import('../../src/private/messages')>('../../src/private/messages');

      expect(copy.warn).not.toBe(warn);
      copy.warn(new Construct(stack, 'Other'), 'other', 'said by the other');
    });

    expect(written().map(({ id }: any) => id)).toEqual(['cdk-backup-dr:one', 'cdk-backup-dr:other']);
  });
});

describe('an acknowledged', () => {
  const KINDS: [string, (scope: Construct) => void, (scope: Construct) => void][] = [
    ['warning', (scope) => warn(scope, 'test', 'said'), (scope) => Annotations.of(scope).acknowledgeWarning('cdk-backup-dr:test')],
    ['vital one of what is not checked', (scope) => uncheckedVital(scope, 'test', 'said'), (scope) => Annotations.of(scope).acknowledgeWarning('cdk-backup-dr:test')],
    ['info', (scope) => inform(scope, 'test', 'said'), (scope) => Annotations.of(scope).acknowledgeInfo('cdk-backup-dr:test')],
    ['info of what is not checked', (scope) => unchecked(scope, 'test', 'said'), (scope) => Annotations.of(scope).acknowledgeInfo('cdk-backup-dr:test')],
  ];
  const PLACES: [string, () => Construct][] = [['construct', () => new Construct(stack, 'One')], ['stack', () => stack], ['app', () => app]];

  describe.each(KINDS)('%s', (_, say, acknowledge) => {
    test.each(PLACES)('is not shown where that was said on the %s before and after', (place, where) => {
      const scope = where();
      const construct = place === 'construct' ? scope : new Construct(stack, 'One');
      acknowledge(scope);
      say(construct);
      const before = shown();
      const later = new Construct(stack, 'Later');
      say(later);
      acknowledge(place === 'construct' ? later : scope);

      expect([before, shown()]).toEqual([[], []]);
      expect(written().map(({ acknowledged }: any) => acknowledged)).toEqual([true, true]);
    });

    test('stays hidden when it is said again at synthesis', () => {
      const construct = new Construct(stack, 'One');
      say(construct);
      acknowledge(construct);
      atSynthesis(construct, () => say(construct));

      expect(shown()).toEqual([]);
    });

    test('is shown elsewhere', () => {
      acknowledge(new Construct(stack, 'One'));
      say(new Construct(stack, 'OneMore'));

      expect(shown()).toEqual([expect.stringContaining('said [ack: cdk-backup-dr:test]')]);
      expect(written().map(({ acknowledged }: any) => acknowledged)).toEqual([undefined]);
    });
  });

  test.each([['nothing', undefined], ['a text', 'none'], ['another shape', { acks: { get: 'none' } }], ['other entries', { acks: new Map([['Backup', 'none']]) }]])(
    'message is looked for without harm where the AWS CDK keeps %s', (_, kept) => {
      const root = new Construct(undefined as never, ''); // no App, whose acknowledgements the AWS CDK reads itself
      Object.defineProperty(root, Symbol.for('@aws-cdk/core.Acknowledgements'), { value: kept });
      const construct = new Construct(root, 'Backup');
      warn(construct, 'test', 'said');

      expect(construct.node.metadata.map(({ data }) => data)).toEqual(['said [ack: cdk-backup-dr:test]']);
    });
});

test('an info takes no stack trace', () => {
  const construct = new Construct(stack, 'One');
  unchecked(construct, 'test', 'said');
  inform(construct, 'other', 'said');

  expect(construct.node.metadata.map(({ trace }) => trace)).toEqual([undefined, undefined]);
});

test('a warning has a stack trace where a line of the app leads to it, and none once the app is synthesized', () => {
  const construct = new Construct(stack, 'One');
  warn(construct, 'test', 'said');
  atSynthesis(construct, () => warn(construct, 'late', 'said'));
  app.synth();

  expect(construct.node.metadata.map(({ data, trace }) => [data, trace !== undefined]))
    .toEqual([['said [ack: cdk-backup-dr:test]', true], ['said [ack: cdk-backup-dr:late]', false]]);
});
