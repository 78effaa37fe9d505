import { Component } from 'projen';
import type { TypeScriptProject } from 'projen/lib/typescript';
import { tsNode } from './ts-node';

/**
 * The tasks behind `npm test`, `npm run watch`, `npm run demo` and `npm run bench`.
 *
 * `projen test` is part of the build and starts from a compiled package; `npm test` compiles first.
 */
export class TestSuites extends Component {
  constructor(project: TypeScriptProject) {
    super(project);
    const run = (script: string) => tsNode(project, script);

    project.testTask.reset(run('scripts/test.ts'), { receiveArgs: true });
    const all = project.addTask('test:all', { description: 'Compile, then run every suite there is', exec: run('scripts/test.ts --compile') });
    const demo = project.addTask('demo', {
      description: 'Build the library, synthesize the reference app, and deploy, back up, lose and restore it on a local AWS',
      exec: run('scripts/demo.ts'),
      receiveArgs: true,
    });
    const bench = project.addTask('bench', { description: 'Measure synthesis against plain L1 resources, load time against another library, the captures of large clusters, and the drill on the local AWS', exec: run('benchmark/bench.ts') });
    bench.exec(run('benchmark/capture.ts'));
    bench.exec(run('benchmark/drill.ts'));
    project.addTask('test:newest-cdk', { description: 'Run what the CDK can break with the newest one, in a copy', exec: run('scripts/newest-cdk.ts') });
    project.addTask('test:unit', { description: 'Run the unit tests alone', exec: 'jest --ci --coverage=false', receiveArgs: true });

    // The library compiled anew tells nobody anything: its tests do. Jest knows from the imports which of them can change.
    project.tasks.tryFind('test:watch')!.reset('jest --watch --coverage=false');
    project.watchTask.reset();
    project.watchTask.description = 'Run the unit tests of what changes, whenever it does';
    project.watchTask.spawn(project.tasks.tryFind('test:watch')!);

    project.setScript('test', `npx projen ${all.name}`);
    project.setScript('demo', `npx projen ${demo.name}`);
    project.setScript('bench', `npx projen ${bench.name}`);
  }
}
