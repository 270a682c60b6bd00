import { expect, test } from "vitest";

import { axisTicks, shownLabels } from "./scale.js";

test.each([
  [0, [0, 1]],
  [1, [0, 1]],
  [3, [0, 1, 2, 3]],
  [7, [0, 2, 4, 6, 8]],
  [9, [0, 5, 10]],
  [90, [0, 25, 50, 75, 100]],
  [100, [0, 25, 50, 75, 100]],
  [101, [0, 50, 100, 150]],
  [12_345, [0, 5000, 10_000, 15_000]],
])("an axis for %d", (max, ticks) => {
  expect(axisTicks(max)).toEqual(ticks);
});

test("labels thin out, and the last one stays", () => {
  const shown = (count: number, room: number) =>
    Array.from({ length: count }, (_, index) => index).filter(shownLabels(count, room));
  expect(shown(5, 10)).toEqual([0, 1, 2, 3, 4]);
  expect(shown(30, 6)).toEqual([4, 9, 14, 19, 24, 29]);
  expect(shown(1, 0)).toEqual([0]);
});
