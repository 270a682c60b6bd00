// Sends a few events, then asks what came of them. See the README for how to run it.
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { IngestService, QueryService } from "@analytics/types";

import { explain } from "./problem.js";
import { report } from "./report.js";
import { sendVisits } from "./send.js";

const endpoint = process.env.ANALYTICS_ENDPOINT || "http://127.0.0.1:4000";
const key = process.env.ANALYTICS_API_KEY;
const project = `projects/${process.argv[2] ?? "web"}`;

if (!key) {
  console.error("ANALYTICS_API_KEY is not set: put a key with the scopes import and query into it, as the README shows.");
  process.exit(1);
}
if (!URL.canParse(endpoint)) {
  console.error(`ANALYTICS_ENDPOINT is ${endpoint}, which is no address: write one such as http://127.0.0.1:4000`);
  process.exit(1);
}

const transport = createGrpcTransport({
  baseUrl: endpoint,
  // A call without a deadline may wait for ever.
  defaultTimeoutMs: 10_000,
  interceptors: [
    (next) => (call) => {
      call.header.set("authorization", `Bearer ${key}`);
      return next(call);
    },
  ],
});

// The clock is read once, so that what is sent and what is asked are about the same three hours.
const end = new Date();
end.setUTCMinutes(0, 0, 0);
const start = new Date(end.getTime() - 3 * 60 * 60 * 1000);
try {
  await sendVisits(createClient(IngestService, transport), project, start);
  await report(createClient(QueryService, transport), project, start, end);
} catch (error) {
  console.error(explain(error, endpoint));
  process.exitCode = 1;
}
