import { fileURLToPath } from "node:url";

import { chromium, type Browser, type BrowserContext, type Page } from "playwright-core";
import { build } from "vite";

import { required } from "./environment.js";

/** What a person's browser says of itself. Chromium without a window calls itself a bot, and is one. */
export const DESKTOP_CHROME =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36";

/** Starts Chromium without a window, and without whatever it does on its own account. */
export function startChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: required("CHROMIUM", "the path of Chromium or Chrome"),
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** What a page did that it should not do, or only to its own server. */
export interface Conduct {
  /** What it wrote on the console as an error or a warning, and errors that it did not catch. */
  readonly complaints: readonly string[];
  /** The hosts, with their ports, that it asked for anything. */
  readonly hosts: ReadonlySet<string>;
}

/** Watches all pages of a context. */
export function watch(context: BrowserContext): Conduct {
  const complaints: string[] = [];
  const hosts = new Set<string>();
  context.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error())));
  context.on("request", (request) => hosts.add(new URL(request.url()).host));
  return { complaints, hosts };
}

/** Gives `trackFromPage` to all pages of a context, past their security policy. */
export async function giveCalls(context: BrowserContext): Promise<void> {
  const entry = fileURLToPath(new URL("in-page/calls.ts", import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["iife"], name: "calls", fileName: "calls" } },
  });
  const [bundle] = Array.isArray(output) ? output : [output];
  if (!bundle || !("output" in bundle)) throw new Error("vite watches instead of building once");
  await context.addInitScript({ content: bundle.output[0].code });
}

/** The rows of a table's body as texts. */
export function rowsOf(page: Page, card: string): Promise<string[][]> {
  return page
    .locator("section.card", { has: page.getByRole("heading", { name: card, exact: true }) })
    .locator("tbody tr")
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
}
