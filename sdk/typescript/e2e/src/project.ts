import { randomUUID } from "node:crypto";

import type { MessageInitShape } from "@bufbuild/protobuf";
import { createClient, type Client } from "@connectrpc/connect";
import {
  AckLevel,
  AdminService,
  ApiKeyScope,
  ImportService,
  IngestService,
  QueryService,
  type EventSchema,
} from "@analytics/types";
import { expect, inject } from "vitest";

import { grpc } from "./transports.js";

/** What an event is made of. */
export type EventInit = MessageInitShape<typeof EventSchema>;

/** A project of one test file. */
export interface TestProject {
  readonly id: string;
  /** `projects/` and its id. */
  readonly name: string;
  /** Asks with a key of the scope `query`. */
  readonly query: Client<typeof QueryService>;
  /** A new key of the project. */
  key(...scopes: readonly ApiKeyScope[]): Promise<string>;
  /** Imports history, in order of time, and waits until queries see all of it. */
  importHistory(events: readonly EventInit[]): Promise<void>;
}

/** Creates a project whose name begins so. Its days are those of the zone. */
export async function createProject(prefix: string, timeZone: string): Promise<TestProject> {
  const id = `${prefix}-${randomUUID().slice(0, 8)}`;
  const name = `projects/${id}`;
  const admin = createClient(AdminService, grpc(inject("adminKey")));
  await admin.createProject({ projectId: id, timeZone });
  const key = async (...scopes: readonly ApiKeyScope[]) =>
    (await admin.createApiKey({ project: name, scopes: [...scopes] })).secret;

  return {
    id,
    name,
    key,
    query: createClient(QueryService, grpc(await key(ApiKeyScope.QUERY))),
    importHistory: async (events) => importHistory(name, await key(ApiKeyScope.IMPORT), events),
  };
}

async function importHistory(project: string, key: string, events: readonly EventInit[]): Promise<void> {
  const imports = createClient(ImportService, grpc(key));
  const ingest = createClient(IngestService, grpc(key));
  const { import: running } = await imports.createImport({ parent: project, importId: "history" });
  const name = running?.name ?? "";
  const { counts, commitUnknown } = await ingest.track({
    project,
    import: name,
    events: [...events],
    ackLevel: AckLevel.COMMITTED,
  });
  expect([counts?.stored, commitUnknown]).toEqual([BigInt(events.length), false]);
  await imports.finishImport({ name });
}
