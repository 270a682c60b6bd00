// Pages of other origins: those that are allowed can call and read errors, others can do neither.
import { ApiKeyScope } from "@analytics/types";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";

import { DESKTOP_CHROME, giveCalls, startChromium } from "../src/browser.js";
import { readDetails } from "../src/details.js";
import { createProject, type TestProject } from "../src/project.js";
import { NOON_ZONE, NOW } from "../src/times.js";

describe("preflight", () => {
  const preflight = (origin: string) =>
    fetch(`${inject("endpoint")}/analytics.v1.IngestService/Track`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization,content-type,x-grpc-web",
      },
    });

  test("an allowed origin may send the key and what grpc-web needs", async () => {
    const { ok, headers } = await preflight(inject("allowedOrigin"));
    expect(ok).toBe(true);
    expect(headers.get("access-control-allow-origin")).toBe(inject("allowedOrigin"));
    expect(headers.get("access-control-allow-methods")?.split(",")).toContain("POST");
    expect(headers.get("access-control-allow-headers")?.split(",")).toEqual(
      expect.arrayContaining(["authorization", "content-type", "x-grpc-web"]),
    );
    expect(headers.has("access-control-allow-credentials"), "no cookies").toBe(false);
  });

  test.each(["foreign", "null"])("the origin %s gets no permission", async (origin) => {
    const { headers } = await preflight(origin === "foreign" ? inject("foreignOrigin") : origin);
    expect(headers.has("access-control-allow-origin")).toBe(false);
  });
});

describe("in a browser", () => {
  let project: TestProject;
  let browser: Browser;
  let context: BrowserContext;

  beforeAll(async () => {
    [project, browser] = await Promise.all([createProject("cors", NOON_ZONE), startChromium()]);
    context = await browser.newContext({ userAgent: DESKTOP_CHROME });
    await giveCalls(context);
  });

  afterAll(() => browser?.close());

  test("an allowed page sends events and reads errors whole", async () => {
    const key = await project.key(ApiKeyScope.INGEST);
    const { answer } = await trackFrom(inject("allowedOrigin"), key);
    expect(answer).toMatchObject({ counts: { stored: "1" } });

    const { error } = await trackFrom(inject("allowedOrigin"), "");
    expect(error?.code).toBe("Unauthenticated");
    expect(error?.message).toContain("API key");
    const details = error?.details.map(({ type, bytes }) => ({ type, value: Uint8Array.from(bytes) }));
    expect(readDetails(details ?? [])).toEqual({
      ErrorInfo: { reason: expect.stringMatching(/^ERROR_REASON_KEY_/), domain: "analytics.v1" },
    });
  });

  test("another page does not get through, though its key is right", async () => {
    const key = await project.key(ApiKeyScope.INGEST);
    const outcome = await trackFrom(inject("foreignOrigin"), key);
    expect(outcome).toEqual({ error: { code: "Unknown", message: "Failed to fetch", details: [] } });
  });

  async function trackFrom(origin: string, key: string) {
    const page = await context.newPage();
    await page.goto(origin);
    const request = {
      project: project.name,
      ackLevel: "ACK_LEVEL_COMMITTED",
      events: [{ eventId: crypto.randomUUID(), occurredAt: NOW.toISOString(), kind: "EVENT_KIND_VIEW", url: origin }],
    };
    const outcome = await page.evaluate(
      ({ endpoint, key, request }) => trackFromPage(endpoint, key, request),
      { endpoint: inject("endpoint"), key, request },
    );
    await page.close();
    return outcome;
  }
});
