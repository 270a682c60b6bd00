import { AnswerNote } from "@analytics/types";

import type { DayPoint, PageRow, Report } from "./api.js";
import { trendChart } from "./chart.js";
import { h } from "./dom.js";
import { ABSENT, formatCount, formatDate, formatDuration, formatFraction, formatInstant } from "./format.js";

/** The report as a person reads it: totals, days, pages, and what all of it rests on. */
export function reportView(report: Report, project: string): HTMLElement {
  return h(
    "div",
    { class: "report" },
    totalsRow(report),
    ...(report.totals.views === 0 ? [emptyCard(project)] : [daysCard(report.days), pagesCard(report)]),
    basis(report),
  );
}

function totalsRow({ totals }: Report): HTMLElement {
  const numbers: readonly (readonly [string, string, string])[] = [
    ["Views", formatCount(totals.views), "Pages that were viewed"],
    ["Visitors", formatCount(totals.visitors), "Counted per day: who comes on two days counts twice"],
    ["Sessions", formatCount(totals.sessions), "Visits that began in the range"],
    ["Bounce rate", formatFraction(totals.bounceRate), "Sessions with one view and nothing else"],
    ["Mean duration", formatDuration(totals.sessionDurationMs), "From the first to the last event of a session"],
  ];
  return h(
    "dl",
    { class: "totals" },
    ...numbers.map(([label, number, meaning]) =>
      h("div", { class: "card", title: meaning }, h("dt", {}, label), h("dd", {}, number)),
    ),
  );
}

function emptyCard(project: string): HTMLElement {
  return h(
    "section",
    { class: "card notice" },
    h("h2", {}, "Nothing was viewed in these days"),
    h("p", {}, "Choose other days, or bring events in, such as those of an access log:"),
    h("pre", {}, `analytics import access-log FILE --project ${project}`),
  );
}

function daysCard(days: readonly DayPoint[]): HTMLElement {
  const figure = h("figure", {});
  // The chart is drawn anew for each width, so that its text keeps its size; in the next frame, because a change of layout while
  // sizes are being observed is an error.
  new ResizeObserver(([entry]) => {
    const width = Math.floor(entry?.contentRect.width ?? 0);
    if (width > 0) requestAnimationFrame(() => figure.replaceChildren(trendChart(days, width)));
  }).observe(figure);
  return h(
    "section",
    { class: "card" },
    h(
      "header",
      {},
      h("h2", {}, "Per day"),
      h("span", { class: "legend views" }, "Views"),
      h("span", { class: "legend visitors" }, "Visitors"),
    ),
    figure,
    h(
      "details",
      {},
      h("summary", {}, "Show as a table"),
      h(
        "div",
        { class: "scroll" },
        table("Day", days.map((day) => ({ ...day, label: formatDate(day.date, "long") + (day.partial ? " (so far)" : "") }))),
      ),
    ),
  );
}

function pagesCard({ pages, otherPages }: Report): HTMLElement {
  const rows = pages.map((row: PageRow) => ({ ...row, label: row.page ?? h("em", {}, "no page") }));
  const others = otherPages && { ...otherPages, label: h("em", {}, `${formatCount(otherPages.count)} other pages`) };
  return h(
    "section",
    { class: "card" },
    h("header", {}, h("h2", {}, "Top pages")),
    table("Page", rows, others),
  );
}

interface Row {
  readonly label: string | Node;
  readonly views: number;
  readonly visitors: number;
}

function table(labels: string, rows: readonly Row[], others: Row | null = null): HTMLElement {
  const most = Math.max(...rows.map(({ views }) => views), 1);
  const line = ({ label, views, visitors }: Row, share: number) => {
    const name = h("th", { scope: "row" }, h("span", {}, label));
    // Through the style object: the page's security policy forbids style attributes.
    name.style.setProperty("--share", `${(share * 100).toFixed(1)}%`);
    return h("tr", {}, name, h("td", {}, formatCount(views)), h("td", {}, formatCount(visitors)));
  };
  const heading = (text: string) => h("th", { scope: "col" }, text);
  return h(
    "table",
    {},
    h("thead", {}, h("tr", {}, heading(labels), heading("Views"), heading("Visitors"))),
    h("tbody", {}, ...rows.map((row) => line(row, row.views / most))),
    others && h("tfoot", {}, line(others, 0)),
  );
}

/** As of when, in which zone, from which state of the store, on which identities. */
function basis({ info }: Report): HTMLElement {
  const asOf = info.asOf ? formatInstant(new Date(Number(info.asOf.seconds) * 1000), info.timeZone) : ABSENT;
  const newest = info.watermark?.days.at(-1);
  const coverage = info.identityCoverage;
  const lines = [
    `As of ${asOf}; days are those of ${info.timeZone}. ` +
      (info.complete ? "The range is over." : "The range is not over: more may come."),
    info.notes.includes(AnswerNote.DAILY_VISITORS_SUMMED) &&
      "Visitors are anonymous and known for one day only: who came on several days was counted on each.",
    coverage && coverageText(coverage.withUser, coverage.withVisitorOnly, coverage.withNeither),
    `Read up to ${newest ? `version ${newest.version} of ${newest.date}` : "no event"} ` +
      `(${formatCount(info.watermark?.days.length ?? 0)} visitor days); definitions of version ${info.definitionVersion}.`,
  ];
  return h("footer", { class: "basis" }, ...lines.map((line) => line && h("p", {}, line)));
}

function coverageText(withUser: bigint, withVisitorOnly: bigint, withNeither: bigint): string | null {
  const all = Number(withUser + withVisitorOnly + withNeither);
  if (all === 0) return null;
  const share = (part: bigint) => formatFraction(Number(part) / all);
  return (
    `Of ${formatCount(all)} events, ${share(withUser)} carry a user, ${share(withVisitorOnly)} only an anonymous visitor, ` +
    `${share(withNeither)} neither.`
  );
}
