/**
 * Options of all sources of logs.
 */
export interface LogSourceOptions {
  /**
   * Prefix of the keys of the objects, before `AWSLogs/`, without a trailing slash and without `AWSLogs`.
   *
   * It must match the prefix in the configuration of the writer.
   *
   * @default - keys begin with `AWSLogs/`
   */
  readonly prefix?: string;
}

/**
 * Options of logs that AWS services deliver.
 */
export interface LogSourceAccountsOptions extends LogSourceOptions {
  /**
   * Ids of the accounts whose logs are delivered.
   *
   * @default - the account of the bucket; none if `organizationId` is set
   */
  readonly accounts?: string[];

  /**
   * Id of the organization whose accounts may deliver their logs.
   *
   * @default - no organization
   */
  readonly organizationId?: string;
}

/**
 * Options of AWS CloudTrail.
 */
export interface CloudTrailLogSourceOptions extends LogSourceOptions {
  /**
   * Id of the organization of an organization trail. Requires `managementAccount` or `trailArns`.
   *
   * @default - no organization trail
   */
  readonly organizationId?: string;

  /**
   * Account of the trails: the management account for an organization trail. Required if `trailArns` are tokens.
   *
   * @default - the account of `trailArns`; without those, the account of the bucket
   */
  readonly managementAccount?: string;

  /**
   * ARNs of the trails.
   *
   * @default - every trail of the account
   */
  readonly trailArns?: string[];
}

/**
 * Options of server access logs.
 */
export interface ServerAccessLogsSourceOptions {
  /**
   * ARNs of the source buckets, all in the account and region of this one.
   *
   * @default - every bucket of the account
   */
  readonly sourceBucketArns?: string[];

  /**
   * Whether the bucket also logs the access to itself. Each delivery then creates more logs.
   *
   * @default false
   */
  readonly selfLogging?: boolean;
}

/**
 * Options of another writer of logs.
 */
export interface CustomLogSourceOptions extends LogSourceAccountsOptions {
  /**
   * Service that delivers, such as `logdelivery.elasticloadbalancing.amazonaws.com`.
   */
  readonly servicePrincipal: string;

  /**
   * Values of `aws:SourceArn` that the service delivers for, with `*` and `?` as wildcards.
   *
   * Without `accounts` and `organizationId`, the policy has no condition on the account: some services send only the ARN.
   *
   * @default - everything in the accounts or the organization
   */
  readonly sourceArns?: string[];

  /**
   * Whether the service can deliver to a bucket with a customer managed key. Load balancers can't deliver access logs to one.
   *
   * @default false
   */
  readonly supportsCustomerKeys?: boolean;

  /**
   * Whether the service can deliver to a bucket with Object Lock. If not, use `replicaObjectLock`.
   *
   * @default false
   */
  readonly supportsObjectLock?: boolean;
}
