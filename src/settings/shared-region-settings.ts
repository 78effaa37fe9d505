import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { checkHandlerId, defineRegionSettings } from './region-settings-resource';
import type { RegionSettingsTypes } from './region-settings-resource';
import { isInTree } from '../private/ordering';
import { PropsErrors } from '../private/props-errors';
import { outermostStack } from '../private/region-stack';

const ID = 'BackupDrRegionSettings';

/** Shared by every copy of this library in an app. */
const ASKED = Symbol.for('cdk-backup-dr.shared-region-settings');

/**
 * The settings that a stack defines for its constructs, in addition to those that the user defines.
 */
export class SharedRegionSettings extends Construct {
  /**
   * Has the types turned on in the account and region of a construct. They are asked for at synthesis.
   *
   * @param by Who needs them, as long as that is in the tree
   * @throws if a construct of the user's has the id of the settings or of their handler
   */
  public static ask(scope: Construct, types: () => RegionSettingsTypes, by: IConstruct = scope): void {
    const stack = outermostStack(scope);
    const existing = stack.node.tryFindChild(ID) as SharedRegionSettings | undefined;
    const errors = new PropsErrors('settings of AWS Backup', scope);
    errors.when(existing !== undefined && !(ASKED in existing),
      () => `the settings need the id '${ID}' in stack '${stack.node.path}', which a construct of yours has: give that one another id`);
    checkHandlerId(errors, stack);
    errors.throwIfAny();
    (existing ?? new SharedRegionSettings(stack, ID))[ASKED].push({ types, by });
  }

  public readonly [ASKED]: { readonly types: () => RegionSettingsTypes; readonly by: IConstruct }[] = [];

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    defineRegionSettings(this, () => {
      const all = this[ASKED].filter(({ by }) => isInTree(by)).map(({ types }) => types());
      return { named: all.flatMap(({ named }) => named), ifOffered: all.flatMap(({ ifOffered }) => ifOffered) };
    });
  }
}
