import { Component } from 'projen';
import type { TypeScriptProject } from 'projen/lib/typescript';

/**
 * Compiles every example of README.md and of the docstrings, and fails on the first that does not compile.
 */
export class Rosetta extends Component {
  constructor(project: TypeScriptProject) {
    super(project);

    project.addTask('rosetta', {
      description: 'Compile the examples of the README and of the docstrings, as they were when the library was compiled',
      exec: 'jsii-rosetta extract --compile --strict --fail',
    });
  }
}
