// Bundled and put into pages: what the script of a site would do.
import { fromJson, toJson, type JsonValue } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { IngestService, TrackRequestSchema, TrackResponseSchema } from "@analytics/types";

/** How a call ended, in a form that crosses from the page to the test. */
export interface Outcome {
  /** The answer as proto3 JSON. */
  readonly answer?: JsonValue;
  readonly error?: {
    /** The name of the status code. */
    readonly code: string;
    readonly message: string;
    readonly details: readonly { readonly type: string; readonly bytes: readonly number[] }[];
  };
}

/** Sends events, given as proto3 JSON of a `TrackRequest`. */
async function track(endpoint: string, key: string, request: JsonValue): Promise<Outcome> {
  const ingest = createClient(IngestService, createGrpcWebTransport({ baseUrl: endpoint }));
  const headers = { authorization: `Bearer ${key}` };
  try {
    const answer = await ingest.track(fromJson(TrackRequestSchema, request), { headers });
    return { answer: toJson(TrackResponseSchema, answer) };
  } catch (error) {
    const { code, rawMessage, details } = ConnectError.from(error);
    const received = details.filter((detail) => "type" in detail);
    return {
      error: {
        code: Code[code],
        message: rawMessage,
        details: received.map(({ type, value }) => ({ type, bytes: [...value] })),
      },
    };
  }
}

declare global {
  /** See {@link track}. */
  var trackFromPage: typeof track;
}

globalThis.trackFromPage = track;
