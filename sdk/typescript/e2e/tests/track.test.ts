// `/track`: what pages of any origin, mail and programs without gRPC send, as it arrives in reports.
import { request as httpRequest } from "node:http";

import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { createClient } from "@connectrpc/connect";
import { AdminService, ApiKeyScope, DimensionField, MetricKind } from "@analytics/types";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { DESKTOP_CHROME, startChromium } from "../src/browser.js";
import { createProject, type TestProject } from "../src/project.js";
import { NOON_ZONE, NOW } from "../src/times.js";
import { grpc } from "../src/transports.js";

const HOUR_MS = 3_600_000;
const MIB = 1024 * 1024;

let project: TestProject;
let browser: Browser;
let endpoint: string;

beforeAll(async () => {
  [project, browser] = await Promise.all([createProject("track", NOON_ZONE), startChromium()]);
  endpoint = `${inject("endpoint")}/track?key=${await project.key(ApiKeyScope.INGEST)}`;
});

afterAll(() => browser?.close());

function view(path: string) {
  return {
    eventId: crypto.randomUUID(),
    occurredAt: NOW.toISOString(),
    kind: "EVENT_KIND_VIEW",
    url: `https://shop.example${path}`,
  };
}

test("a page of any origin sends by fetch, by a beacon and by an image, as one visitor", async () => {
  const context = await browser.newContext({ userAgent: DESKTOP_CHROME });
  const page = await context.newPage();
  const preflights: string[] = [];
  page.on("request", (request) => request.method() === "OPTIONS" && preflights.push(request.url()));
  await page.goto(inject("foreignOrigin"));
  const sent = await page.evaluate(
    async ({ endpoint, fetched, beacon }) => {
      // Text, so that the browser does not ask before.
      const response = await fetch(endpoint, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "text/plain" },
        body: JSON.stringify({ events: [fetched], ackLevel: "ACK_LEVEL_COMMITTED" }),
      });
      const image = new Image();
      image.src = `${endpoint}&url=${encodeURIComponent("https://shop.example/image")}&prop.place=footer`;
      await image.decode();
      return {
        status: response.status,
        answer: await response.json(),
        queued: navigator.sendBeacon(endpoint, JSON.stringify(beacon)),
        width: image.naturalWidth,
      };
    },
    { endpoint, fetched: view("/fetched"), beacon: view("/beacon") },
  );
  expect(sent).toEqual({
    status: 202,
    answer: { verdicts: [{ verdict: "VERDICT_STORED" }], counts: { stored: "1" } },
    queued: true,
    width: 1,
  });
  await expect.poll(viewsByPage, { timeout: 30_000 }).toEqual({ "/beacon": 1, "/fetched": 1, "/image": 1 });
  expect(await visitors()).toBe(1);
  expect(preflights).toEqual([]);
  await context.close();
});

test("a page may send its key in a header, and reads why it is refused", async () => {
  const context = await browser.newContext({ userAgent: DESKTOP_CHROME });
  const page = await context.newPage();
  await page.goto(inject("foreignOrigin"));
  const refused = await page.evaluate(
    async ({ endpoint, event }) => {
      const response = await fetch(endpoint, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: "Bearer ak_nonsense" },
        body: JSON.stringify([event]),
      });
      return { status: response.status, answer: await response.json() };
    },
    { endpoint: `${inject("endpoint")}/track`, event: view("/refused") },
  );
  expect(refused).toMatchObject({ status: 401, answer: { error: { reason: "ERROR_REASON_KEY_UNKNOWN" } } });
  await context.close();
});

