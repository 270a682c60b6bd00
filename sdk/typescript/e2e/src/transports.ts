import type { Interceptor, Transport } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import { createGrpcWebTransport as createFetchTransport } from "@connectrpc/connect-web";
import { inject } from "vitest";

const DEADLINE_MS = 20_000;

/** The roads to the server, by name. Each opens one with a key, or without any. */
export const ROADS = {
  "gRPC over HTTP/2": (key) => createGrpcTransport(options(key)),
  "grpc-web over HTTP/1.1": (key) => createGrpcWebTransport({ ...options(key), httpVersion: "1.1" }),
  "grpc-web over HTTP/2": (key) => createGrpcWebTransport({ ...options(key), httpVersion: "2" }),
  "grpc-web over fetch": (key) => createFetchTransport(options(key)),
} satisfies Record<string, (key: string | undefined) => Transport>;

/** The name of a road. */
export type Road = keyof typeof ROADS;

/** The names of all roads. */
export const ROAD_NAMES = Object.keys(ROADS) as readonly Road[];

/** Those that browsers could take. */
export const WEB_ROAD_NAMES = ROAD_NAMES.filter((name) => name.startsWith("grpc-web"));

/** The road of programs. */
export function grpc(key: string): Transport {
  return ROADS["gRPC over HTTP/2"](key);
}

function options(key: string | undefined) {
  const withKey: Interceptor = (next) => (call) => {
    if (key !== undefined) call.header.set("authorization", `Bearer ${key}`);
    return next(call);
  };
  return { baseUrl: inject("endpoint"), interceptors: [withKey], defaultTimeoutMs: DEADLINE_MS };
}
