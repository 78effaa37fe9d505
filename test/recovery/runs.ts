import { DESIGN } from './setup';
import { LOOPED_STEPS } from '../../src/recovery/runbook-design';
import { documentOf } from '../../src/recovery/runbook-document';
import type { Approval, AutomationDocument } from '../../src/recovery/runbook-document';
import { ACCOUNT, AutomationSimulation } from '../automation/simulation';
import type { SimulationOptions } from '../automation/simulation';

/** What a function answers, in the words of its answer. Whoever asks for the result of a step that failed gets an error; `ERROR` is one at once. */
export type Answer = 'DONE' | 'ASK_AGAIN' | 'WAITING' | 'FAILED' | 'ERROR';

export const APPROVER = `arn:aws:iam::${ACCOUNT}:role/Approver`;
export const APPROVAL: Approval = { approvers: [APPROVER], minRequiredApprovals: 1, topicArn: `arn:aws:sns:eu-west-1:${ACCOUNT}:AutomationApprovals` };

const PARAMETERS = { Reason: ['INC-1'], Cluster: ['shop'] };

/** Runs of a document whose function answers each step with what is listed for it, and with `DONE` after that. */
export class Runs {
  public readonly document: AutomationDocument;
  public readonly simulation: AutomationSimulation;
  /** The steps that the function was asked to do. */
  public readonly asked: string[] = [];

  constructor(answers: Record<string, Answer[]> = {}, options: Partial<SimulationOptions> = {}, approval?: Approval) {
    this.document = documentOf({ ...DESIGN, functionName: 'recover', assumeRole: `arn:aws:iam::${ACCOUNT}:role/Document`, approval });
    const left = new Map(Object.entries(answers).map(([step, all]) => [step, [...all]]));
    const last = new Map<string, Answer>();
    this.simulation = new AutomationSimulation({
      functions: {
        recover: ({ step, only }: { readonly step: string; readonly only?: string }) => {
          if (only === undefined) {
            this.asked.push(step);
            last.set(step, left.get(step)?.shift() ?? 'DONE');
          }
          return answer(step, last.get(step)!, only);
        },
      },
      ...options,
      ports: { callApi: () => ({ Account: ACCOUNT }), ...options.ports },
    });
  }

  public start(parameters: Record<string, string[]> = {}): string {
    return this.simulation.start(this.document, { ...PARAMETERS, ...parameters });
  }

  /** Runs until the execution has ended, or waits for an approval. */
  public async run(parameters: Record<string, string[]> = {}): Promise<string> {
    return (await this.simulation.finish(this.start(parameters))).AutomationExecutionStatus;
  }
}

function answer(step: string, word: Answer, only: string | undefined): object {
  if (word === 'ERROR' || (word === 'FAILED' && only !== undefined)) {
    throw new Error(`${step}: there is no such cluster`);
  }
  return { outcome: word === 'WAITING' ? 'ASK_AGAIN' : word, ...word === 'WAITING' ? { next: 'WAITING' } : {}, summary: `${step} of shop`, lines: [] };
}

/** All steps of a run that succeeds. */
export const ALL = [...LOOPED_STEPS, 'record'];
