import { execFileSync } from 'child_process';
import { readFileSync } from 'fs';
import * as path from 'path';
import { ROOT } from '../../../scripts/run';

/** A start of an automation, as the AWS CLI would send it. */
export interface Start {
  readonly DocumentName: string;
  readonly DocumentVersion?: string;
  readonly Parameters: Record<string, string[]>;
  readonly Tags: { readonly Key: string; readonly Value: string }[];
}

const COMMAND = 'aws ssm start-automation-execution ';

/** The commands of a page that start its runbook, as they are printed there: the one that only plans, and the one that does it. */
export function startsOn(page: string): { readonly plan: string; readonly restore: string } {
  const lines = readFileSync(path.join(ROOT, 'docs', 'runbooks', page), 'utf8').split('\n').map((line) => line.trim());
  const starts = lines.filter((line) => line.startsWith(COMMAND));
  const [plan, ...otherPlans] = starts.filter((line) => line.includes('DryRun'));
  const [restore, ...otherRestores] = starts.filter((line) => !line.includes('DryRun'));
  if (plan === undefined || restore === undefined || otherPlans.length + otherRestores.length > 0) {
    throw new Error(`${page} is to have two commands that start its runbook, one of them with DryRun, got ${starts.length}`);
  }
  return { plan, restore };
}

/**
 * What a command asks for, after the shell of an operator has read it.
 *
 * @param variables The block of variables of the page, filled in
 */
export function startOf(command: string, variables: Record<string, string> = {}): Start {
  const [service, operation, ...options] = inShell(command, variables);
  if (`aws ${service} ${operation} ` !== COMMAND) {
    throw new Error(`the command does not start an automation: ${command}`);
  }
  const given = optionsOf(options);
  const { 'document-name': [DocumentName], 'document-version': [DocumentVersion] = [], parameters: [parameters] = ['{}'], tags = [] } = given;
  return {
    DocumentName,
    DocumentVersion,
    Parameters: JSON.parse(parameters) as Start['Parameters'],
    Tags: tags.map((tag) => {
      const [, Key, Value] = /^Key=([^,]+),Value=(.+)$/.exec(tag) ?? [];
      return { Key, Value };
    }),
  };
}

/** The arguments of the AWS CLI. A function has its name, so that the shell calls nothing. */
function inShell(command: string, variables: Record<string, string>): string[] {
  const script = `set -u\naws() { printf '%s\\0' "$@"; }\n${command}`;
  const env = { PATH: process.env.PATH, ...variables };
  return execFileSync('bash', ['--norc', '-c', script], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).split('\0').slice(0, -1);
}

function optionsOf(words: string[]): Record<string, string[]> {
  const options: Record<string, string[]> = {};
  let values: string[] = [];
  for (const word of words) {
    if (word.startsWith('--')) {
      values = options[word.slice(2)] = [];
    } else {
      values.push(word);
    }
  }
  return options;
}
