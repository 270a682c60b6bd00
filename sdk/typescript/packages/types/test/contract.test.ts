import { readdirSync } from "node:fs";

import { create, fromBinary, fromJson, toBinary, toJson } from "@bufbuild/protobuf";
import { timestampFromMs } from "@bufbuild/protobuf/wkt";
import { expect, test } from "vitest";

import * as types from "../src/index.js";

const generated = new URL("../src/gen/analytics/v1/", import.meta.url);

test("the index exports everything that is generated", async () => {
  const files = readdirSync(generated);
  expect(files).toContain("event_pb.ts");
  for (const file of files) {
    const module: object = await import(new URL(file, generated).href);
    expect(types, file).toEqual(expect.objectContaining(module));
  }
});

test("no client carries the rules of the contract", () => {
  const imports = types.file_analytics_v1_event.proto.dependency;
  expect(imports).toEqual(["google/protobuf/timestamp.proto"]);
  const field = types.EventSchema.fields.find(({ name }) => name === "event_id");
  expect(field?.proto.options).toBeUndefined();
});

test("services name their methods as the contract does", () => {
  expect(types.IngestService.typeName).toBe("analytics.v1.IngestService");
  expect(Object.keys(types.QueryService.method)).toEqual(["queryTotals", "queryTrend", "queryBreakdown"]);
});

test("a message is the same after binary and after JSON", () => {
  const event = create(types.EventSchema, {
    eventId: "0197e2a8-5c00-7000-8000-000000000001",
    occurredAt: timestampFromMs(1_431_849_903_250),
    kind: types.EventKind.VIEW,
    sequence: 9_007_199_254_740_993n,
    properties: { plan: { value: { case: "stringValue", value: "pro" } } },
  });
  expect(fromBinary(types.EventSchema, toBinary(types.EventSchema, event))).toEqual(event);

  const json = toJson(types.EventSchema, event);
  expect(json).toEqual({
    eventId: "0197e2a8-5c00-7000-8000-000000000001",
    occurredAt: "2015-05-17T08:05:03.250Z",
    kind: "EVENT_KIND_VIEW",
    sequence: "9007199254740993",
    properties: { plan: { stringValue: "pro" } },
  });
  expect(fromJson(types.EventSchema, json)).toEqual(event);
});
