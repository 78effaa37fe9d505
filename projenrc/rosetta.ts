import { Component } from 'projen';
import type { TypeScriptProject } from 'projen/lib/typescript';

/** Languages whose packages have the examples in their own syntax. */
const TRANSLATED = ['python', 'java', 'go', 'dotnet'];

/**
 * Compiles every example of README.md and of the docstrings, and fails on the first that does not compile. Packages for other
 * languages take the translations from there: without them, their README has TypeScript under the name of the other language.
 */
export class Rosetta extends Component {
  constructor(project: TypeScriptProject) {
    super(project);

    const rosetta = project.addTask('rosetta', {
      description: 'Compile the examples of the README and of the docstrings, as they were when the library was compiled',
      exec: 'jsii-rosetta extract --compile --strict --fail',
    });
    for (const language of TRANSLATED) {
      // Not again where the translations are newer than the assembly.
      project.tasks.tryFind(`package:${language}`)?.prependSpawn(rosetta, { condition: 'test ! .jsii.tabl.json -nt .jsii' });
    }
  }
}
