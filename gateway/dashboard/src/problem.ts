import { Code, ConnectError } from "@connectrpc/connect";

/** What went wrong and what to do about it, in words for the person at the page. */
export interface Problem {
  /** The key is the cause: ask for another one. */
  readonly keyNeeded: boolean;
  readonly title: string;
  readonly advice: string;
}

/** The problem behind whatever a call failed with. The server's own messages say what to do: they are kept. */
export function problemOf(error: unknown): Problem {
  const { code, rawMessage } = ConnectError.from(error);
  const problem = (title: string, advice = rawMessage): Problem => ({ keyNeeded: false, title, advice });
  switch (code) {
    case Code.Unauthenticated:
      return { keyNeeded: true, title: "The server does not accept this key", advice: rawMessage };
    case Code.PermissionDenied:
      return { keyNeeded: true, title: "This key may not do that", advice: rawMessage };
    case Code.NotFound:
      return problem("There is no such project");
    case Code.InvalidArgument:
      return problem("The server refuses this question");
    case Code.DeadlineExceeded:
      return problem("The answer took too long", "Choose a shorter range, or try again.");
    case Code.Unavailable:
      return problem("The server is busy or restarting", "It usually is back within seconds: try again.");
    case Code.Unimplemented:
      return problem("This server does not know that question", "It may be older than this page: reload the page.");
    // A request that never got an answer.
    case Code.Unknown:
    case Code.Internal:
      return isNetworkFailure(error)
        ? problem("The server cannot be reached", "See whether `analytics serve` still runs at this address, then try again.")
        : problem("The server failed", `Its log says more. It told: ${rawMessage}`);
    default:
      return problem("The question was not answered");
  }
}

function isNetworkFailure(error: unknown): boolean {
  const cause = error instanceof ConnectError ? error.cause : error;
  return cause instanceof TypeError;
}
