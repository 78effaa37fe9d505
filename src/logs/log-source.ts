import { Duration, Token } from 'aws-cdk-lib';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type {
  CloudTrailLogSourceOptions, CustomLogSourceOptions, LogSourceAccountsOptions, LogSourceOptions, ServerAccessLogsSourceOptions,
} from './log-writer-options';
import { cloudTrailWriter, configWriter, customWriter, serverAccessLogsWriter, vendedLogsWriter } from './log-writers';

import type { BucketWriter } from '../buckets/bucket-writer';
import { checkOrganizationId } from '../private/environment-checks';
import { PropsErrors } from '../private/props-errors';

/**
 * A service that writes logs into a bucket, with its requirements: the policies of the bucket and its key, the name, the
 * supported locks, and the default transitions.
 *
 * Without options, the writer delivers the logs of the account of the bucket.
 *
 * @example
 * LogSource.cloudTrail({ organizationId: 'o-exampleorg12', managementAccount: '111111111111' });
 */
export class LogSource {
  /**
   * AWS CloudTrail: trails of an account, or an organization trail.
   *
   * For a trail of this account, specify the key of the bucket as its `encryptionKey`. For a trail of another account, specify
   * no key: S3 then encrypts with the key of the bucket by default, and can't replicate objects that are encrypted with
   * another key. Make the trail depend on the log bucket, because the name of the bucket is a literal.
   *
   * @throws if an id or an ARN is not valid, or the account of an organization trail is unknown; the error lists all problems
   * @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html
   */
  public static cloudTrail(options: CloudTrailLogSourceOptions = {}): LogSource {
    const { managementAccount, organizationId, trailArns } = options;
    const errors = new PropsErrors('LogSource.cloudTrail');
    checkCommon(errors, { ...options, accounts: managementAccount === undefined ? undefined : [managementAccount] }, 'managementAccount');
    errors.whenEmpty('trailArns', trailArns, 'trail', 'leave it out for every trail of the account');
    for (const arn of trailArns ?? []) {
      errors.when(!Token.isUnresolved(arn) && !/^arn:[\w-]+:cloudtrail:[\w*-]+:\d{12}:trail\/.+$/.test(arn), () => `'trailArns' must be ARNs of trails, got '${arn}'`);
      const account = Token.isUnresolved(arn) ? undefined : arn.split(':')[4];
      errors.when(managementAccount !== undefined && account !== undefined && account !== managementAccount,
        () => `'trailArns' must be in 'managementAccount' (${managementAccount}), got '${arn}'`);
    }
    const accounts = new Set((trailArns ?? []).map((arn) => Token.isUnresolved(arn) ? undefined : arn.split(':')[4]));
    errors.when(managementAccount === undefined && (accounts.has(undefined) || (organizationId !== undefined && accounts.size === 0)),
      () => "the account of the trails must be known, because the keys of the objects contain it: set 'managementAccount'");
    errors.when(organizationId !== undefined && accounts.size > 1, () => "'trailArns' must be in one account if 'organizationId' is set: that of the organization trail");
    errors.throwIfAny();
    return new LogSource('AWS CloudTrail', cloudTrailWriter(options), [[s3.StorageClass.INFREQUENT_ACCESS, 90], [s3.StorageClass.GLACIER, 365]]);
  }

  /**
   * The delivery channel of AWS Config, with the service-linked role.
   *
   * AWS Config can't deliver to a bucket with Object Lock: lock the replica instead.
   *
   * @throws if an id is not valid; the error lists all problems
   * @see https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-policy.html
   */
  public static config(options: LogSourceAccountsOptions = {}): LogSource {
    checkOptions('LogSource.config', options);
    return new LogSource('AWS Config', configWriter(options), [[s3.StorageClass.INFREQUENT_ACCESS, 90], [s3.StorageClass.GLACIER, 365]]);
  }

  /**
   * Amazon VPC flow logs.
   *
   * AWS does not document whether it can deliver them to a bucket with Object Lock: lock the replica instead.
   *
   * @throws if an id is not valid; the error lists all problems
   * @see https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-permissions.html
   */
  public static vpcFlowLogs(options: LogSourceAccountsOptions = {}): LogSource {
    checkOptions('LogSource.vpcFlowLogs', options);
    return new LogSource('VPC flow logs', vendedLogsWriter(options, true), [[s3.StorageClass.INFREQUENT_ACCESS, 30]]);
  }

