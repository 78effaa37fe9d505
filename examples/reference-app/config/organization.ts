/** The one file to change first: every value here is an example. */
export const organization: Organization = {
  project: 'acme',
  email: 'platform-team@example.com',
  organizationId: 'o-exampleorg12',
  accounts: {
    management: '111111111111',
    infrastructure: '222222222222',
    logArchive: '333333333333',
  },
  trailArn: 'arn:aws:cloudtrail:eu-west-2:111111111111:trail/organization',
  primaryRegion: 'eu-west-2',
  availabilityZones: ['eu-west-2a', 'eu-west-2b'],
};

/**
 * What is the same in all stages: who we are, and where.
 */
export interface Organization {
  /** Begins every name, and is the tag `Project` of every resource: small letters, digits and hyphens. */
  readonly project: string;

  /** Whom to ask, and whom alarms go to: the description of every stack says so. */
  readonly email: string;

  /** Id of the AWS organization that all accounts are in. */
  readonly organizationId: string;

  readonly accounts: {
    /** Account of AWS Organizations and AWS Control Tower. */
    readonly management: string;

    /** Account of the workload: what is backed up. */
    readonly infrastructure: string;

    /** Account of the copies, out of reach of whoever takes over the workload's. */
    readonly logArchive: string;
  };

  /** ARN of the trail that logs the management events of all accounts and regions: alarms on tampering go by them. */
  readonly trailArn: string;

  readonly primaryRegion: string;

  /** Availability Zones of the primary region. They are named, since a look-up needs credentials. */
  readonly availabilityZones: string[];
}
