import { h, sentence } from "./dom.js";
import type { Problem } from "./problem.js";

/** Asks for a key. The problem is what the last one met, if there was one. */
export function keyForm(onKey: (key: string) => void, problem: Problem | null): HTMLElement {
  const input = h("input", {
    type: "password",
    name: "key",
    placeholder: "ak_…",
    required: true,
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": "Query key",
    autofocus: true,
  });
  const submit = (event: Event) => {
    event.preventDefault();
    const key = input.value.trim();
    if (key) onKey(key);
  };
  return h(
    "section",
    { class: "card notice", role: problem ? "alert" : undefined },
    h("h2", {}, problem?.title ?? "A key, please"),
    problem && h("p", {}, sentence(problem.advice)),
    h("p", {}, "Type a key with the scope ", h("code", {}, "query"), ". It stays in this tab and is forgotten when you close it."),
    h("form", { submit }, input, h("button", { type: "submit", class: "primary" }, "Use this key")),
    h("p", { class: "quiet" }, "The server prints an address with a key in it when it starts. This makes another key:"),
    h("pre", {}, "analytics key create --project demo --scope query"),
  );
}

/** Tells what went wrong and offers another try. */
export function problemCard(problem: Problem, onRetry: () => void): HTMLElement {
  return h(
    "section",
    { class: "card notice problem", role: "alert" },
    h("h2", {}, problem.title),
    h("p", {}, sentence(problem.advice)),
    h("button", { type: "button", class: "primary", click: onRetry }, "Try again"),
  );
}

/** Tells that the key reaches no project of this name. */
export function unknownProjectCard(project: string): HTMLElement {
  return h(
    "section",
    { class: "card notice problem", role: "alert" },
    h("h2", {}, `There is no project ${project}`),
    h("p", {}, "Or this key does not reach it: choose one of the list above."),
  );
}

/** Tells that there is no project at all yet. */
export function noProjectCard(): HTMLElement {
  return h(
    "section",
    { class: "card notice" },
    h("h2", {}, "There is no project yet"),
    h("p", {}, "Create one, then reload this page:"),
    h("pre", {}, "analytics project create web --time-zone Europe/Berlin"),
  );
}

/** Stands where a report will be. */
export function loadingView(): HTMLElement {
  return h(
    "div",
    { class: "report loading", role: "status", "aria-label": "Loading" },
    h("div", { class: "totals" }, ...Array.from({ length: 5 }, () => h("div", { class: "card" }))),
    h("div", { class: "card tall" }),
    h("div", { class: "card tall" }),
  );
}
