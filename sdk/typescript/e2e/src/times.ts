import { timestampFromMs, type Timestamp } from "@bufbuild/protobuf/wkt";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The clock, read once in each test file. */
export const NOW = new Date();

/** A zone in which the clock shows noon, more or less: nothing that happens within hours of now meets the end of a day. */
export const NOON_ZONE = fixedZone(12 - NOW.getUTCHours());

/** An instant of the UTC day so many days before this one. */
export function daysAgo(days: number, minutesAfterNoon: number): Timestamp {
  const noon = Math.floor(NOW.getTime() / DAY_MS) * DAY_MS + DAY_MS / 2;
  return timestampFromMs(noon - days * DAY_MS + minutesAfterNoon * MINUTE_MS);
}

/** The zone that is so many hours ahead of UTC. Its name has the opposite sign: that is how POSIX counts. */
function fixedZone(hoursAhead: number): string {
  return `Etc/GMT${hoursAhead > 0 ? "-" : "+"}${Math.abs(hoursAhead)}`;
}
