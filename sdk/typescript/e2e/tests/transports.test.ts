// The same questions over every road: the answers are right, and the same as a whole, with all that they rest on.
import { timestampFromDate } from "@bufbuild/protobuf/wkt";
import { createClient, type Client } from "@connectrpc/connect";
import {
  ApiKeyScope,
  DimensionField,
  EventKind,
  MetricKind,
  QueryService,
  TimeUnit,
  type MetricValue,
} from "@analytics/types";
import { beforeAll, describe, expect, test } from "vitest";

import { createProject, type EventInit, type TestProject } from "../src/project.js";
import { daysAgo, NOW } from "../src/times.js";
import { ROAD_NAMES, ROADS } from "../src/transports.js";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/** Text beyond ASCII has to survive, too. */
const PAGES = ["/", "/preise/übersicht", "/料金"];
const METRICS = [MetricKind.VIEWS, MetricKind.VISITORS, MetricKind.SESSIONS, MetricKind.BOUNCE_RATE];

let project: TestProject;
let queryKey: string;

beforeAll(async () => {
  project = await createProject("transports", "UTC");
  queryKey = await project.key(ApiKeyScope.QUERY);
  // Three days; on each one visitor more, of whom only the first reads on.
  const events = [3, 2, 1].flatMap((day) => [
    ...PAGES.map((page, index) => view(day, index, page, "192.0.2.1")),
    ...Array.from({ length: 3 - day }, (_, index) => view(day, 10 + index, "/", `198.51.100.${index + 1}`)),
  ]);
  await project.importHistory(events);
});

describe.each(ROAD_NAMES)("%s", (road) => {
  const client = () => createClient(QueryService, ROADS[road](queryKey));

  test("totals", async () => {
    const answer = await totals(client());
    expect(answer.values.map(numberOf)).toEqual([12, 6, 6, 0.5]);
    expect(answer).toEqual(await totals(project.query));
  });

  test("a trend by day", async () => {
    const answer = await trend(client());
    expect(answer.points.map(({ values }) => values.map(numberOf))).toEqual([
      [3, 1, 1, 0],
      [4, 2, 2, 0.5],
      [5, 3, 3, 2 / 3],
      // No session, no rate.
      [0, 0, 0, undefined],
    ]);
    expect(answer).toEqual(await trend(project.query));
  });

  test("a breakdown by page", async () => {
    const answer = await breakdown(client());
    expect(answer.rows.map(({ dimensions, values }) => [dimensions[0]?.value.value, ...values.map(numberOf)])).toEqual([
      ["/", 6, 6],
      ["/preise/übersicht", 3, 3],
    ]);
    expect(answer.others?.values.map(numberOf)).toEqual([3, 3]);
    expect(answer).toEqual(await breakdown(project.query));
  });
});

function scope() {
  const interval = { startTime: daysAgo(3, -12 * 60), endTime: daysAgo(-1, -12 * 60) };
  const range = { range: { case: "interval", value: interval } } as const;
  return { project: project.name, range, asOf: timestampFromDate(NOW) };
}

function metrics(kinds: readonly MetricKind[]) {
  return kinds.map((kind) => ({ kind }));
}

function totals(query: Client<typeof QueryService>) {
  return query.queryTotals({ scope: scope(), totals: { metrics: metrics(METRICS) } });
}

function trend(query: Client<typeof QueryService>) {
  return query.queryTrend({ scope: scope(), trend: { metrics: metrics(METRICS), unit: TimeUnit.DAY } });
}

function breakdown(query: Client<typeof QueryService>) {
  return query.queryBreakdown({
    scope: scope(),
    breakdown: {
      metrics: metrics([MetricKind.VIEWS, MetricKind.VISITORS]),
      dimensions: [{ dimension: { case: "field", value: DimensionField.PAGE } }],
      limit: 2,
    },
  });
}

function view(day: number, minutesAfterNoon: number, page: string, ipAddress: string): EventInit {
  return {
    eventId: crypto.randomUUID(),
    occurredAt: daysAgo(day, minutesAfterNoon),
    kind: EventKind.VIEW,
    url: `https://shop.example${page}`,
    client: { ipAddress, userAgent: FIREFOX },
  };
}

function numberOf({ value }: MetricValue): number | undefined {
  return value.case === undefined ? undefined : Number(value.value);
}
