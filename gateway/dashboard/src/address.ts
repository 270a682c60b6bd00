import { checkRange, type DateRange } from "./dates.js";

/** What the address says is to be shown. The key is never in it. */
export interface Selection {
  readonly project: string | null;
  readonly range: DateRange | null;
}

/** Reads `?project=demo&from=2026-10-26&to=2026-11-24`; what is missing or wrong is null. */
export function readSelection(search: string): Selection {
  const parameters = new URLSearchParams(search);
  const range = checkRange(parameters.get("from") ?? "", parameters.get("to") ?? "");
  return { project: parameters.get("project") || null, range: "problem" in range ? null : range };
}

/** The query of an address that shows this again. */
export function selectionQuery(project: string, range: DateRange): string {
  return `?${new URLSearchParams({ project, from: range.first, to: range.last }).toString()}`;
}
