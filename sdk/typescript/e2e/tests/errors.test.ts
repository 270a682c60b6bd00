// Errors that come before any message travel in headers over grpc-web: code, message and details must all arrive.
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { ApiKeyScope, IngestService, MetricKind, QueryService } from "@analytics/types";
import { beforeAll, describe, expect, test } from "vitest";

import { readDetails } from "../src/details.js";
import { createProject, type TestProject } from "../src/project.js";
import { ROADS, WEB_ROAD_NAMES } from "../src/transports.js";

const RANGE = { range: { case: "dates", value: { startDate: "2026-11-01", endDate: "2026-11-02" } } } as const;

let project: TestProject;
let queryKey: string;

beforeAll(async () => {
  project = await createProject("errors", "UTC");
  queryKey = await project.key(ApiKeyScope.QUERY);
});

describe.each(WEB_ROAD_NAMES)("%s", (road) => {
  const totals = (key: string | undefined, of: string, metrics = [{ kind: MetricKind.VIEWS }]) => {
    const query = createClient(QueryService, ROADS[road](key));
    return failure(query.queryTotals({ scope: { project: of, range: RANGE }, totals: { metrics } }));
  };

  test("no key", async () => {
    expect(await totals(undefined, project.name)).toEqual({
      code: Code.Unauthenticated,
      message: expect.stringContaining("authorization: Bearer KEY"),
      details: { ErrorInfo: { reason: "ERROR_REASON_KEY_MISSING", domain: "analytics.v1" } },
    });
  });

  test("a key that may not do this", async () => {
    const ingest = createClient(IngestService, ROADS[road](queryKey));
    expect(await failure(ingest.track({ project: project.name, events: [{}] }))).toEqual({
      code: Code.PermissionDenied,
      message: expect.stringContaining("scope `ingest`"),
      details: {
        ErrorInfo: {
          reason: "ERROR_REASON_SCOPE_MISSING",
          domain: "analytics.v1",
          metadata: { required_scope: expect.stringContaining("ingest") },
        },
      },
    });
  });

  test("a missing project", async () => {
    expect(await totals(queryKey, "projects/nowhere")).toEqual({
      code: Code.NotFound,
      message: expect.stringContaining("`projects/nowhere`"),
      details: { ErrorInfo: expect.objectContaining({ reason: "ERROR_REASON_PROJECT_NOT_FOUND", domain: "analytics.v1" }) },
    });
  });

  test("fields that break rules, each by its path", async () => {
    expect(await totals(queryKey, "über", [])).toEqual({
      code: Code.InvalidArgument,
      message: expect.stringContaining("scope.project"),
      details: {
        ErrorInfo: expect.objectContaining({ reason: "ERROR_REASON_INVALID_FIELD", domain: "analytics.v1" }),
        BadRequest: {
          fieldViolations: [
            { field: "scope.project", description: expect.stringContaining("projects/") },
            { field: "totals.metrics", description: expect.stringContaining("1") },
          ],
        },
      },
    });
  });

  test("text beyond ASCII in a message", async () => {
    const query = createClient(QueryService, ROADS[road](queryKey));
    const scope = { project: project.name, range: RANGE, timeZone: "Zürich" };
    const { message } = await failure(query.queryTotals({ scope, totals: { metrics: [{ kind: MetricKind.VIEWS }] } }));
    expect(message).toContain("`Zürich` is no time zone");
  });
});

/** What a call fails with. */
async function failure(call: Promise<unknown>) {
  const error = await call.then(
    () => expect.fail("the call succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof ConnectError)) throw error;
  return { code: error.code, message: error.rawMessage, details: readDetails(error.details) };
}
