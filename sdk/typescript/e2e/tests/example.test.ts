// The example for Node, run as a newcomer runs it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";

import { ApiKeyScope } from "@analytics/types";
import { beforeAll, expect, inject, test } from "vitest";

import { createProject, type TestProject } from "../src/project.js";
import { NOON_ZONE } from "../src/times.js";

const EXAMPLE = fileURLToPath(new URL("../../examples/node/", import.meta.url));
/** Nobody listens on the first port. */
const NOBODY = "http://127.0.0.1:1";

let project: TestProject;

beforeAll(async () => {
  project = await createProject("example", NOON_ZONE);
});

test("it sends events and prints what came of them", async () => {
  const key = await project.key(ApiKeyScope.IMPORT, ApiKeyScope.QUERY);
  const { code, output, errors } = await run({ key, endpoint: inject("endpoint") });
  expect({ code, errors }).toEqual({ code: 0, errors: "" });

  expect(output).toContain(`Sent 9 events to ${project.name}: 8 stored, 1 rejected`);
  const verdicts = tableOf(output, "event");
  expect(verdicts.map(([, verdict]) => verdict)).toEqual([...Array(8).fill("STORED"), "REJECTED"]);
  expect(verdicts.at(-1)?.[2]).toContain("name: a custom event needs a name");

  expect(tableOf(output, "total")).toEqual([
    ["views", "7"],
    ["visitors", "2"],
    ["sessions", "5"],
    ["bounce rate", "60.0 %"],
  ]);
  const hours = tableOf(output, "hour");
  expect(hours.map(([, ...numbers]) => numbers)).toEqual([
    ["2", "1"],
    ["2", "2"],
    ["3", "2"],
  ]);
  const times = hours.map(([time]) => Date.parse(`${time}Z`));
  expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 3_600_000, 7_200_000]);
  expect(tableOf(output, "page")).toEqual([
    ["/pricing", "3", "2"],
    ["/", "2", "1"],
    ["/blog/hello", "2", "2"],
  ]);
});

test.each([
  ["no key", {}, "ANALYTICS_API_KEY is not set"],
  ["a wrong key", { key: "ak_wrong" }, "(ERROR_REASON_KEY_UNKNOWN)"],
  ["no server", { key: "ak_any", endpoint: NOBODY }, `No server answers at ${NOBODY}`],
  ["no address", { key: "ak_any", endpoint: "localhost" }, "ANALYTICS_ENDPOINT is localhost, which is no address"],
])("with %s it says so, and fails", async (_, environment, said) => {
  const { code, output, errors } = await run({ endpoint: inject("endpoint"), ...environment });
  expect({ code, output }).toEqual({ code: 1, output: "" });
  expect(errors).toContain(said);
  expect(errors, "no stack trace").not.toMatch(/^\s+at /m);
});

interface Environment {
  readonly key?: string;
  readonly endpoint: string;
}

async function run({ key, endpoint }: Environment) {
  const example = spawn(process.execPath, ["src/main.js", project.id], {
    cwd: EXAMPLE,
    env: { PATH: process.env.PATH, ANALYTICS_ENDPOINT: endpoint, ...(key && { ANALYTICS_API_KEY: key }) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([text(example.stdout), text(example.stderr), once(example, "close")]);
  return { code: code as number | null, output, errors };
}

/** The rows of the printed table whose first heading is this one. Columns stand two blanks or more apart. */
function tableOf(output: string, heading: string): string[][] {
  const lines = output.split("\n");
  const start = lines.findIndex((line) => line.startsWith(`${heading}  `)) + 1;
  const end = lines.indexOf("", start);
  return lines.slice(start, end).map((line) => line.split(/ {2,}/));
}
