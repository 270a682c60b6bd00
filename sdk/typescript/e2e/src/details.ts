import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { createFileRegistry, fromBinary, toJson, type FileRegistry, type JsonValue } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** A detail of an error, as it travels. */
export interface Detail {
  readonly type: string;
  readonly value: Uint8Array;
}

/** The details of an error as proto3 JSON, by the names of their messages without the package. */
export function readDetails(details: readonly (Detail | object)[]): Record<string, JsonValue> {
  return Object.fromEntries(details.filter((detail) => "type" in detail).map(readDetail));
}

function readDetail({ type, value }: Detail): [string, JsonValue] {
  const schema = messages().getMessage(type);
  if (!schema) throw new Error(`no message ${type} in google.rpc`);
  return [schema.name, toJson(schema, fromBinary(schema, value))];
}

let registry: FileRegistry | undefined;

/** What the contract says of `google.rpc`, read when it is needed: no generated code to keep fresh. */
function messages(): FileRegistry {
  const root = fileURLToPath(new URL("../../../..", import.meta.url));
  return (registry ??= createFileRegistry(
    fromBinary(
      FileDescriptorSetSchema,
      execFileSync("node_modules/.bin/buf", ["build", "--path", "proto/google/rpc", "-o", "-#format=binpb"], { cwd: root }),
    ),
  ));
}
