import type { Organization } from './types';

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
