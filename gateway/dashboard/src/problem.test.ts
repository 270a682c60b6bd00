import { Code, ConnectError } from "@connectrpc/connect";
import { expect, test } from "vitest";

import { problemOf } from "./problem.js";

test("a refused key asks for another, with the server's own advice", () => {
  const problem = problemOf(new ConnectError("API key `apiKeys/a` was revoked: use another one", Code.Unauthenticated));
  expect(problem.keyNeeded).toBe(true);
  expect(problem.advice).toContain("use another one");
});

test("an unreachable server is told apart from one that failed", () => {
  expect(problemOf(new TypeError("Failed to fetch")).title).toContain("cannot be reached");
  expect(problemOf(new ConnectError("boom", Code.Internal)).advice).toContain("boom");
});

test("every code has advice", () => {
  for (const code of Object.values(Code).filter((value) => typeof value === "number")) {
    const { title, advice } = problemOf(new ConnectError("details", code));
    expect(`${title}|${advice}`, Code[code]).toMatch(/^[A-Z].{8,}\|.{5,}$/);
  }
});
