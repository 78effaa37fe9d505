import type { Loop } from './loops';
import { substitute, systemVariables } from './substitution';

/** What `{{ }}` can name in an execution: system variables, parameters, outputs of steps, the round of a loop. */
export class Values {
  private readonly outputs = new Map<string, Record<string, unknown>>();
  private readonly loops: Loop[] = [];

  constructor(
    private readonly run: { id: string; region: string; accountId: string }, private readonly parameters: Record<string, unknown>,
    private readonly now: () => Date,
  ) {}

  lookup(name: string): unknown {
    const [step, output] = name.split('.');
    const loop = this.loops.find((each) => each.step.name === step);
    return systemVariables({ ...this.run, now: this.now() })[name]
      ?? (output === undefined ? this.parameters[name] : (loop?.outputs ?? this.outputs.get(step))?.[output]);
  }

  readonly substitute = (value: unknown): unknown => substitute(value, (name) => this.lookup(name));

  set(step: string, outputs: Record<string, unknown>): void {
    this.outputs.set(step, outputs);
  }

  /** What a failed step left can be seen, and not be used: AWS does not say that it can. */
  forget(step: string): void {
    this.outputs.delete(step);
  }

  enter(loop: Loop): void {
    this.loops.push(loop);
  }

  leave(loop: Loop): void {
    this.loops.splice(this.loops.indexOf(loop), 1);
    this.outputs.set(loop.step.name, loop.outputs);
  }
}
