/** Calendar days as `YYYY-MM-DD`, in the project's zone. As text they sort, and no clock change can move them. */
export type IsoDate = string;

/** Days from the first to the last, both included: how people name ranges. The contract's ranges exclude their end. */
export interface DateRange {
  readonly first: IsoDate;
  readonly last: IsoDate;
}

/** More days than this are not asked for at once. */
export const MAX_DAYS = 3660;

const DAY_MS = 86_400_000;

/** The day that an instant falls on in a zone. */
export function dateIn(zone: string, instant: Date): IsoDate {
  const parts = new Intl.DateTimeFormat("en", {
    timeZone: zone,
    calendar: "gregory",
    numberingSystem: "latn",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(instant);
  const part = (type: string) => parts.find((candidate) => candidate.type === type)?.value ?? "";
  return `${part("year").padStart(4, "0")}-${part("month")}-${part("day")}`;
}

/** The day so many days later; earlier when negative. */
export function addDays(date: IsoDate, days: number): IsoDate {
  return new Date(epochMs(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** How many days a range has. */
export function dayCount({ first, last }: DateRange): number {
  return (epochMs(last) - epochMs(first)) / DAY_MS + 1;
}

/** The so many days that end with this one. */
export function daysUntil(last: IsoDate, days: number): DateRange {
  return { first: addDays(last, 1 - days), last };
}

/** Whether the text is a day of the calendar. */
export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(epochMs(text)) && addDays(text, 0) === text;
}

/** A range that can be asked for, or what is wrong with it. */
export function checkRange(first: string, last: string): DateRange | { readonly problem: string } {
  if (!isDate(first) || !isDate(last)) return { problem: "Choose a first and a last day." };
  if (first > last) return { problem: "The first day lies after the last: swap them." };
  if (dayCount({ first, last }) > MAX_DAYS) return { problem: "That is more than ten years: choose a shorter range." };
  return { first, last };
}

function epochMs(date: IsoDate): number {
  return Date.parse(`${date}T00:00:00Z`);
}
