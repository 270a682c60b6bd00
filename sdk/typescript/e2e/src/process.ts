import { spawn, type ChildProcess, type ChildProcessByStdio } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";

import { required } from "./environment.js";

/** Longer than a server's own deadline for a drain. */
const STOP_DEADLINE_MS = 30_000;

/** Settings of the server, by their names. */
export type Settings = Readonly<Record<string, string>>;

/** The log line by which a server tells that it is ready. */
interface Ready {
  readonly message?: string;
  /** Where clients reach it. A processor has none. */
  readonly address?: string;
}

/** A server of the binary, on free ports. */
export class ServerProcess {
  private constructor(
    private readonly process: ChildProcess,
    /** Such as `http://127.0.0.1:41234`. */
    readonly url: string,
  ) {}

  /** Starts a role and waits until it is ready. */
  static async start(role: string, settings: Settings): Promise<ServerProcess> {
    const server = spawn(binary(), [role, ...flags(role, settings)], {
      env: withoutSettings(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    endWithThisProcess(server);
    try {
      const { address } = await whenReady(server, role);
      return new ServerProcess(server, `http://${address}`);
    } catch (error) {
      server.kill("SIGKILL");
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
    if (this.process.exitCode !== 0) {
      throw new Error(`a server ended with ${this.process.exitCode ?? this.process.signalCode}`);
    }
  }
}

/** Runs a command of the binary to its end, and fails with what it said when it fails. */
export async function run(command: string, ...args: readonly string[]): Promise<void> {
  const child = spawn(binary(), [command, ...args], { env: withoutSettings(), stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.on("data", (data) => (said += data));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`analytics ${command} failed: ${said}`);
}

/** Settings as they stand on a command line. */
export function setFlags(settings: Settings): string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["--set", `${name}=${value}`]);
}

function binary(): string {
  return required("ANALYTICS_BIN", "the path of the server's binary, such as target/debug/analytics");
}

function flags(role: string, settings: Settings): string[] {
  const listen = role === "processor" ? [] : ["--listen", "127.0.0.1:0"];
  return [...listen, "--management-listen", "127.0.0.1:0", "--log-format", "json", ...setFlags(settings)];
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

/** The log line that tells that the server is ready. Rejects with the log when it ends before. */
function whenReady(server: ChildProcessByStdio<null, null, Readable>, role: string): Promise<Ready> {
  return new Promise((resolve, reject) => {
    server.once("error", (error) => reject(new Error(`analytics ${role} cannot be started`, { cause: error })));
    let said = "";
    // Reads on to the end, so that the server never waits for its log to be read.
    const lines = createInterface(server.stderr);
    lines.on("line", (line) => {
      said += `${line}\n`;
      const entry = parse(line);
      if (entry?.message === "ready") resolve(entry);
    });
    lines.once("close", () => reject(new Error(`analytics ${role} did not become ready:\n${said}`)));
  });
}

function parse(line: string): Ready | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
