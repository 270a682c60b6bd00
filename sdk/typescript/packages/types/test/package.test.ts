// The package as its users get it: packed, and installed from its tarball in a project of their own.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterAll, beforeAll, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
// The workspace's packages lie at the root of the repository.
const installed = (name: string) => join(root, "../../../../node_modules", name);
const project = mkdtempSync(join(tmpdir(), "analytics-types-"));

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project, encoding: "utf8", stdio: "pipe" });
}

beforeAll(() => {
  const [packed] = JSON.parse(
    execFileSync("npm", ["pack", "--json", "--pack-destination", project], { cwd: root, encoding: "utf8" }),
  ) as [{ filename: string }];
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "user", private: true }));
  // Everything comes from this machine, so that the test needs no network.
  const peers = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-node"].map(installed);
  run("npm", "install", "--offline", "--install-links", "--no-audit", "--no-fund", join(project, packed.filename), ...peers);
}, 120_000);

afterAll(() => rmSync(project, { recursive: true, force: true }));

const use = `
  const event = create(EventSchema, { name: "plan_chosen", kind: EventKind.CUSTOM });
  console.log(fromBinary(EventSchema, toBinary(EventSchema, event)).name);
`;

test("it works with import", () => {
  writeFileSync(
    join(project, "use.mjs"),
    `import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
     import { EventKind, EventSchema } from "@analytics/types"; ${use}`,
  );
  expect(run("node", "use.mjs")).toBe("plan_chosen\n");
});

test("it works with require", () => {
  writeFileSync(
    join(project, "use.cjs"),
    `const { create, fromBinary, toBinary } = require("@bufbuild/protobuf");
     const { EventKind, EventSchema } = require("@analytics/types"); ${use}`,
  );
  expect(run("node", "use.cjs")).toBe("plan_chosen\n");
});

test("it leaves protobuf to its dependency", () => {
  for (const file of ["index.js", "index.cjs"]) {
    expect(readFileSync(join(project, "node_modules/@analytics/types/dist", file), "utf8")).toContain(
      '"@bufbuild/protobuf/codegenv2"',
    );
  }
});

test("the examples of the README compile", () => {
  const readme = readFileSync(join(root, "README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1] ?? "");
  expect(examples.length).toBe(2);
  const files = examples.map((example, index) => {
    const file = `example${index}.mts`;
    writeFileSync(join(project, file), example);
    return file;
  });
  const options = ["--noEmit", "--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck"];
  const nodeTypes = ["--types", "node", "--typeRoots", installed("@types")];
  expect(run(process.execPath, installed("typescript/bin/tsc"), ...options, ...nodeTypes, ...files)).toBe("");
}, 60_000);
