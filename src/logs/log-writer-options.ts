/**
 * What all sources of logs have in common.
 */
export interface LogSourceOptions {
  /**
   * What the keys of the objects begin with, before `AWSLogs/`; without a slash at its end, and without `AWSLogs` in it.
   *
   * It must be the prefix that the writer is configured with.
   *
   * @default - keys begin with `AWSLogs/`
   */
  readonly prefix?: string;
}

/**
 * Who may deliver logs through a service of AWS.
 */
export interface LogSourceAccountsOptions extends LogSourceOptions {
  /**
   * Ids of the accounts whose logs are delivered.
   *
   * @default - the bucket's own account, and none where `organizationId` is set
   */
  readonly accounts?: string[];

  /**
   * Id of the organization whose logs are delivered: those of all its accounts.
   *
   * @default - no organization
   */
  readonly organizationId?: string;
}

/**
 * Where AWS CloudTrail delivers from.
 */
export interface CloudTrailLogSourceOptions extends LogSourceOptions {
  /**
   * Id of the organization of an organization trail. It needs `managementAccount` or `trailArns`.
   *
   * @default - no organization trail
   */
  readonly organizationId?: string;

  /**
   * Account that the trails are in: the management account for an organization trail. Needed where `trailArns` are tokens.
   *
   * @default - that of `trailArns`, and without those the bucket's own account
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
 * Which buckets S3 logs the access to.
 */
export interface ServerAccessLogsSourceOptions {
  /**
   * ARNs of the buckets, all of the account and region of this one.
   *
   * @default - every bucket of the account
   */
  readonly sourceBucketArns?: string[];

  /**
   * Whether the bucket logs the access to itself too. Each delivery is then logged in its turn: it grows by that alone.
   *
   * @default false
   */
  readonly selfLogging?: boolean;
}

/**
 * A writer of logs that this library does not know.
 */
export interface CustomLogSourceOptions extends LogSourceAccountsOptions {
  /**
   * Service that delivers, such as `logdelivery.elasticloadbalancing.amazonaws.com`.
   */
  readonly servicePrincipal: string;

  /**
   * ARNs that the service says it delivers for; with `*` and `?`.
   *
   * Without `accounts` and `organizationId` the account is then not asked for: some services say the ARN only.
   *
   * @default - everything of the accounts or of the organization
   */
  readonly sourceArns?: string[];

  /**
   * Whether the service can deliver to a bucket that a customer key encrypts. Access logs of load balancers can't be.
   *
   * @default false
   */
  readonly supportsCustomerKeys?: boolean;

  /**
   * Whether the service can deliver to a bucket with Object Lock. If not, `replicaObjectLock` is there for it.
   *
   * @default false
   */
  readonly supportsObjectLock?: boolean;
}
