import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import postgres from "postgres";

import { required } from "./environment.js";
import type { Platform, PlatformOptions } from "./platform.js";
import { run, ServerProcess, setFlags, type Settings } from "./process.js";

/** Starts one process of each role over TimescaleDB and Redis, with a database and names of keys of its own. */
export async function startServices({ allowedOrigins }: PlatformOptions): Promise<Platform> {
  const database = await createDatabase();
  const home = mkdtempSync(join(tmpdir(), "analytics-e2e-"));
  const started: ServerProcess[] = [];
  const stop = async () => {
    // The gateway first, so that nothing new comes while the others finish.
    for (const server of started.reverse()) await server.stop();
  };
  const remove = async () => {
    rmSync(home, { recursive: true, force: true });
    await database.drop();
  };
  const start = async (role: string, settings: Settings) => {
    const server = await ServerProcess.start(role, settings);
    started.push(server);
    return server.url;
  };
  try {
    const settings = {
      database_url: database.url,
      redis_url: required("REDIS_URL", "the address of a Redis that loses nothing"),
      ephemeral_redis_url: required("EPHEMERAL_REDIS_URL", "the address of a Redis that keeps nothing"),
      redis_prefix: database.name,
      secret_file: join(home, "secret"),
      // The gateway.
      trusted_proxies: "127.0.0.1",
    };
    writeFileSync(settings.secret_file, randomBytes(32).toString("hex"));
    const keyFile = join(home, "admin-key");
    await run("setup", "--admin-key-file", keyFile, ...setFlags({ database_url: database.url }));

    const [collector, query] = await Promise.all([
      start("collector", settings),
      start("query", settings),
      start("processor", settings),
    ]);
    const endpoint = await start("gateway", {
      collector_urls: collector,
      query_urls: query,
      allowed_origins: allowedOrigins.join(","),
    });
    return { endpoint, adminKey: readFileSync(keyFile, "utf8").trim(), stop: () => stop().finally(remove) };
  } catch (error) {
    await Promise.allSettled([stop()]);
    await remove();
    throw error;
  }
}

interface Database {
  readonly name: string;
  readonly url: string;
  drop(): Promise<void>;
}

/** Creates an empty database on the server of `DATABASE_URL`. */
async function createDatabase(): Promise<Database> {
  const server = required("DATABASE_URL", "the address of a TimescaleDB in which databases may be created");
  const execute = async (statement: string) => {
    const connection = postgres(server, { max: 1, onnotice: () => {} });
    await connection.unsafe(statement);
    await connection.end();
  };
  const name = `analytics_e2e_${randomBytes(6).toString("hex")}`;
  await execute(`CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = name;
  return { name, url: url.href, drop: () => execute(`DROP DATABASE ${name} WITH (FORCE)`) };
}
