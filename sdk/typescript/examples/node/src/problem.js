import { BinaryReader } from "@bufbuild/protobuf/wire";
import { Code, ConnectError } from "@connectrpc/connect";

/**
 * What went wrong, in words for the person at the terminal.
 *
 * @param {unknown} error
 * @param {string} endpoint
 */
export function explain(error, endpoint) {
  const problem = ConnectError.from(error);
  const reason = reasonOf(problem);
  // The server's own messages say what to do; the reason is for programs, which must not read messages.
  if (reason) return `${problem.rawMessage}\n(${reason})`;
  // Without a reason the error is not the server's.
  if (problem.code === Code.Unavailable) {
    return `No server answers at ${endpoint} (${problem.rawMessage}): start \`analytics serve\`, or set ANALYTICS_ENDPOINT.`;
  }
  return `${endpoint} does not answer as an analytics server does: ${problem.message}`;
}

/**
 * The name of the `analytics.v1.ErrorReason` in an error's `google.rpc.ErrorInfo`. Undefined when it carries none.
 *
 * @param {ConnectError} error
 */
function reasonOf({ details }) {
  for (const detail of details) {
    if (!("type" in detail) || detail.type !== "google.rpc.ErrorInfo") continue;
    // The reason is field 1. A program that needs more of it generates code from google/rpc/error_details.proto.
    const reader = new BinaryReader(detail.value);
    while (reader.pos < reader.len) {
      const [field, wireType] = reader.tag();
      if (field === 1) return reader.string();
      reader.skip(wireType);
    }
  }
  return undefined;
}
