import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct, IConstruct } from 'constructs';
import { atSynthesis } from '../private/at-synthesis';
import { warn } from '../private/messages';
import { FactKind, Registry } from '../private/registry';

/**
 * The alarms of a construct that makes more of them once it knows what plans select: a list that they are added to.
 */
export interface AlarmsFact {
  readonly by: IConstruct;
  readonly alarms: readonly cloudwatch.IAlarm[];
}

export const ALARMS = new FactKind<AlarmsFact>('alarms');

/** What a list has of the alarms of a construct, as both were when the list was given. */
interface Part {
  readonly fact: AlarmsFact;
  readonly before: ReadonlySet<cloudwatch.IAlarm>;
  readonly isAll: boolean;
}

/**
 * Alarms that a caller names. A list with all alarms that a construct had then means all of them, also those that it makes later: in
 * languages other than TypeScript and JavaScript, a list that is handed over is a copy.
 */
export class NamedAlarms {
  private readonly parts: Part[];

  /** @param property Where the caller names them */
  constructor(scope: Construct, private readonly property: string, private readonly named: readonly cloudwatch.IAlarm[]) {
    const facts = named.length === 0 ? [] : Registry.of(scope).all(ALARMS);
    this.parts = facts.filter(({ alarms }) => alarms.some((alarm) => named.includes(alarm)))
      .map((fact) => ({ fact, before: new Set(fact.alarms), isAll: fact.alarms.every((alarm) => named.includes(alarm)) }));
    if (this.parts.some(({ isAll }) => !isAll)) {
      atSynthesis(scope, () => this.sayWhatIsMissing(scope));
    }
  }

  /** As things stand; complete once aspects have been there. */
  public get all(): cloudwatch.IAlarm[] {
    return [...new Set([...this.named, ...this.parts.filter(({ isAll }) => isAll).flatMap(({ fact }) => fact.alarms)])];
  }

  private sayWhatIsMissing(scope: Construct): void {
    for (const { fact: { by, alarms }, before } of this.parts.filter(({ isAll }) => !isAll)) {
      const missing = alarms.filter((alarm) => !before.has(alarm) && !this.named.includes(alarm));
      if (missing.length > 0) {
        warn(scope, 'alarmsMadeLater', `'${this.property}' contains some of the alarms of '${by.node.path}', but not those that were created later: `
          + `${missing.map(({ node }) => node.id).sort().join(', ')}; pass its list 'alarms' as it is, to which later alarms are added, or acknowledge this warning`);
      }
    }
  }
}
