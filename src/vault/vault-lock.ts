import type { Duration } from 'aws-cdk-lib';
import { PropsErrors } from '../private/props-errors';
import { describe, describeDays, inDays, wholeDaysProblem } from '../private/spans';

/**
 * Options of a lock.
 */
export interface VaultLockOptions {
  /**
   * Shortest retention that the vault accepts, in whole days, at least 1. A backup or copy job with a shorter one fails.
   */
  readonly minRetention: Duration;

  /**
   * Longest retention that the vault accepts, in whole days, at most 36,500. A backup or copy job with a longer one fails.
   *
   * It may equal `minRetention`.
   *
   * @default - no longest retention
   */
  readonly maxRetention?: Duration;
}

/**
 * Options of a compliance lock.
 */
export interface ComplianceVaultLockOptions extends VaultLockOptions {
  /**
   * How long the lock can still be changed or removed, in whole days, at least 3.
   *
   * There is no default, because **after this time nobody can remove the lock**: not you, not the root user, not AWS.
   */
  readonly changeableFor: Duration;
}

/**
 * A lock on a backup vault: nobody can delete a recovery point before the end of its retention, or change the retention.
 *
 * The lock does not protect the encryption key: without the key, recovery points can't be restored.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/vault-lock.html
 *
 * @example
 * VaultLock.governance({ minRetention: Duration.days(7), maxRetention: Duration.days(365) });
 */
export class VaultLock {
  /**
   * A lock that a privileged principal can remove.
   *
   * @throws if a duration is out of range; the error lists all problems
   */
  public static governance(options: VaultLockOptions): VaultLock {
    return VaultLock.checked('VaultLock.governance', options);
  }

  /**
   * A lock that nobody can remove after `changeableFor`.
   *
   * @throws if a duration is out of range; the error lists all problems
   */
  public static compliance(options: ComplianceVaultLockOptions): VaultLock {
    return VaultLock.checked('VaultLock.compliance', options, true);
  }

  private static checked(factory: string, options: Partial<ComplianceVaultLockOptions> | undefined, isCompliance = false): VaultLock {
    const { minRetention, maxRetention } = options ?? {};
    const changeableFor = isCompliance ? options?.changeableFor : undefined; // on a lock in governance mode, it would turn it into a compliance lock
    const errors = new PropsErrors(factory);
    errors.whenMissing('minRetention', minRetention, "the shortest retention that the vault accepts, such as 'Duration.days(7)'");
    errors.when(isCompliance && !changeableFor, () => "'changeableFor' is required: how long the lock can still be changed or removed, such as 'Duration.days(14)'");
    for (const [property, span] of Object.entries({ minRetention, maxRetention, changeableFor })) {
      errors.when(!!span && typeof span.isUnresolved !== 'function', () => `'${property}' must be a Duration, such as 'Duration.days(30)', got '${String(span)}'`);
    }
    errors.throwIfAny();
    const problems = [
      wholeDaysProblem('minRetention', minRetention, 1, 36_500),
      wholeDaysProblem('maxRetention', maxRetention, 1, 36_500),
      wholeDaysProblem('changeableFor', changeableFor, 3, 36_500),
    ].filter((problem) => problem !== undefined);
    errors.add(...problems);

    const min = inDays(minRetention);
    const max = inDays(maxRetention);
    errors.when(min !== undefined && max !== undefined && min > max,
      () => `'maxRetention' must not be shorter than 'minRetention' (${describe(minRetention!)}), got ${describe(maxRetention!)}`);
    errors.throwIfAny();
    return new VaultLock(minRetention!, maxRetention, changeableFor);
  }

  /**
   * Shortest retention that the vault accepts.
   */
  public readonly minRetention: Duration;

  /**
   * Longest retention that the vault accepts.
   *
   * @default - no longest retention
   */
  public readonly maxRetention?: Duration;

  /**
   * How long a compliance lock can still be changed or removed.
   *
   * @default - the lock is in governance mode
   */
  public readonly changeableFor?: Duration;

  private constructor(minRetention: Duration, maxRetention?: Duration, changeableFor?: Duration) {
    this.minRetention = minRetention;
    this.maxRetention = maxRetention;
    this.changeableFor = changeableFor;
  }

  /**
   * The problem of a retention under this lock, if there is one.
   *
   * @internal
   */
  public _retentionProblem(subject: string, retention: Duration, vaultName: string): string | undefined {
    const days = inDays(retention);
    const min = inDays(this.minRetention);
    const max = inDays(this.maxRetention);
    if (days !== undefined && min !== undefined && days < min) {
      return `${subject} must be at least ${describeDays(min)}, the 'minRetention' of the lock of vault '${vaultName}', got ${describeDays(days)}`;
    }
    if (days !== undefined && max !== undefined && days > max) {
      return `${subject} must be at most ${describeDays(max)}, the 'maxRetention' of the lock of vault '${vaultName}', got ${describeDays(days)}`;
    }
    return undefined;
  }
}