  /**
   * AWS WAF, which requires a bucket name that begins with `aws-waf-logs-`.
   *
   * AWS documents a bucket in the account of the web ACL. Test a bucket in another account before you rely on it.
   *
   * @throws if an id is not valid; the error lists all problems
   * @see https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html
   */
  public static waf(options: LogSourceAccountsOptions = {}): LogSource {
    checkOptions('LogSource.waf', options);
    return new LogSource('AWS WAF', { ...vendedLogsWriter(options), bucketNamePrefix: 'aws-waf-logs-' }, [[s3.StorageClass.INFREQUENT_ACCESS, 30]]);
  }

  /**
   * Server access logs of buckets in the account and region of this one. They support neither a customer managed key nor Object Lock.
   *
   * @throws if an ARN is not valid
   * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html
   */
  public static serverAccessLogs(options: ServerAccessLogsSourceOptions = {}): LogSource {
    const errors = new PropsErrors('LogSource.serverAccessLogs');
    errors.whenEmpty('sourceBucketArns', options.sourceBucketArns, 'bucket', 'leave it out for every bucket of the account');
    for (const arn of options.sourceBucketArns ?? []) {
      errors.when(!Token.isUnresolved(arn) && !/^arn:[\w-]+:s3:::[a-z0-9.*?-]+$/.test(arn), () => `'sourceBucketArns' must be ARNs of buckets, got '${arn}'`);
    }
    errors.throwIfAny();
    return new LogSource('S3 server access logs', serverAccessLogsWriter(options), [[s3.StorageClass.INFREQUENT_ACCESS, 30]]);
  }

  /**
   * Another AWS service that delivers under the prefix `AWSLogs/`.
   *
   * @throws if an id is not valid; the error lists all problems
   */
  public static custom(options: CustomLogSourceOptions): LogSource {
    const errors = new PropsErrors('LogSource.custom');
    checkAccounts(errors, options);
    errors.when(!Token.isUnresolved(options.servicePrincipal) && !/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/.test(options.servicePrincipal),
      () => `'servicePrincipal' must be a service principal, such as 'logdelivery.elasticloadbalancing.amazonaws.com', got '${options.servicePrincipal}'`);
    errors.whenEmpty('sourceArns', options.sourceArns, 'ARN', 'leave it out for everything in the accounts');
    for (const arn of options.sourceArns ?? []) {
      errors.when(!Token.isUnresolved(arn) && !/^arn:[\w-]+:[\w-]+:[^:]*:[^:]+:.+$/.test(arn),
        () => `'sourceArns' must be ARNs that contain a service and an account, got '${arn}'`);
    }
    errors.throwIfAny();
    return new LogSource(options.servicePrincipal, customWriter(options), []);
  }

  /** @internal */
  public readonly _name: string;

  /** @internal */
  public readonly _writer: BucketWriter;

  private constructor(name: string, writer: BucketWriter, private readonly usual: [s3.StorageClass, number][]) {
    this._name = name;
    this._writer = writer;
  }

  /**
   * The default transitions, as far as the retention is longer.
   *
   * @internal
   */
  public _transitions(retention: Duration): s3.Transition[] {
    return this.usual
      .filter(([, days]) => !retention.isUnresolved() && days < retention.toDays())
      .map(([storageClass, days]) => ({ storageClass, transitionAfter: Duration.days(days) }));
  }
}

function checkOptions(subject: string, options: LogSourceAccountsOptions): void {
  const errors = new PropsErrors(subject);
  checkAccounts(errors, options);
  errors.throwIfAny();
}

function checkAccounts(errors: PropsErrors, options: LogSourceAccountsOptions): void {
  errors.whenEmpty('accounts', options.accounts, 'account', 'leave it out for the account of the bucket');
  checkCommon(errors, options, 'accounts');
}

function checkCommon(errors: PropsErrors, { accounts, organizationId, prefix }: LogSourceAccountsOptions & LogSourceOptions, property: string): void {
  for (const account of accounts ?? []) {
    errors.when(!Token.isUnresolved(account) && !/^\d{12}$/.test(account), () => `'${property}' must be 12 digits, got '${account}'`);
  }
  checkOrganizationId(errors, organizationId);
  errors.when(prefix !== undefined && !Token.isUnresolved(prefix) && (prefix === '' || /^\/|\/$|[*?$]|AWSLogs/.test(prefix)),
    () => `'prefix' must not be empty, begin or end with a slash, or contain a wildcard or 'AWSLogs', got '${prefix}'`);
}
