import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { requiredPath } from "./environment.js";

/** Longer than the server's own deadline for a drain. */
const STOP_DEADLINE_MS = 30_000;

/** `analytics serve`, on free ports, over directories that go when it stops. */
export class Server {
  private constructor(
    private readonly process: ChildProcess,
    private readonly directories: readonly string[],
    /** Such as `http://127.0.0.1:41234`. */
    readonly endpoint: string,
    /** A key that may do everything. */
    readonly adminKey: string,
  ) {}

  /** Starts a server that never ran before, and waits until it is ready. */
  static async start({ allowedOrigins }: { readonly allowedOrigins: readonly string[] }): Promise<Server> {
    const binary = requiredPath("ANALYTICS_BIN", "the path of the server's binary, such as target/debug/analytics");
    const home = mkdtempSync(join(tmpdir(), "analytics-e2e-"));
    // Salts must be in memory.
    const memory = mkdtempSync("/dev/shm/analytics-e2e-");
    const dataDir = join(home, "data");
    const process = spawn(
      binary,
      [
        ...["serve", "--listen", "127.0.0.1:0", "--management-listen", "127.0.0.1:0", "--log-format", "json"],
        ...["--data-dir", dataDir, "--set", `ephemeral_dir=${join(memory, "salts")}`],
        ...["--set", `allowed_origins=${allowedOrigins.join(",")}`],
      ],
      { env: withoutSettings(), stdio: ["ignore", "ignore", "pipe"] },
    );
    endWithThisProcess(process);
    try {
      const address = await whenReady(process);
      const adminKey = readFileSync(join(dataDir, "admin-key"), "utf8").trim();
      return new Server(process, [home, memory], `http://${address}`, adminKey);
    } catch (error) {
      process.kill("SIGKILL");
      remove([home, memory]);
      throw error;
    }
  }

  /** Stops it as an operator would, and fails unless it ends by itself and well. */
  async stop(): Promise<void> {
    const ended = this.process.exitCode === null ? once(this.process, "exit") : [];
    this.process.kill("SIGTERM");
    const hanging = setTimeout(() => this.process.kill("SIGKILL"), STOP_DEADLINE_MS);
    await ended;
    clearTimeout(hanging);
    remove(this.directories);
    if (this.process.exitCode !== 0) {
      throw new Error(`the server ended with ${this.process.exitCode ?? this.process.signalCode}`);
    }
  }
}

function remove(directories: readonly string[]): void {
  for (const directory of directories) rmSync(directory, { recursive: true, force: true });
}

/** The environment without what the server would read as its settings. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("ANALYTICS_")));
}

/** Whatever ends the tests ends the server, too. */
function endWithThisProcess(server: ChildProcess): void {
  const end = () => server.kill("SIGKILL");
  process.once("exit", end);
  server.once("exit", () => process.off("exit", end));
}

/** The address of the log line that tells that the server is ready. Rejects with the log when it ends before. */
function whenReady(server: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error("the server cannot be started", { cause: error })));
    let said = "";
    // Reads on to the end, so that the server never waits for its log to be read.
    const lines = createInterface(server.stderr);
    lines.on("line", (line) => {
      said += `${line}\n`;
      const entry = parse(line);
      if (entry?.message === "ready" && entry.address) resolve(entry.address);
    });
    lines.once("close", () => reject(new Error(`the server did not become ready:\n${said}`)));
  });
}

function parse(line: string): { readonly message?: string; readonly address?: string } | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
