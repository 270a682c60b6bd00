// Runs once for each way to run the platform: on it each test file has projects of its own.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

import { PLATFORMS } from "./platform.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The one address for every client. */
    readonly endpoint: string;
    /** A key that may do everything. */
    readonly adminKey: string;
    /** The origin of an empty page that may call the server. */
    readonly allowedOrigin: string;
    /** The origin of the same page that may not. */
    readonly foreignOrigin: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const site = await serveEmptyPage();
  const { port } = site.address() as AddressInfo;
  // One page, two origins: the name of this machine makes the difference.
  const allowedOrigin = `http://127.0.0.1:${port}`;
  const start = PLATFORMS[project.name];
  if (!start) throw new Error(`no platform is called ${project.name}`);
  const platform = await start({ allowedOrigins: [allowedOrigin] });

  project.provide("endpoint", platform.endpoint);
  project.provide("adminKey", platform.adminKey);
  project.provide("allowedOrigin", allowedOrigin);
  project.provide("foreignOrigin", `http://localhost:${port}`);

  return async () => {
    site.closeAllConnections();
    site.close();
    await platform.stop();
  };
}

function serveEmptyPage(): Promise<HttpServer> {
  const site = createServer((_, response) => {
    response.setHeader("content-type", "text/html; charset=utf-8");
    // Without an icon of its own the browser would ask for one.
    response.end('<!doctype html><title>A site</title><link rel="icon" href="data:," />');
  });
  // Nobody has to wait for it when the tests cannot start.
  site.unref();
  return new Promise((resolve, reject) => {
    site.once("error", reject);
    site.listen(0, "127.0.0.1", () => resolve(site));
  });
}
