/**
 * Round values for an axis from 0 to at least `max`, at most five, all whole: counts have no fractions.
 */
export function axisTicks(max: number): readonly number[] {
  const step = roundStep(Math.max(max, 1) / 4);
  const count = Math.ceil(Math.max(max, 1) / step);
  return Array.from({ length: count + 1 }, (_, index) => index * step);
}

/** The smallest of 1, 2, 2.5, 5 × a power of ten that is whole and not below `atLeast`. */
function roundStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(atLeast, 1)));
  const factor = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= atLeast && Number.isInteger(factor * power));
  return (factor ?? 10) * power;
}

/** Which of `count` labels to show so that at most `room` stand beside each other, the last one always. */
export function shownLabels(count: number, room: number): (index: number) => boolean {
  const every = Math.max(1, Math.ceil(count / Math.max(1, room)));
  return (index) => (count - 1 - index) % every === 0;
}
