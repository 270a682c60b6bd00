import { expect, test } from "vitest";

import { readSelection, selectionQuery } from "./address.js";

test("a selection survives its address", () => {
  const range = { first: "2026-10-26", last: "2026-11-24" };
  expect(readSelection(selectionQuery("demo", range))).toEqual({ project: "demo", range });
});

test("what is missing or wrong is left to the defaults", () => {
  expect(readSelection("")).toEqual({ project: null, range: null });
  expect(readSelection("?project=&from=2026-11-24&to=2026-10-26")).toEqual({ project: null, range: null });
});
