import { failure } from '../ecs-config/fake-aws-apis';

/** The members of an input, by the model of the service, and one that no model has: AWS may have one tomorrow. */
function membersOf(model: any, operation: string): string[] {
  return [...model[`${operation}Request$`][4], 'memberOfTomorrow'];
}

/** Refuses what AWS does not take. */
export function refuseOthers(model: object, operation: string, input: object): void {
  if (Object.keys(input).some((member) => !membersOf(model, operation).includes(member))) {
    throw failure('InvalidParameterException');
  }
}

/** @see https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Tag.html */
export function refuseTags(tags: any[] = []): void {
  if (tags.length > 50 || tags.some(({ key }) => /^aws:/i.test(key))) {
    throw failure('InvalidParameterException');
  }
}

export function pick(input: any, members: string[]): any {
  return Object.fromEntries(members.filter((member) => input[member] !== undefined).map((member) => [member, input[member]]));
}

export function withTags(tags: any[] = [], more: any[], key: string): any[] {
  const names = more.map((tag) => tag[key]);
  return [...tags.filter((tag) => !names.includes(tag[key])), ...more];
}
