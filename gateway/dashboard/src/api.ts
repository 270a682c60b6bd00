import {
  AdminService,
  DimensionField,
  MetricKind,
  QueryService,
  TimeUnit,
  type AnswerInfo,
  type MetricValue,
  type Project,
  type PropertyValue,
} from "@analytics/types";
import { Code, ConnectError, createClient, type Client, type Interceptor } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { addDays, dateIn, type DateRange, type IsoDate } from "./dates.js";
import { numberOf } from "./format.js";

/** How long an answer may take. */
const DEADLINE_MS = 20_000;
const TOP_PAGES = 10;
const PAGE_SIZE = 1000;

/** Whole numbers of a range. */
export interface Totals {
  readonly views: number;
  readonly visitors: number;
  readonly sessions: number;
  /** A fraction. Undefined without sessions. */
  readonly bounceRate: number | undefined;
  /** The mean, in milliseconds. Undefined without sessions. */
  readonly sessionDurationMs: number | undefined;
}

/** One day of the trend. */
export interface DayPoint {
  readonly date: IsoDate;
  readonly views: number;
  readonly visitors: number;
  /** The day still runs. */
  readonly partial: boolean;
}

/** One row of the top pages. */
export interface PageRow {
  /** The path. Null for events without one. */
  readonly page: string | null;
  readonly views: number;
  readonly visitors: number;
}

/** What the page shows of one project and range, all of it as of the same instant. */
export interface Report {
  readonly info: AnswerInfo;
  readonly totals: Totals;
  readonly days: readonly DayPoint[];
  readonly pages: readonly PageRow[];
  /** What the limit cut off, and of how many pages. Null when nothing was. */
  readonly otherPages: { readonly count: number; readonly views: number; readonly visitors: number } | null;
}

/** The questions of this page, asked with one key. */
export class Api {
  private readonly admin: Client<typeof AdminService>;
  private readonly query: Client<typeof QueryService>;

  /** `baseUrl` is where the gateway lives, without a closing slash. */
  constructor(baseUrl: string, key: string) {
    const withKey: Interceptor = (next) => (request) => {
      request.header.set("authorization", `Bearer ${key}`);
      return next(request);
    };
    const transport = createGrpcWebTransport({ baseUrl, interceptors: [withKey], defaultTimeoutMs: DEADLINE_MS });
    this.admin = createClient(AdminService, transport);
    this.query = createClient(QueryService, transport);
  }

  /** The projects that the key reaches, by name. */
  async projects(signal: AbortSignal): Promise<readonly Project[]> {
    const projects: Project[] = [];
    let pageToken = "";
    do {
      const page = await this.admin.listProjects({ pageSize: PAGE_SIZE, pageToken }, { signal });
      projects.push(...page.projects);
      pageToken = page.nextPageToken;
    } while (pageToken !== "");
    return projects;
  }

  /** Everything that is shown of a project in a range of its days. */
  async report(project: Project, { first, last }: DateRange, signal: AbortSignal): Promise<Report> {
    const dates = { startDate: first, endDate: addDays(last, 1) };
    const scope = { project: project.name, range: { range: { case: "dates", value: dates } } } as const;

    const totals = await this.query.queryTotals({ scope, totals: { metrics: metrics(...TOTALS) } }, { signal });
    if (!totals.info?.asOf) throw new ConnectError("the answer does not say as of when it is", Code.Internal);

    // The server's clock decided once; the other answers are of the same instant, so that the numbers fit each other.
    const sameScope = { ...scope, asOf: totals.info.asOf };
    const viewsAndVisitors = metrics(MetricKind.VIEWS, MetricKind.VISITORS);
    const byPage = [{ dimension: { case: "field", value: DimensionField.PAGE } }] as const;
    const [trend, pages] = await Promise.all([
      this.query.queryTrend({ scope: sameScope, trend: { metrics: viewsAndVisitors, unit: TimeUnit.DAY } }, { signal }),
      this.query.queryBreakdown(
        { scope: sameScope, breakdown: { metrics: viewsAndVisitors, dimensions: [...byPage], limit: TOP_PAGES } },
        { signal },
      ),
    ]);

    const zone = totals.info.timeZone;
    return {
      info: totals.info,
      totals: readTotals(totals.values),
      days: trend.points.map(({ bucket, values }) => ({
        date: dateIn(zone, new Date(Number(bucket?.startTime?.seconds ?? 0n) * 1000)),
        partial: bucket?.partial ?? false,
        ...readViewsAndVisitors(values),
      })),
      pages: pages.rows.map(({ dimensions, values }) => ({ page: textOf(dimensions[0]), ...readViewsAndVisitors(values) })),
      otherPages: pages.others
        ? { count: Number(pages.others.rowCount), ...readViewsAndVisitors(pages.others.values) }
        : null,
    };
  }
}

const TOTALS = [
  MetricKind.VIEWS,
  MetricKind.VISITORS,
  MetricKind.SESSIONS,
  MetricKind.BOUNCE_RATE,
  MetricKind.SESSION_DURATION,
] as const;

function metrics(...kinds: readonly MetricKind[]) {
  return kinds.map((kind) => ({ kind }));
}

/** Values come in the order of the metrics asked for. */
function readTotals(values: readonly MetricValue[]): Totals {
  const [views, visitors, sessions, bounceRate, sessionDurationMs] = values.map(numberOf);
  return { views: views ?? 0, visitors: visitors ?? 0, sessions: sessions ?? 0, bounceRate, sessionDurationMs };
}

function readViewsAndVisitors(values: readonly MetricValue[]) {
  const [views, visitors] = values.map(numberOf);
  return { views: views ?? 0, visitors: visitors ?? 0 };
}

function textOf(dimension: PropertyValue | undefined): string | null {
  return dimension?.value.case === "stringValue" ? dimension.value.value : null;
}
