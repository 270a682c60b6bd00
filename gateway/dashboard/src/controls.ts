import { checkRange, daysUntil, type DateRange, type IsoDate } from "./dates.js";
import { h } from "./dom.js";

const PRESETS = [7, 30, 90] as const;

/** What is chosen and what can be. */
export interface Controls {
  readonly project: string;
  readonly projects: readonly string[];
  readonly range: DateRange;
  /** Today in the project's zone. */
  readonly today: IsoDate;
  readonly onProject: (project: string) => void;
  readonly onRange: (range: DateRange) => void;
}

/** The choice of a project and of days. */
export function controlsView(controls: Controls): HTMLElement {
  return h("div", { class: "controls" }, projectPicker(controls), presets(controls), dateForm(controls));
}

function projectPicker({ project, projects, onProject }: Controls): HTMLElement {
  const options = projects.map((name) => h("option", { value: name, selected: name === project }, name));
  const select = h("select", { name: "project" }, ...options);
  return h("label", {}, "Project ", listen(select, "change", () => onProject(select.value)));
}

function presets({ range, today, onRange }: Controls): HTMLElement {
  const buttons = PRESETS.map((days) => {
    const preset = daysUntil(today, days);
    const pressed = preset.first === range.first && preset.last === range.last;
    return h("button", { type: "button", "aria-pressed": String(pressed), click: () => onRange(preset) }, `${days} days`);
  });
  return h("div", { class: "presets", role: "group", "aria-label": "The last days" }, ...buttons);
}

function dateForm({ range, onRange }: Controls): HTMLElement {
  const first = h("input", { type: "date", value: range.first, required: true, "aria-label": "First day" });
  const last = h("input", { type: "date", value: range.last, required: true, "aria-label": "Last day" });
  const choose = () => {
    const chosen = checkRange(first.value, last.value);
    const problem = "problem" in chosen ? chosen.problem : "";
    last.setCustomValidity(problem);
    if ("problem" in chosen) last.reportValidity();
    else onRange(chosen);
  };
  return h("div", { class: "dates" }, listen(first, "change", choose), " – ", listen(last, "change", choose));
}

function listen<E extends HTMLElement>(element: E, event: string, listener: () => unknown): E {
  element.addEventListener(event, listener);
  return element;
}
