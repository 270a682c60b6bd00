// Runs once: everything is tested against one real server, on which each test file has projects of its own.
import { createServer, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";

import type { TestProject } from "vitest/node";

import { Server } from "./server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the server listens. */
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
  const server = await Server.start({ allowedOrigins: [allowedOrigin] });

  project.provide("endpoint", server.endpoint);
  project.provide("adminKey", server.adminKey);
  project.provide("allowedOrigin", allowedOrigin);
  project.provide("foreignOrigin", `http://localhost:${port}`);

  return async () => {
    site.closeAllConnections();
    site.close();
    await server.stop();
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
