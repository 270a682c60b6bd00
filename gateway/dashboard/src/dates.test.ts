import { expect, test } from "vitest";

import { addDays, checkRange, dateIn, dayCount, daysUntil, isDate } from "./dates.js";

test("an instant falls on different days in different zones", () => {
  const instant = new Date("2026-03-01T03:30:00Z");
  expect(dateIn("UTC", instant)).toBe("2026-03-01");
  expect(dateIn("America/New_York", instant)).toBe("2026-02-28");
  expect(dateIn("Pacific/Kiritimati", new Date("2026-12-31T11:00:00Z"))).toBe("2027-01-01");
});

test("days are added across months, leap days and clock changes", () => {
  expect(addDays("2026-03-29", 1)).toBe("2026-03-30");
  expect(addDays("2024-02-28", 1)).toBe("2024-02-29");
  expect(addDays("2026-01-01", -1)).toBe("2025-12-31");
});

test("the last 30 days have 30 days, today among them", () => {
  const range = daysUntil("2026-11-24", 30);
  expect(range).toEqual({ first: "2026-10-26", last: "2026-11-24" });
  expect(dayCount(range)).toBe(30);
  expect(dayCount(daysUntil("2026-11-24", 1))).toBe(1);
});

test.each(["2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "", "2026-01-01T00:00:00Z"])("%j is no day", (text) => {
  expect(isDate(text)).toBe(false);
});

test("a range must be one", () => {
  expect(checkRange("2026-01-01", "2026-01-01")).toEqual({ first: "2026-01-01", last: "2026-01-01" });
  expect(checkRange("2026-01-02", "2026-01-01")).toEqual({ problem: expect.stringContaining("swap") });
  expect(checkRange("", "2026-01-01")).toEqual({ problem: expect.stringContaining("Choose") });
  expect(checkRange("1990-01-01", "2026-01-01")).toEqual({ problem: expect.stringContaining("shorter") });
});
