import { randomUUID } from "node:crypto";

import { create } from "@bufbuild/protobuf";
import { timestampDate, timestampFromMs } from "@bufbuild/protobuf/wkt";
import { AckLevel, EventKind, EventSchema, Verdict } from "@analytics/types";

import { table } from "./table.js";

/**
 * @typedef {import("@bufbuild/protobuf").MessageInitShape<typeof import("@analytics/types").EventSchema>} EventInit
 * @typedef {import("@connectrpc/connect").Client<typeof import("@analytics/types").IngestService>} IngestClient
 */

const MINUTE_MS = 60_000;

/**
 * Sends the visits of the three hours that begin then, and prints what became of each event.
 *
 * @param {IngestClient} ingest
 * @param {string} project
 * @param {Date} start
 */
export async function sendVisits(ingest, project, start) {
  const events = visits(start).map((event) => create(EventSchema, event));
  // The ids are made by now: if this call failed half-way, the same request could be sent again and nothing would count twice.
  const { verdicts, counts } = await ingest.track({
    project,
    events,
    // Waits until queries see the events. Without it the answer comes as soon as they are durable.
    ackLevel: AckLevel.COMMITTED,
  });
  const rows = verdicts.map(({ verdict, field, description }, index) => [
    label(events[index]),
    Verdict[verdict],
    field && `${field}: ${description}`,
  ]);
  console.log(`Sent ${events.length} events to ${project}: ${counts?.stored} stored, ${counts?.rejected} rejected\n`);
  console.log(table(["event", "verdict", "why"], rows));
}

/** The person behind a request, as a web server knows it: used to tell visitors apart, and then forgotten. */
const ada = { ipAddress: "192.0.2.10", userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" };
const bob = {
  ipAddress: "198.51.100.7",
  userAgent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
};

/**
 * @param {Date} start
 * @returns {EventInit[]}
 */
function visits(start) {
  /** @param {number} minutes */
  const event = (minutes) => ({
    eventId: randomUUID(),
    occurredAt: timestampFromMs(start.getTime() + minutes * MINUTE_MS),
  });
  /** @param {number} minutes @param {string} page */
  const view = (minutes, page) => ({ ...event(minutes), kind: EventKind.VIEW, url: `https://shop.example${page}` });
  return [
    { ...view(0, "/"), referrer: "https://www.example.org/", client: ada },
    { ...view(2, "/pricing"), client: ada },

    // After half an hour without an event the next one begins another session.
    { ...view(60, "/pricing"), client: bob },
    { ...view(80, "/blog/hello"), client: ada },

    { ...view(120, "/"), client: ada },
    { ...view(121, "/pricing"), client: ada },
    {
      ...event(124),
      kind: EventKind.CONVERSION,
      name: "order",
      url: "https://shop.example/checkout",
      value: { currencyCode: "EUR", amountMicros: 49_000_000n },
      properties: { plan: { value: { case: "stringValue", value: "pro" } } },
      client: ada,
    },
    { ...view(130, "/blog/hello"), client: bob },

    // Wrong on purpose: a custom event needs a name. The others are stored all the same.
    { ...event(131), kind: EventKind.CUSTOM, client: bob },
  ];
}

/** @param {import("@analytics/types").Event | undefined} event */
function label(event) {
  if (!event?.occurredAt) return "";
  const time = timestampDate(event.occurredAt).toISOString().slice(0, 16);
  const page = event.url && new URL(event.url).pathname;
  return [time, EventKind[event.kind]?.toLowerCase(), event.name, page].filter(Boolean).join(" ");
}
