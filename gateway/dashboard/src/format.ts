import type { MetricValue } from "@analytics/types";

import type { IsoDate } from "./dates.js";

const LOCALE = "en";
/** What stands where a number is absent, as a rate without a denominator is. */
export const ABSENT = "–";

const countFormat = new Intl.NumberFormat(LOCALE);
const compactFormat = new Intl.NumberFormat(LOCALE, { notation: "compact", maximumFractionDigits: 1 });
const percentFormat = new Intl.NumberFormat(LOCALE, { style: "percent", minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The number of a value. Undefined when it is absent. */
export function numberOf(value: MetricValue | undefined): number | undefined {
  switch (value?.value.case) {
    case "count":
      return Number(value.value.value);
    case "number":
      return value.value.value;
    default:
      return undefined;
  }
}

/** `12,345`. */
export function formatCount(count: number | bigint | undefined): string {
  return count === undefined ? ABSENT : countFormat.format(count);
}

/** `12.3K`, for axes. */
export function formatCompact(count: number): string {
  return compactFormat.format(count);
}

/** `41.3%` of a fraction. */
export function formatFraction(fraction: number | undefined): string {
  return fraction === undefined ? ABSENT : percentFormat.format(fraction);
}

/** `3m 12s` of milliseconds. */
export function formatDuration(durationMs: number | undefined): string {
  if (durationMs === undefined) return ABSENT;
  const seconds = Math.round(durationMs / 1000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m ${seconds % 60}s`;
  return `${Math.floor(minutes / 60)}h ${minutes % 60}m`;
}

/** `24 Nov`, or `Tue, 24 Nov 2026`. */
export function formatDate(date: IsoDate, style: "short" | "long"): string {
  const [weekday, day, month, year] = dateParts(date);
  return style === "short" ? `${day} ${month}` : `${weekday}, ${day} ${month} ${year}`;
}

/** `24 Nov 2026, 11:20` of an instant in a zone. */
export function formatInstant(instant: Date, zone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, dateStyle: "medium", timeStyle: "short" }).format(instant);
}

function dateParts(date: IsoDate): readonly string[] {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: "UTC",
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
  }).formatToParts(new Date(`${date}T00:00:00Z`));
  return ["weekday", "day", "month", "year"].map((type) => parts.find((part) => part.type === type)?.value ?? "");
}
