import { Component } from 'projen';
import type { awscdk } from 'projen';
import { GithubWorkflow, WorkflowSteps } from 'projen/lib/github';
import { JobPermission } from 'projen/lib/github/workflows-model';
import { setupNode } from './setup-node';

/**
 * Workflow that shows what a pull request does to the templates of the reference app, and the task that compares them.
 */
export class TemplateDiff extends Component {
  constructor(project: awscdk.AwsCdkConstructLibrary, nodeVersion: string) {
    super(project);
    const task = project.addTask('template-diff', {
      description: 'Compare the templates below two folders',
      exec: `ts-node --transpile-only --project ${project.tsconfigDev.fileName} scripts/template-diff.ts`,
      receiveArgs: true,
    });

    const workflow = new GithubWorkflow(project.github!, 'template-diff');
    workflow.on({ pullRequest: {} });
    workflow.addJob('diff', {
      name: 'Templates of the reference app',
      runsOn: ['ubuntu-latest'],
      permissions: { contents: JobPermission.READ },
      env: { CI: 'true' },
      steps: [
        // As merged, since that is what the base will be: what the base has got meanwhile is no part of the difference.
        WorkflowSteps.checkout({ name: 'Checkout head', with: { path: 'head' } }),
        WorkflowSteps.checkout({ name: 'Checkout base', with: { path: 'base', ref: '${{ github.event.pull_request.base.sha }}' } }),
        setupNode(nodeVersion),
        ...['base', 'head'].map((side) => ({ name: `Synthesize ${side}`, run: 'npm ci\nnpm run demo', workingDirectory: side })),
        {
          name: 'Compare',
          run: `npx projen ${task.name} ../base/${ASSEMBLIES} ${ASSEMBLIES} > ../template.diff`,
          workingDirectory: 'head',
        },
        WorkflowSteps.uploadArtifact({ name: 'Upload diff', with: { name: 'template-diff', path: 'template.diff' } }),
      ],
    });
  }
}

const ASSEMBLIES = 'examples/reference-app/cdk.out';
