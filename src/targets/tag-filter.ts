import { Token } from 'aws-cdk-lib';
import { tagProblems } from './tag-selections';
import type { TagCondition, TagOperator } from './tag-selections';

/**
 * A condition on the tags of a resource. A selection includes the resources that meet all of its conditions.
 *
 * @see https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources-json.html
 *
 * @example
 * const tagFilters = [TagFilter.like('Name', 'prod-*'), TagFilter.oneOf('Tier', ['gold', 'silver'])];
 */
export class TagFilter {
  /**
   * Resources with a tag that has exactly this value.
   *
   * @param key Key of the tag, 1 to 128 characters
   * @param value Value of the tag, 0 to 256 characters, without wildcards
   */
  public static equalTo(key: string, value: string): TagFilter {
    return new TagFilter('equalTo', 'StringEquals', key, [value]);
  }

  /**
   * Resources with a tag whose value matches a pattern.
   *
   * @param key Key of the tag, 1 to 128 characters
   * @param pattern Pattern of the value, up to 256 characters; `*` matches any characters, and a single `*` any value
   */
  public static like(key: string, pattern: string): TagFilter {
    return new TagFilter('like', 'StringLike', key, [pattern]);
  }

  /**
   * Resources with a tag that has one of several values.
   *
   * AWS Backup combines the conditions of a selection with AND, so the plan gets a selection for each of the values.
   *
   * @param key Key of the tag, 1 to 128 characters
   * @param values Values of the tag, each 0 to 256 characters, without wildcards
   */
  public static oneOf(key: string, values: string[]): TagFilter {
    return new TagFilter('oneOf', 'StringEquals', key, values);
  }

  /**
   * Resources without a tag that has exactly this value.
   *
   * @param key Key of the tag, 1 to 128 characters
   * @param value Value of the tag, 0 to 256 characters, without wildcards
   */
  public static notEquals(key: string, value: string): TagFilter {
    return new TagFilter('notEquals', 'StringNotEquals', key, [value]);
  }

  /**
   * Resources without a tag whose value matches a pattern.
   *
   * @param key Key of the tag, 1 to 128 characters
   * @param pattern Pattern of the value, up to 256 characters; `*` matches any characters
   */
  public static notLike(key: string, pattern: string): TagFilter {
    return new TagFilter('notLike', 'StringNotLike', key, [pattern]);
  }

  private constructor(
    private readonly factory: 'equalTo' | 'like' | 'oneOf' | 'notEquals' | 'notLike',
    private readonly operator: TagOperator,
    private readonly key: string,
    private readonly values: string[],
  ) {}

  /**
   * The conditions that AWS Backup evaluates, one of which a resource must meet.
   *
   * @internal
   */
  public get _conditions(): TagCondition[] {
    return (this.values ?? []).map((value) => ({ operator: this.operator, key: this.key, value }));
  }

  /**
   * The problems of the filter.
   *
   * @param property The property of the user
   * @internal
   */
  public _problems(property: string): string[] {
    const subject = `${property}: 'TagFilter.${this.factory}'`;
    if (!Array.isArray(this.values) || this.values.length === 0) {
      return [`${subject} must have at least one value, got none`];
    }
    const values = this.values.filter((value) => !Token.isUnresolved(value));
    return [
      ...values.length === new Set(values).size ? [] : [`${subject} must have different values, got ${values.map((value) => `'${value}'`).join(', ')}`],
      ...this._conditions.flatMap((condition) => tagProblems(subject, condition, WAY_OUT[this.factory])),
    ];
  }
}

/** The factory method for patterns. */
const WAY_OUT: Record<string, string> = { equalTo: 'like', oneOf: 'like', notEquals: 'notLike' };
