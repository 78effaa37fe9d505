import * as path from 'path';
import { App } from 'aws-cdk-lib';
import * as ts from 'typescript';
import { blocksOf, pageOf, pagesBelow, ROOT } from './pages';
import type { Block } from './pages';

const LIBRARY = path.join(ROOT, 'src', 'index.ts');
const blocks = [pageOf('README.md'), ...pagesBelow('docs/guides')].flatMap(blocksOf).filter(({ language }) => /^ts\b/.test(language));
const titleOf = ({ file, line }: Block) => `${file}:${line}`;

/** All blocks in one program, so that the library and the CDK are read once. */
function compile(): Map<string, string[]> {
  const sources = new Map(blocks.map((block, index) => [path.join(ROOT, `block-${index}.ts`), block]));
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    esModuleInterop: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Node16,
    moduleResolution: ts.ModuleResolutionKind.Node16,
    types: ['node'],
    paths: { 'cdk-backup-dr': [LIBRARY] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists, readFile } = host;
  host.fileExists = (file) => sources.has(file) || fileExists(file);
  host.readFile = (file) => sources.get(file)?.code ?? readFile(file);
  host.getSourceFile = (file, version, ...more) => {
    const block = sources.get(file);
    return block ? ts.createSourceFile(file, block.code, version) : getSourceFile(file, version, ...more);
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return new Map([...sources].map(([file, block]) => {
    const source = program.getSourceFile(file);
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return [titleOf(block), found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))];
  }));
}

/** Runs a block as a program, and returns its `app`. */
function run({ code }: Block): App {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  const load = (name: string): unknown => name === 'cdk-backup-dr' ? jest.requireActual(LIBRARY) : jest.requireActual(name);
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- it is the page that is tested
  return new Function('require', 'exports', `${outputText}\nreturn app;`)(load, {}) as App;
}

let problems: Map<string, string[]>;
beforeAll(() => {
  problems = compile();
}, 120_000);

test.each(blocks.map((block) => [titleOf(block)]))('%s compiles with its imports', (title) => {
  expect(problems.get(title)).toEqual([]);
});

const programs = blocks.filter(({ language }) => !/\brefused\b/.test(language));

test.each(programs.map((block) => [titleOf(block), block] as const))('%s synthesizes without a warning, and without a look-up in an account', (_, block) => {
  const assembly = run(block).synth();
  const messages = assembly.stacksRecursively.flatMap((stack) => stack.messages.filter(({ level }) => level !== 'info').map(({ entry }) => entry.data));

  expect(messages).toEqual([]);
  expect(assembly.manifest.missing ?? []).toEqual([]);
});

const refused = blocks.filter(({ language }) => /\brefused\b/.test(language));

test.each(refused.map((block) => [titleOf(block), block] as const))('%s is refused with the message behind it', (_, block) => {
  const page = blocksOf(pageOf(block.file));
  const next = page[page.findIndex(({ line }) => line === block.line) + 1];

  expect(next.language).toBe('text');
  const oneLine = (text: string) => text.replace(/\s+/g, ' ').trim();
  const message = oneLine(messageOf(() => run(block).synth()));
  for (const part of next.code.split('...')) { // the page may leave something out
    expect(message).toContain(oneLine(part));
  }
});

function messageOf(define: () => unknown): string {
  try {
    define();
  } catch (error) {
    return (error as Error).message;
  }
  return 'it was not refused';
}
