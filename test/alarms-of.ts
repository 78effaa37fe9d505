/**
 * An alarm on a metric as it is where nothing is computed: one on what is missing is on an expression that fills gaps with
 * zeros, and has its metric in there.
 */
export function onOneMetric(alarm: any): any {
  const { Metrics, ...rest } = alarm;
  if (Metrics === undefined) {
    return alarm;
  }
  const [expression, metric, ...others] = Metrics;
  if (others.length > 0 || expression.Expression !== `FILL(${metric.Id}, 0)` || expression.ReturnData === false || metric.ReturnData !== false) {
    throw new Error(`expected an expression that fills gaps with zeros, got ${JSON.stringify(Metrics)}`);
  }
  const { Metric, Period, Stat } = metric.MetricStat;
  return { ...rest, ...Metric, Period, Statistic: Stat };
}
