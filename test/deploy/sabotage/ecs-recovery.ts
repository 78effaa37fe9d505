import { changeFunctions, changeNamedRole, dropStatement } from './faults';
import type { Properties } from './faults';
import type { Sabotage } from './sabotage';
import type { AssemblyStack } from '../assembly/assembly';
import { changeProperties } from '../assembly/changes';
import { promisesOf } from '../drill/promises';

/** Why the broken steps say that they are, in the order of `breaks`. */
interface ExplainedSabotage extends Sabotage {
  readonly reasons: readonly RegExp[];
}

/** Faults of the runbook that restores services; in the stage prod. */
export const ECS_RECOVERY: readonly ExplainedSabotage[] = [
  {
    fault: 'a restored service has not all members of the snapshot',
    put: (stacks) => changeFunctions(stacks, 'without(OUTPUT_ONLY.service,service)', 'without([...OUTPUT_ONLY.service,"deploymentConfiguration"],service)'),
    breaks: ['ecs:restore-service'],
    reasons: [/^different in 2 values: services\.0\.service\.deploymentConfiguration\./],
  },
  {
    fault: 'the handler forgets how a restored service scales',
    put: (stacks) => changeFunctions(stacks, 'await this.applyScaling(),', ''),
    breaks: ['ecs:restore-service'],
    reasons: [/^Failed, its record is FAILED: .* scaling\.policies\.\w+, scaling\.targets\.ecs:service:DesiredCount\./],
  },
  {
    fault: 'a task definition is registered again without the digests of its images',
    put: (stacks) => changeFunctions(stacks, 'image:pinned(container.image,digestOf(container))', 'image:container.image'),
    breaks: ['ecs:restore-cluster'],
    reasons: [/^the task definitions have no image by digest$/],
  },
  {
    fault: 'the function may not pass the roles of the tasks',
    put: (stacks) => changeNamedRole(stacks, promisesOf(stacks).restores.roleName, (role) => dropStatement(role, 'PassRoles')),
    breaks: ['ecs:restore-cluster'],
    reasons: [/^Failed, its record is FAILED: .*AccessDeniedException: ecs:RegisterTaskDefinition of acme-prod-app\./],
  },
  {
    fault: 'the branch to failure is cut: where an error of a function is its answer, a run that failed ends as Success',
    put: (stacks) => steps(stacks, 'fail', ({ name, isEnd }) => ({ name, isEnd, action: 'aws:sleep', inputs: { Duration: 'PT1S' } })),
    breaks: ['ecs:fail'],
    reasons: [/^Success, its record is FAILED: The log group \S+ does not exist/],
    functionErrors: 'ARE_OUTPUTS',
  },
  {
    fault: 'a dry run goes on after its plan',
    put: (stacks) => steps(stacks, 'planOnly', ({ inputs, ...step }) => ({ ...step, inputs: { ...inputs, Choices: [{ ...inputs.Choices[0], StringEquals: 'yes' }] } })),
    breaks: ['ecs:plan'],
    reasons: [/^it called ecs:CreateService, /],
  },
  {
    fault: 'the handler takes what exists for what a run before has begun',
    put: (stacks) => changeFunctions(stacks, 'madeBy(tags=[]){return{isUnfinished:', 'madeBy(tags=[]){return{isUnfinished:true||'),
    breaks: ['ecs:restore-nothing'],
    reasons: [/^it called ecs:TagResource, ecs:TagResource$/],
  },
  {
    fault: 'the preflight passes over networks that the region does not have',
    put: (stacks) => changeFunctions(stacks, '[found.problem]', '[]'),
    breaks: ['ecs:region-preflight'],
    reasons: [/^it does not name acme-prod-workload\/Vpc\/PrivateSubnet1, acme-prod-workload\/Vpc\/PrivateSubnet2, acme-prod-workload-ServiceSecurityGroup\w+: /],
  },
  {
    fault: 'the roles of the tasks pull images in the region of the cluster only',
    put: (stacks) => changeProperties(stacks, 'AWS::IAM::Policy', ({ PolicyDocument }) => {
      PolicyDocument.Statement = JSON.parse(JSON.stringify(PolicyDocument.Statement).replaceAll('arn:aws:ecr:eu-west-1:', 'arn:aws:ecr:eu-west-3:'));
    }),
    breaks: ['ecs:restore-region'],
    reasons: [/^Failed, its record is FAILED: .*tasks failed to start/],
  },
  {
    fault: 'in another region, a task definition has the images of the region that is lost',
    put: (stacks) => changeFunctions(stacks, '.dkr[.-]ecr', '.dkr[.-]none'),
    breaks: ['ecs:restore-region'],
    reasons: [/^different in 3 values: services\.0\.revision\.containerImages\.0\.image, images\.0\.image, taskDefinitions/],
  },
  {
    fault: 'the handler does not ask for scheduled actions, which its role may read',
    put: (stacks) => changeFunctions(stacks, 'readOfScaled(call,"DescribeScheduledActions","ScheduledActions",scaled)', '[]'),
    breaks: ['ecs:least-privilege'],
    reasons: [/^not used: application-autoscaling:DescribeScheduledActions$/],
  },
];

/** The step of a document of the name, in its own region. */
function steps(stacks: readonly AssemblyStack[], name: string, change: (step: Properties) => Properties): AssemblyStack[] {
  const { document, region } = promisesOf(stacks).restores;
  return changeProperties(stacks, 'AWS::SSM::Document', ({ Name, Content }: Properties, _, stack) => {
    if (Name === document && stack.region === region) {
      Content.mainSteps = Content.mainSteps.map((step: Properties) => step.name === name ? change(step) : step);
    }
  });
}
