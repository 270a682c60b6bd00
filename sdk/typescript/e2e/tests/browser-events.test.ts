// Events of a page on the gateway's own origin, over grpc-web with an ingest key: connection and browser tell the visitor.
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { ApiKeyScope, DimensionField, MetricKind } from "@analytics/types";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { DESKTOP_CHROME, giveCalls, startChromium } from "../src/browser.js";
import { createProject, type TestProject } from "../src/project.js";
import { NOON_ZONE, NOW } from "../src/times.js";

const MOBILE_SAFARI =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) " +
  "Version/18.5 Mobile/15E148 Safari/604.1";
const HOUR_MS = 3_600_000;

let project: TestProject;
let ingestKey: string;
let browser: Browser;

beforeAll(async () => {
  [project, browser] = await Promise.all([createProject("browser", NOON_ZONE), startChromium()]);
  ingestKey = await project.key(ApiKeyScope.INGEST);
});

afterAll(() => browser?.close());

test("visitors are counted by address and browser, and robots are not", async () => {
  const stored = { verdicts: [{ verdict: "VERDICT_STORED" }] };
  expect(await viewFrom(DESKTOP_CHROME, "/")).toMatchObject(stored);
  expect(await viewsAndVisitors()).toEqual({ Chrome: [1, 1] });

  expect(await viewFrom(DESKTOP_CHROME, "/pricing"), "the same browser comes back").toMatchObject(stored);
  expect(await viewFrom(MOBILE_SAFARI, "/pricing")).toMatchObject(stored);
  expect(await viewsAndVisitors()).toEqual({ Chrome: [2, 1], "Mobile Safari": [1, 1] });

  // Chromium without a window says so in its user agent.
  const filtered = { verdicts: [{ verdict: "VERDICT_FILTERED", filterRule: "FILTER_RULE_BOT" }] };
  expect(await viewFrom(undefined, "/")).toMatchObject(filtered);
  expect(await viewsAndVisitors()).toEqual({ Chrome: [2, 1], "Mobile Safari": [1, 1] });
});

/** Opens the gateway's page in a browser of its own and sends a view from there. */
async function viewFrom(userAgent: string | undefined, path: string) {
  const context = await browser.newContext(userAgent === undefined ? {} : { userAgent });
  await giveCalls(context);
  const page = await context.newPage();
  await page.goto(inject("endpoint"));
  const event = {
    eventId: crypto.randomUUID(),
    occurredAt: NOW.toISOString(),
    kind: "EVENT_KIND_VIEW",
    url: `https://shop.example${path}`,
  };
  // The key belongs to one project, which therefore need not be named.
  const { answer, error } = await page.evaluate(
    ({ key, event }) => trackFromPage(location.origin, key, { ackLevel: "ACK_LEVEL_COMMITTED", events: [event] }),
    { key: ingestKey, event },
  );
  await context.close();
  return answer ?? error;
}

async function viewsAndVisitors(): Promise<Record<string, number[]>> {
  const startTime = timestampFromMs(NOW.getTime() - HOUR_MS);
  const endTime = timestampFromMs(NOW.getTime() + HOUR_MS);
  const { rows } = await project.query.queryBreakdown({
    scope: { project: project.name, range: { range: { case: "interval", value: { startTime, endTime } } } },
    breakdown: {
      metrics: [{ kind: MetricKind.VIEWS }, { kind: MetricKind.VISITORS }],
      dimensions: [{ dimension: { case: "field", value: DimensionField.BROWSER } }],
    },
  });
  return Object.fromEntries(
    rows.map(({ dimensions, values }) => [dimensions[0]?.value.value, values.map(({ value }) => Number(value.value))]),
  );
}
