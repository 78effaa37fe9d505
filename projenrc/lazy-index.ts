import { Component } from 'projen';
import type { TypeScriptProject } from 'projen/lib/typescript';
import { tsNode } from './ts-node';

/**
 * Makes the index of the compiled package lazy and all other files one, wherever it is compiled.
 */
export class LazyIndex extends Component {
  constructor(project: TypeScriptProject) {
    super(project);

    project.compileTask.insertStep(1, { exec: tsNode(project, 'scripts/lazy-index.ts') }); // after jsii, before the API is compared
  }
}
