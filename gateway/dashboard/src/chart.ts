import type { DayPoint } from "./api.js";
import { svg } from "./dom.js";
import { formatCompact, formatCount, formatDate } from "./format.js";
import { axisTicks, shownLabels } from "./scale.js";

const HEIGHT = 260;
const TOP = 12;
const BOTTOM = 28;
const LEFT = 44;
const RIGHT = 20;
const LABEL_WIDTH = 64;
const MAX_BAR_WIDTH = 36;
/** Above this many days dots would touch each other. */
const MAX_DOTS = 62;

/** Views as bars and visitors as a line, one of each a day. `width` in pixels. */
export function trendChart(days: readonly DayPoint[], width: number): SVGSVGElement {
  const ticks = axisTicks(Math.max(...days.flatMap(({ views, visitors }) => [views, visitors]), 0));
  const top = ticks.at(-1) ?? 1;
  const plotWidth = Math.max(1, width - LEFT - RIGHT);
  const plotHeight = HEIGHT - TOP - BOTTOM;
  const slot = plotWidth / Math.max(1, days.length);
  const x = (index: number) => round(LEFT + slot * (index + 0.5));
  const y = (value: number) => round(TOP + plotHeight * (1 - value / top));
  const barWidth = round(Math.max(0.5, Math.min(MAX_BAR_WIDTH, slot * 0.68)));
  const isShown = shownLabels(days.length, Math.floor(plotWidth / LABEL_WIDTH));

  return svg(
    "svg",
    { class: "chart", viewBox: `0 0 ${width} ${HEIGHT}`, width, height: HEIGHT, role: "img", "aria-labelledby": "chart-title chart-desc" },
    svg("title", { id: "chart-title" }, "Views and visitors per day"),
    svg("desc", { id: "chart-desc" }, description(days)),
    svg("g", { class: "axis" }, ...ticks.flatMap((tick) => [
      svg("line", { x1: LEFT, x2: width - RIGHT, y1: y(tick), y2: y(tick) }),
      svg("text", { x: LEFT - 8, y: y(tick) + 4, "text-anchor": "end" }, formatCompact(tick)),
    ])),
    svg("g", { class: "axis" }, ...days.map(({ date }, index) =>
      isShown(index) && svg("text", { x: x(index), y: HEIGHT - 8, "text-anchor": "middle" }, formatDate(date, "short")),
    )),
    svg("g", { class: "views" }, ...days.map(({ views, partial }, index) =>
      svg("rect", {
        class: partial ? "partial" : undefined,
        x: round(x(index) - barWidth / 2),
        y: y(views),
        width: barWidth,
        height: round(y(0) - y(views)),
        rx: Math.min(2, barWidth / 4),
      }),
    )),
    svg("polyline", { class: "visitors", points: days.map(({ visitors }, index) => `${x(index)},${y(visitors)}`).join(" ") }),
    days.length <= MAX_DOTS &&
      svg("g", { class: "visitors" }, ...days.map(({ visitors }, index) => svg("circle", { cx: x(index), cy: y(visitors), r: 2.5 }))),
    // Last, so that the pointer meets them first: each tells its day's numbers.
    svg("g", { class: "hover" }, ...days.map((day, index) =>
      svg(
        "rect",
        { x: round(LEFT + slot * index), y: TOP, width: round(slot), height: plotHeight },
        svg("title", {}, dayText(day)),
      ),
    )),
  );
}

function dayText({ date, views, visitors, partial }: DayPoint): string {
  const soFar = partial ? " so far" : "";
  return `${formatDate(date, "long")}${soFar}\n${formatCount(views)} views\n${formatCount(visitors)} visitors`;
}

function description(days: readonly DayPoint[]): string {
  const [first, last] = [days.at(0), days.at(-1)];
  if (!first || !last) return "No days.";
  const best = days.reduce((best, day) => (day.views > best.views ? day : best));
  return (
    `From ${formatDate(first.date, "long")} to ${formatDate(last.date, "long")}. ` +
    `Most views on ${formatDate(best.date, "long")}: ${formatCount(best.views)}. The table below has every day.`
  );
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
