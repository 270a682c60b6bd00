// The page, in a browser, with a key in its address.
import { mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { timestampDate } from "@bufbuild/protobuf/wkt";
import { ApiKeyScope, DimensionField, EventKind, MetricKind, TimeUnit, type MetricValue } from "@analytics/types";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, inject, test } from "vitest";

import { rowsOf, startChromium, watch } from "../src/browser.js";
import { createProject, type EventInit, type TestProject } from "../src/project.js";
import { daysAgo } from "../src/times.js";

const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/** What the page shows when nothing else is chosen. */
const DEFAULT_DAYS = 30;
/** More than the page lists one by one. */
const PAGES = ["/", "/pricing", "/docs", "/blog", "/about", "/jobs", "/login", "/signup", "/team", "/press", "/terms", "/imprint"];
const VIEWS_AND_VISITORS = [{ kind: MetricKind.VIEWS }, { kind: MetricKind.VISITORS }];
/** Where pictures of the page are left for people to look at. */
const PICTURES = join(tmpdir(), "analytics-e2e");

let project: TestProject;
let queryKey: string;
let browser: Browser;

beforeAll(async () => {
  [project, browser] = await Promise.all([createProject("page", "UTC"), startChromium()]);
  queryKey = await project.key(ApiKeyScope.QUERY);
  await project.importHistory(history());
  mkdirSync(PICTURES, { recursive: true });
});

afterAll(() => browser?.close());

test("it shows what the query API tells of the same days", async () => {
  const context = await browser.newContext({ viewport: { width: 1280, height: 1000 } });
  const conduct = watch(context);
  const page = await context.newPage();
  await page.goto(`${inject("endpoint")}/#key=${queryKey}`);
  await page.getByRole("heading", { name: "Top pages" }).waitFor();

  const address = new URL(page.url());
  expect(address.hash, "the key has left the address").toBe("");
  expect(address.href).not.toContain(queryKey);
  expect(address.searchParams.get("project")).toBe(project.id);
  const shown = { first: address.searchParams.get("from") ?? "", last: address.searchParams.get("to") ?? "" };

  const { total, days, pages, others } = await ask(shown);
  expect(days).toHaveLength(DEFAULT_DAYS);
  expect(total[0], "the events lie within these days").toBe(history().length);

  expect(await page.locator(".totals dd").allTextContents()).toEqual(expect.arrayContaining(total.map(String)));
  await page.getByText("Show as a table").click();
  const dayRows = await rowsOf(page, "Per day");
  expect(dayRows.map(([label, ...numbers]) => [dateOf(label), ...numbers.map(Number)])).toEqual(days);
  const bars = page.locator("svg.chart g.views rect");
  expect(await bars.count()).toBe(days.length);
  const heights = await bars.evaluateAll((rects) => rects.map((rect) => rect.getBoundingClientRect().height));
  const highest = Math.max(...days.map(([, views]) => views));
  heights.forEach((height, index) => expect(height / Math.max(...heights)).toBeCloseTo((days[index]?.[1] ?? 0) / highest, 1));

  const pageRows = await rowsOf(page, "Top pages");
  expect(pageRows.map(([label, ...numbers]) => [label, ...numbers.map(Number)])).toEqual(pages);
  expect(await page.locator("tfoot tr").textContent()).toBe(`${PAGES.length - pages.length} other pages${others.join("")}`);

  await page.getByText("Show as a table").click();
  await takePicture(page, "page");
  expect(conduct.complaints).toEqual([]);
  expect([...conduct.hosts], "it asks nobody but its server").toEqual([new URL(inject("endpoint")).host]);
  await context.close();
});

test("it keeps the key while its tab is open, and forgets it when told", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${inject("endpoint")}/#key=${queryKey}`);
  await page.getByRole("heading", { name: "Top pages" }).waitFor();
  await page.reload();
  await page.getByRole("heading", { name: "Top pages" }).waitFor();

  await page.getByRole("button", { name: "Forget the key" }).click();
  await page.getByLabel("Query key").waitFor();
  expect(await page.locator(".report").count()).toBe(0);
  expect(await context.storageState()).toEqual({ cookies: [], origins: [] });
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await context.close();
});

test("with a wrong key it says so and takes another", async () => {
  const context = await browser.newContext();
  const conduct = watch(context);
  const page = await context.newPage();
  await page.goto(`${inject("endpoint")}/#key=ak_wrong`);
  const problem = page.getByRole("alert");
  await problem.waitFor();
  expect(await problem.getByRole("heading").textContent()).toBe("The server does not accept this key");
  expect(await problem.textContent()).toContain("mistyped or cut off");
  expect(page.url()).not.toContain("ak_wrong");
  await takePicture(page, "wrong-key");

  await page.getByLabel("Query key").fill(queryKey);
  await page.getByRole("button", { name: "Use this key" }).click();
  await page.getByRole("heading", { name: "Top pages" }).waitFor();
  expect(conduct.complaints).toEqual([]);
  await context.close();
});

/** On 20 days, each with more or fewer visitors, who read different pages. */
function history(): EventInit[] {
  const days = Array.from({ length: 20 }, (_, index) => 20 - index);
  return days.flatMap((day) =>
    Array.from({ length: 3 + ((day * 7) % 11) }, (_, index) => {
      const visitor = index % (2 + (day % 4));
      return {
        eventId: crypto.randomUUID(),
        occurredAt: daysAgo(day, index * 2),
        kind: EventKind.VIEW,
        url: `https://shop.example${PAGES[(index * index + day) % PAGES.length]}`,
        client: { ipAddress: `192.0.2.${visitor + 1}`, userAgent: FIREFOX },
      };
    }),
  );
}

/** The same from the query API: numbers of the whole, by day, by page, and of the pages beyond the first ten. */
async function ask({ first, last }: { readonly first: string; readonly last: string }) {
  const dates = { startDate: first, endDate: new Date(Date.parse(last) + 86_400_000).toISOString().slice(0, 10) };
  const scope = { project: project.name, range: { range: { case: "dates", value: dates } } } as const;
  const [totals, trend, breakdown] = await Promise.all([
    project.query.queryTotals({ scope, totals: { metrics: [...VIEWS_AND_VISITORS, { kind: MetricKind.SESSIONS }] } }),
    project.query.queryTrend({ scope, trend: { metrics: VIEWS_AND_VISITORS, unit: TimeUnit.DAY } }),
    project.query.queryBreakdown({
      scope,
      breakdown: {
        metrics: VIEWS_AND_VISITORS,
        dimensions: [{ dimension: { case: "field", value: DimensionField.PAGE } }],
        limit: 10,
      },
    }),
  ]);
  return {
    total: totals.values.map(countOf),
    days: trend.points.map(({ bucket, values }) => {
      const start = bucket?.startTime && timestampDate(bucket.startTime).toISOString().slice(0, 10);
      return [start, ...values.map(countOf)] as [string, number, number];
    }),
    pages: breakdown.rows.map(({ dimensions, values }) => [dimensions[0]?.value.value, ...values.map(countOf)]),
    others: breakdown.others?.values.map(countOf) ?? [],
  };
}

function countOf({ value }: MetricValue): number {
  return Number(value.value);
}

/** The day of a label such as `Tue, 24 Nov 2026 (so far)`. */
function dateOf(label = ""): string {
  const [day] = /\d+ \p{L}+ \d{4}/u.exec(label) ?? [];
  return new Date(`${day} UTC`).toISOString().slice(0, 10);
}

async function takePicture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}
