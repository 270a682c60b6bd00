/**
 * Rows as text, in columns as wide as they need.
 *
 * @param {string[]} headings
 * @param {(string | undefined)[][]} rows
 */
export function table(headings, rows) {
  const lines = [headings, ...rows];
  const widths = headings.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? "").length)));
  return lines.map((line) => widths.map((width, column) => (line[column] ?? "").padEnd(width)).join("  ").trimEnd()).join("\n");
}
