import { timestampDate, timestampFromDate } from "@bufbuild/protobuf/wkt";
import { DimensionField, MetricKind, TimeUnit } from "@analytics/types";

import { table } from "./table.js";

/**
 * @typedef {import("@connectrpc/connect").Client<typeof import("@analytics/types").QueryService>} QueryClient
 * @typedef {import("@analytics/types").MetricValue} MetricValue
 */

/**
 * Asks about the time from one instant until another and prints the answers.
 *
 * @param {QueryClient} query
 * @param {string} project
 * @param {Date} start
 * @param {Date} end
 */
export async function report(query, project, start, end) {
  const interval = { startTime: timestampFromDate(start), endTime: timestampFromDate(end) };
  /** @type {import("@bufbuild/protobuf").MessageInitShape<typeof import("@analytics/types").QueryScopeSchema>} */
  const scope = { project, range: { range: { case: "interval", value: interval } }, timeZone: "UTC" };
  const viewsAndVisitors = [{ kind: MetricKind.VIEWS }, { kind: MetricKind.VISITORS }];

  const [totals, trend, pages] = await Promise.all([
    query.queryTotals({
      scope,
      totals: { metrics: [...viewsAndVisitors, { kind: MetricKind.SESSIONS }, { kind: MetricKind.BOUNCE_RATE }] },
    }),
    query.queryTrend({ scope, trend: { metrics: viewsAndVisitors, unit: TimeUnit.HOUR } }),
    query.queryBreakdown({
      scope,
      breakdown: {
        metrics: viewsAndVisitors,
        dimensions: [{ dimension: { case: "field", value: DimensionField.PAGE } }],
        limit: 10,
      },
    }),
  ]);

  console.log(`\nFrom ${start.toISOString()} until before ${end.toISOString()}\n`);
  const names = ["views", "visitors", "sessions", "bounce rate"];
  console.log(table(["total", "number"], names.map((name, index) => [name, text(totals.values[index])])));

  const hours = trend.points.map(({ bucket, values }) => [
    bucket?.startTime ? timestampDate(bucket.startTime).toISOString().slice(0, 16) : "",
    ...values.map(text),
  ]);
  console.log(`\n${table(["hour", "views", "visitors"], hours)}`);

  // A dimension may be absent, as the page is for events without a URL.
  const rows = pages.rows.map(({ dimensions, values }) => [String(dimensions[0]?.value.value ?? "–"), ...values.map(text)]);
  console.log(`\n${table(["page", "views", "visitors"], rows)}`);
}

/**
 * Counts are exact and come as `bigint`; fractions are numbers; a rate without a denominator is absent.
 *
 * @param {MetricValue | undefined} metric
 */
function text(metric) {
  switch (metric?.value.case) {
    case "count":
      return metric.value.value.toString();
    case "number":
      return `${(metric.value.value * 100).toFixed(1)} %`;
    default:
      return "–";
  }
}
