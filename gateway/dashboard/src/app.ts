import type { Project } from "@analytics/types";

import { readSelection, selectionQuery } from "./address.js";
import { Api } from "./api.js";
import { controlsView } from "./controls.js";
import { dateIn, daysUntil, type DateRange } from "./dates.js";
import { h } from "./dom.js";
import { forgetKey, keepKey, keptKey } from "./key.js";
import { keyForm, loadingView, noProjectCard, problemCard, unknownProjectCard } from "./notices.js";
import { problemOf, type Problem } from "./problem.js";
import { reportView } from "./report-view.js";

const DEFAULT_PROJECT = "demo";
const DEFAULT_DAYS = 30;
const NAME_PREFIX = "projects/";

/** The page: holds what is chosen, asks for it and shows the answer. */
export class App {
  private api: Api | null = null;
  /** What can be chosen. */
  private projects: readonly Project[] = [];
  private project: Project | undefined;
  private range: DateRange | null = null;
  private asking = new AbortController();

  private readonly controls = h("div", { class: "slot" });
  private readonly content = h("main");
  private readonly forget = h("button", { type: "button", class: "link", click: () => this.forgetKey() }, "Forget the key");

  constructor(private readonly baseUrl: string) {}

  /** Puts the page into this element and starts. */
  mount(root: HTMLElement): void {
    const brand = h("h1", {}, h("img", { src: "./favicon.svg", alt: "", width: 24, height: 24 }), "analytics");
    root.replaceChildren(h("header", { class: "bar" }, brand, this.controls, this.forget), this.content);
    this.start();
  }

  /** Starts over with the kept key, or asks for one. */
  start(): void {
    const key = keptKey(window);
    this.forget.hidden = key === null;
    this.controls.replaceChildren();
    if (key === null) return this.askForKey(null);
    this.api = new Api(this.baseUrl, key);
    const wanted = readSelection(window.location.search);
    this.range = wanted.range;
    void this.attempt(async (signal) => this.open(wanted.project, signal), () => this.start());
  }

  private async open(wanted: string | null, signal: AbortSignal): Promise<void> {
    this.projects = (await this.api?.projects(signal)) ?? [];
    const first = this.projects.find((project) => idOf(project) === DEFAULT_PROJECT) ?? this.projects[0];
    if (!first) return this.content.replaceChildren(noProjectCard());
    await this.choose(wanted ?? idOf(first), signal);
  }

  private async choose(id: string, signal: AbortSignal): Promise<void> {
    this.project = this.projects.find((project) => idOf(project) === id);
    if (this.project) return this.show(this.project, signal);
    this.showControls(id, "UTC");
    this.content.replaceChildren(unknownProjectCard(id));
  }

  private async show(project: Project, signal: AbortSignal): Promise<void> {
    const id = idOf(project);
    const range = (this.range ??= daysUntil(dateIn(project.timeZone, new Date()), DEFAULT_DAYS));
    window.history.replaceState(null, "", window.location.pathname + selectionQuery(id, range));
    this.showControls(id, project.timeZone);
    const report = await this.api?.report(project, range, signal);
    if (report && !signal.aborted) this.content.replaceChildren(reportView(report, id));
  }

  private showControls(chosen: string, zone: string): void {
    const today = dateIn(zone, new Date());
    const ids = this.projects.map(idOf);
    this.controls.replaceChildren(
      controlsView({
        project: chosen,
        // What is chosen is shown as chosen, even if it does not exist.
        projects: ids.includes(chosen) ? ids : [chosen, ...ids],
        range: this.range ?? daysUntil(today, DEFAULT_DAYS),
        today,
        onProject: (id) => void this.attempt((signal) => this.choose(id, signal)),
        onRange: (range) => {
          this.range = range;
          void this.attempt((signal) => this.choose(chosen, signal));
        },
      }),
    );
  }

  /** Asks, ending whatever was being asked before, and shows what went wrong, if anything did. */
  private async attempt(
    ask: (signal: AbortSignal) => Promise<void>,
    retry: () => void = () => void this.attempt(ask),
  ): Promise<void> {
    this.asking.abort();
    const { signal } = (this.asking = new AbortController());
    this.showLoading();
    try {
      await ask(signal);
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      if (problem.keyNeeded) this.askForKey(problem);
      else this.content.replaceChildren(problemCard(problem, retry));
    } finally {
      if (!signal.aborted) this.content.removeAttribute("aria-busy");
    }
  }

  /** What is shown stays, dimmed, until the next answer is there; before the first there is a sketch of it. */
  private showLoading(): void {
    this.content.setAttribute("aria-busy", "true");
    if (!this.content.querySelector(".report")) this.content.replaceChildren(loadingView());
  }

  private askForKey(problem: Problem | null): void {
    const useKey = (key: string) => {
      keepKey(window, key);
      this.start();
    };
    this.content.replaceChildren(keyForm(useKey, problem));
  }

  private forgetKey(): void {
    this.asking.abort();
    this.api = null;
    forgetKey(window);
    this.content.removeAttribute("aria-busy");
    this.start();
  }
}

function idOf({ name }: Project): string {
  return name.slice(NAME_PREFIX.length);
}
