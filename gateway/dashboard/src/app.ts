import type { Project } from "@analytics/types";

import { readSelection, selectionQuery } from "./address.js";
import { Api, type Report } from "./api.js";
import { controlsView } from "./controls.js";
import { dateIn, daysUntil, type DateRange } from "./dates.js";
import { h } from "./dom.js";
import { forgetKey, keepKey, keptKey } from "./key.js";
import { keyForm, loadingView, noProjectCard, problemCard } from "./notices.js";
import { problemOf, type Problem } from "./problem.js";
import { reportView } from "./report-view.js";

const DEFAULT_PROJECT = "demo";
const DEFAULT_DAYS = 30;
const NAME_PREFIX = "projects/";

/** The page: holds what is chosen, asks for it and shows the answer. */
export class App {
  private api: Api | null = null;
  /** Ids by which a project can be chosen. Null when the key may not list them. */
  private projects: readonly string[] | null = null;
  private project: Project | null = null;
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
    const projects = await this.api?.projects(signal);
    this.projects = projects?.map(idOf) ?? null;
    if (projects?.length === 0) return this.content.replaceChildren(noProjectCard());
    const known = wanted ?? (this.projects?.includes(DEFAULT_PROJECT) === false ? this.projects[0] : undefined);
    await this.choose(known ?? DEFAULT_PROJECT, signal);
  }

  private async choose(id: string, signal: AbortSignal): Promise<void> {
    if (!this.api) return;
    try {
      this.project = await this.api.project(id, signal);
    } catch (error) {
      // The choice must stay possible when what was chosen does not exist.
      if (!signal.aborted) this.showControls(id, "UTC");
      throw error;
    }
    await this.show(signal);
  }

  private async show(signal: AbortSignal): Promise<void> {
    if (!this.api || !this.project) return;
    const id = idOf(this.project);
    const zone = this.project.timeZone;
    const range = (this.range ??= daysUntil(dateIn(zone, new Date()), DEFAULT_DAYS));
    window.history.replaceState(null, "", window.location.pathname + selectionQuery(id, range));
    this.showControls(id, zone);
    const report: Report = await this.api.report(this.project, range, signal);
    if (!signal.aborted) this.content.replaceChildren(reportView(report, id));
  }

  private showControls(project: string, zone: string): void {
    const today = dateIn(zone, new Date());
    this.controls.replaceChildren(
      controlsView({
        project,
        projects: this.projects,
        range: this.range ?? daysUntil(today, DEFAULT_DAYS),
        today,
        onProject: (id) => void this.attempt((signal) => this.choose(id, signal)),
        onRange: (range) => {
          this.range = range;
          void this.attempt((signal) => (this.project ? this.show(signal) : this.choose(project, signal)));
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
