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
    project.eslint?.addRules({
      'import/no-restricted-paths': ['error', { zones }],
      'max-lines': ['error', { max: 400 }],
    });
  }
}