test("one batch has a verdict for each event", async () => {
  const { eventId: _, ...withoutId } = view("/");
  const response = await fetch(endpoint, {
    method: "POST",
    headers: { "user-agent": DESKTOP_CHROME },
    body: JSON.stringify([view("/program"), withoutId, { ...view("/"), kind: "EVENT_KIND_NONE" }]),
  });
  expect(response.status).toBe(202);
  const { verdicts } = (await response.json()) as { verdicts: { verdict: string; field?: string }[] };
  expect(verdicts.map(({ verdict, field }) => [verdict, field])).toEqual([
    [expect.stringMatching(/VERDICT_(ACCEPTED|STORED)/), undefined],
    ["VERDICT_REJECTED", "event_id"],
    ["VERDICT_REJECTED", "kind"],
  ]);
});

test("a key is good for the pages that it names, whatever sends from them", async () => {
  const admin = createClient(AdminService, grpc(inject("adminKey")));
  const origins = ["https://shop.example"];
  const { secret } = await admin.createApiKey({ project: project.name, scopes: [ApiKeyScope.INGEST], origins });
  const url = `${inject("endpoint")}/track?key=${secret}`;
  const post = (origin: string) => fetch(url, { method: "POST", headers: { origin }, body: JSON.stringify(view("/")) });
  const image = (referer: string) => fetch(url, { headers: { referer } });
  expect((await post("https://shop.example")).status).toBe(202);
  expect((await image("https://shop.example/cart")).status).toBe(200);
  for (const origin of ["null", "https://shop.example.evil.test", "http://shop.example", "https://shop.example:8443"]) {
    const refused = await post(origin);
    expect([origin, refused.status]).toEqual([origin, 403]);
    expect(await refused.json()).toMatchObject({ error: { reason: "ERROR_REASON_ORIGIN_NOT_ALLOWED" } });
  }
  const elsewhere = await image("https://shop.example.evil.test/cart");
  expect([elsewhere.status, elsewhere.headers.get("content-type")]).toEqual([403, "image/gif"]);
});

describe("a request that is refused before it was read", () => {
  test.each([
    ["grpc-web", "/analytics.v1.IngestService/Track", "application/grpc-web+proto", 200],
    ["JSON", "/track", "application/json", 413],
  ])("tells a client why that still writes %s", async (_, path, contentType, status) => {
    const answer = await post(path, contentType, frame(4 * MIB + MIB / 8));
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.headers["grpc-status"]).toBe("3");
    else expect(JSON.parse(answer.body)).toMatchObject({ error: { reason: "ERROR_REASON_MESSAGE_TOO_LARGE" } });
  });

  function frame(size: number): Buffer {
    const message = Buffer.alloc(size + 5);
    message.writeUInt32BE(size, 1);
    return message;
  }

  function post(path: string, contentType: string, body: Buffer) {
    return new Promise<{ status: number; headers: Record<string, unknown>; body: string }>((resolve, reject) => {
      const request = httpRequest(`${inject("endpoint")}${path}`, {
        method: "POST",
        headers: { "content-type": contentType, "content-length": body.length },
      });
      request.once("error", reject);
      request.once("response", (response) => {
        let text = "";
        response.on("data", (chunk) => (text += chunk));
        response.once("error", reject);
        response.once("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
      });
      request.end(body);
    });
  }
});

function scope() {
  const startTime = timestampFromMs(NOW.getTime() - HOUR_MS);
  const endTime = timestampFromMs(NOW.getTime() + HOUR_MS);
  return { project: project.name, range: { range: { case: "interval" as const, value: { startTime, endTime } } } };
}

async function viewsByPage(): Promise<Record<string, number>> {
  const { rows } = await project.query.queryBreakdown({
    scope: scope(),
    breakdown: {
      metrics: [{ kind: MetricKind.VIEWS }],
      dimensions: [{ dimension: { case: "field", value: DimensionField.PAGE } }],
    },
  });
  return Object.fromEntries(
    rows.map(({ dimensions, values }) => [dimensions[0]?.value.value, Number(values[0]?.value.value)]),
  );
}

async function visitors(): Promise<number> {
  const { values } = await project.query.queryTotals({ scope: scope(), totals: { metrics: [{ kind: MetricKind.VISITORS }] } });
  return Number(values[0]?.value.value);
}
