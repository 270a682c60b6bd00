import { create } from "@bufbuild/protobuf";
import { MetricValueSchema } from "@analytics/types";
import { expect, test } from "vitest";

import * as format from "./format.js";

test("counts and rates are numbers, and absent ones are not zero", () => {
  const count = create(MetricValueSchema, { value: { case: "count", value: 12n } });
  const rate = create(MetricValueSchema, { value: { case: "number", value: 0 } });
  expect(format.numberOf(count)).toBe(12);
  expect(format.numberOf(rate)).toBe(0);
  expect(format.numberOf(create(MetricValueSchema))).toBeUndefined();
  expect(format.numberOf(undefined)).toBeUndefined();
  expect(format.formatFraction(undefined)).toBe(format.ABSENT);
});

test("numbers are written for people", () => {
  expect(format.formatCount(1234567)).toBe("1,234,567");
  expect(format.formatCompact(12_345)).toBe("12.3K");
  expect(format.formatFraction(0.4127)).toBe("41.3%");
});

test.each([
  [0, "0s"],
  [59_499, "59s"],
  [59_500, "1m 0s"],
  [192_000, "3m 12s"],
  [3_600_000, "1h 0m"],
  [undefined, "–"],
])("%s ms is %s", (durationMs, text) => {
  expect(format.formatDuration(durationMs)).toBe(text);
});

test("dates and instants", () => {
  expect(format.formatDate("2026-11-24", "short")).toBe("24 Nov");
  expect(format.formatDate("2026-11-24", "long")).toBe("Tue, 24 Nov 2026");
  expect(format.formatInstant(new Date("2026-11-24T10:20:00Z"), "Europe/Berlin")).toBe("24 Nov 2026, 11:20");
});
