import type { App, Stack } from 'aws-cdk-lib';

/** What a rule makes of an event, by its input transformer: values as they are, and nothing for what the event lacks. */
export function messageOf(rule: any, event: object): any {
  const { InputPathsMap, InputTemplate } = rule.Targets[0].InputTransformer;
  const text = (InputTemplate as string).replace(/<([\w-]+)>/g, (_, name) => {
    if (!(name in InputPathsMap)) {
      throw new Error(`no path for the variable '${name}'`);
    }
    return String(valueAt(event, InputPathsMap[name]) ?? '');
  });
  return JSON.parse(text);
}

function valueAt(event: object, jsonPath: string): unknown {
  return [...jsonPath.slice(1).matchAll(/\.([\w-]+)|\[(\d+)\]/g)].reduce((value: any, [, name, index]) => value?.[name ?? Number(index)], event);
}

/** What synthesis says in a stack that matches. */
export function messagesAbout(stack: Stack, what: RegExp): string[] {
  const { messages } = (stack.node.root as App).synth({ force: true }).getStackArtifact(stack.artifactId);
  return messages.map(({ entry: { data } }) => data as string).filter((data) => what.test(data));
}
