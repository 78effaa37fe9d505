import type { Context } from '../context';
import type { Promises } from '../promises';
import { ask, ECR, ECS } from '../snapshots';
import type { Json } from '../snapshots';
import { hold } from '../step';
import type { Step } from '../step';

const REPLICATION_HOURS = 1;
const DEPLOYMENT_HOURS = 1;
const MANIFEST = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.manifest.v1+json', config: {}, layers: [] };

/** The image of the service is pushed, replicated, and deployed: nothing of the templates does that. */
export function image({ captures: { cluster } }: Promises): Step[] {
  return [{
    id: 'image',
    promise: `the services of ${cluster} are deployed with the image that is pushed`,
    needs: ['deploy'],
    run: async (context) => {
      const { serviceArns } = await ask(context, ECS, 'ListServices', { cluster });
      const { services: [service] } = await ask(context, ECS, 'DescribeServices', { cluster, services: serviceArns });
      const { taskDefinition: { containerDefinitions: [container] } } = await ask(context, ECS, 'DescribeTaskDefinition', { taskDefinition: service.taskDefinition });
      const [, repositoryName, imageTag] = /\/(.+):([^:]+)$/.exec(container.image)!;
      const { image: { imageId: { imageDigest } } } = await ask(context, ECR, 'PutImage', { repositoryName, imageTag, imageManifest: JSON.stringify(MANIFEST) });
      const regions = await context.until('the image is replicated', REPLICATION_HOURS, async () => {
        const { replicationStatuses } = await ask(context, ECR, 'DescribeImageReplicationStatus', { repositoryName, imageId: { imageDigest } });
        const left = (replicationStatuses as Json[]).filter(({ status }) => status !== 'COMPLETE');
        return left.length === 0 ? (replicationStatuses as Json[]).map(({ region }) => region as string) : undefined;
      });
      await ask(context, ECS, 'UpdateService', { cluster, service: service.serviceName, forceNewDeployment: true });
      const digest = await context.until('the deployment ended', DEPLOYMENT_HOURS, () => deployedDigest(context, service.serviceArn));
      hold(digest === imageDigest, `${digest} is deployed, not ${imageDigest}`);
      return `${container.image}, ${imageDigest.slice(0, 19)}..., in ${[context.promises.captures.region, ...regions].join(' and ')}`;
    },
  }];
}

/** The digest that a service runs, when it runs nothing else any more. */
async function deployedDigest(context: Context, arn: string): Promise<string | undefined> {
  const { services: [{ deployments, currentServiceRevisions }] } = await ask(context, ECS, 'DescribeServices', { cluster: context.promises.captures.cluster, services: [arn] });
  if (deployments.length > 1 || deployments[0].rolloutState !== 'COMPLETED') {
    return undefined;
  }
  const { serviceRevisions: [revision] } = await ask(context, ECS, 'DescribeServiceRevisions', {
    serviceRevisionArns: currentServiceRevisions.map((each: Json) => each.arn),
  });
  return revision.containerImages[0].imageDigest;
}
