import { plain } from './conditions';
import { Refusal } from '../refusals';

/** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html */
export const APPROVAL_SECONDS = { default: 604_800, longest: 2_592_000 };
const MOST_APPROVERS = 10;
const LONGEST_MESSAGE = 4096;

export type Decision = 'Approve' | 'Reject';

interface ApproverDecision {
  readonly Approver: string;
  readonly Decision: Decision;
  readonly DecisionTime: string;
  readonly Comment?: string;
}

/** What an `aws:approve` step waits for. */
export class Approval {
  private readonly decisions: ApproverDecision[] = [];
  private readonly approvers: string[];
  private readonly required: number;

  constructor(inputs: Record<string, unknown>) {
    const { Approvers = [], MinRequiredApprovals = 1, Message = '' } = inputs as { Approvers?: string[]; MinRequiredApprovals?: unknown; Message?: string };
    this.approvers = [Approvers].flat();
    this.required = Number(MinRequiredApprovals);
    if (this.approvers.length === 0 || this.approvers.length > MOST_APPROVERS) {
      throw new Error(`aws:approve takes 1 to ${MOST_APPROVERS} approvers`);
    }
    if (!Number.isInteger(this.required) || this.required < 1 || this.required > this.approvers.length) {
      throw new Error(`MinRequiredApprovals is positive, and at most the number of approvers: ${MinRequiredApprovals}`);
    }
    if (Message.length > LONGEST_MESSAGE) {
      throw new Error(`Message has ${LONGEST_MESSAGE} characters at most`);
    }
  }

  /**
   * Whether a principal approves or rejects. AWS names no error for one that is no approver, nor says whether a second decision of the same approver
   * counts, also of another session of the same role: both are refused.
   */
  decide(by: string, decision: Decision, at: Date, comment?: string): void {
    const approver = this.approvers.find((named) => isApprover(named, by));
    if (approver === undefined) {
      throw new Refusal('InvalidAutomationSignalException', `${by} is not an approver of this step.`);
    }
    if (this.decisions.some(({ Approver }) => Approver === approver)) {
      throw new Refusal('InvalidAutomationSignalException', `${approver} has decided already.`);
    }
    this.decisions.push({ Approver: approver, Decision: decision, DecisionTime: at.toISOString(), ...comment !== undefined && { Comment: comment } });
  }

  /** AWS does not say how many have to reject: one is enough. */
  get status(): 'Approved' | 'Rejected' | 'Waiting' {
    if (this.decisions.some(({ Decision }) => Decision === 'Reject')) {
      return 'Rejected';
    }
    return this.decisions.length >= this.required ? 'Approved' : 'Waiting';
  }

  /** @see https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-action-approve.html "Output" */
  get outputs(): Record<string, unknown> {
    return { ApprovalStatus: this.status, ApproverDecisions: plain(this.decisions) };
  }
}

/** An approver is the name of a user, or the ARN of a user, a role or a session of a role. */
function isApprover(named: string, by: string): boolean {
  const [, account, kind, path] = /^arn:[^:]+:(?:iam|sts)::(\d+):(user|role|assumed-role)\/(.+)$/.exec(by) ?? [];
  if (named === by || kind === 'user' && named === path.split('/').pop()) {
    return true;
  }
  const [, owner, role] = /^arn:[^:]+:iam::(\d+):role\/(?:.*\/)?([^/]+)$/.exec(named) ?? [];
  return kind === 'assumed-role' && account === owner && path.split('/')[0] === role;
}
