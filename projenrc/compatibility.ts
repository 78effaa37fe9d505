import { Component } from 'projen';
import type { awscdk } from 'projen';
import { GithubWorkflow, WorkflowSteps } from 'projen/lib/github';
import { JobPermission } from 'projen/lib/github/workflows-model';
import { setupNode } from './setup-node';

/**
 * Workflow that tests with what the users of the library have: every Node.js that it runs on, and the newest CDK.
 */
export class Compatibility extends Component {
  /**
   * @param nodeVersions Major versions of Node.js
   * @param nodeVersion The one that the newest CDK is tested with
   */
  constructor(project: awscdk.AwsCdkConstructLibrary, nodeVersions: string[], nodeVersion: string) {
    super(project);
    const job = { runsOn: ['ubuntu-latest'], permissions: { contents: JobPermission.READ }, env: { CI: 'true' } };
    const install = { name: 'Install dependencies', run: 'npm ci' };

    const workflow = new GithubWorkflow(project.github!, 'compatibility');
    workflow.on({
      pullRequest: {},
      workflowDispatch: {},
      schedule: [{ cron: '0 6 * * 1' }], // a CDK that is released breaks us without a change of ours
    });
    workflow.addJob('node', {
      ...job,
      name: 'Node.js ${{ matrix.node-version }}',
      strategy: { failFast: false, matrix: { domain: { 'node-version': nodeVersions } } },
      steps: [
        WorkflowSteps.checkout(),
        setupNode('${{ matrix.node-version }}'),
        install,
        { name: 'Test', run: 'npm test' },
      ],
    });
    workflow.addJob('newest-cdk', {
      ...job,
      name: 'Newest CDK',
      steps: [
        WorkflowSteps.checkout(),
        setupNode(nodeVersion),
        install,
        { name: 'Test', run: 'npx projen test:newest-cdk' },
      ],
    });
  }
}
