import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';

export interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: any;
}

/** What the dashboard of a stack shows. */
export function shownIn(stack: Stack): Widget[] {
  const [{ Properties: { DashboardBody } }] = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Dashboard'));
  const text = typeof DashboardBody === 'string' ? DashboardBody : DashboardBody['Fn::Join'][1].map((part: unknown) => typeof part === 'string' ? part : 'reference').join('');
  const { widgets, ...rest } = JSON.parse(text);
  expect(rest).toEqual({ start: '-P7D', periodOverride: 'inherit' }); // the age of what is older could not be seen
  return widgets;
}

export const titled = (widgets: Widget[], title: RegExp) => widgets.filter(({ properties }) => title.test(properties.title ?? ''));

/** Namespace, name and dimensions of the metrics of a graph, and where they are from. */
export const metricsOf = ({ properties }: Widget): [string, any][] => properties.metrics.filter((metric: unknown[]) => metric.length > 1)
  .map((metric: any[]) => [metric.slice(0, -1).join(' '), metric.at(-1)]);
