import { Component } from 'projen';
import type { TypeScriptProject } from 'projen/lib/typescript';

/**
 * Lets a folder of the source tree import only from folders of a lower rank, and nothing import the barrel.
 */
export class ImportDirection extends Component {
  /**
   * @param ranks Folders under the source directory, lowest rank first; those of one rank don't know each other
   */
  constructor(project: TypeScriptProject, ranks: string[][]) {
    super(project);

    const zones = ranks.flatMap((folders, rank) => folders.map((folder) => ({
      target: `./${project.srcdir}/${folder}`,
      from: [
        `./${project.srcdir}/index.ts`,
        ...ranks.slice(rank).flat().filter((other) => other !== folder).map((other) => `./${project.srcdir}/${other}`),
      ],
      message: `${folder} may import only from a folder of a lower rank (see ARCHITECTURE.md)`,
    })));
    // What tries the templates knows of our code only what the templates say.
    const apart = {
      target: './test/deploy',
      from: `./${project.srcdir}`,
      message: 'the local AWS and the drill import nothing of the library (see docs/adr/0019-local-aws.md)',
    };
    project.eslint?.addRules({
      'import/no-restricted-paths': ['error', { zones: [...zones, apart] }],
      'max-lines': ['error', { max: 400 }],
    });
  }
}
