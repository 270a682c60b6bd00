import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Platform, PlatformOptions } from "./platform.js";
import { ServerProcess } from "./process.js";

/** Starts `analytics serve` over directories of its own. */
export async function startEmbedded({ allowedOrigins }: PlatformOptions): Promise<Platform> {
  const home = mkdtempSync(join(tmpdir(), "analytics-e2e-"));
  // Salts must be in memory.
  const memory = mkdtempSync("/dev/shm/analytics-e2e-");
  const remove = () => [home, memory].forEach((directory) => rmSync(directory, { recursive: true, force: true }));
  const dataDir = join(home, "data");
  try {
    const server = await ServerProcess.start("serve", {
      data_dir: dataDir,
      ephemeral_dir: join(memory, "salts"),
      allowed_origins: allowedOrigins.join(","),
    });
    return {
      endpoint: server.url,
      adminKey: readFileSync(join(dataDir, "admin-key"), "utf8").trim(),
      stop: () => server.stop().finally(remove),
    };
  } catch (error) {
    remove();
    throw error;
  }
}
