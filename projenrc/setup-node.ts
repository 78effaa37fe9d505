import { ActionRefs } from 'projen/lib/github';
import type { JobStep } from 'projen/lib/github/workflows-model';

/** The step that projen writes into its own workflows, for a version of Node.js that it can't be given there. */
export function setupNode(version: string): JobStep {
  return { name: 'Setup Node.js', uses: ActionRefs.ACTIONS_SETUP_NODE, with: { 'node-version': version, 'package-manager-cache': false } };
}
