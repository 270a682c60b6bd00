/** Where the key is kept: for this tab, until it closes. Never a cookie and never for longer. */
const STORAGE_NAME = "analytics.key";

/** What of the browser the key needs, so that tests can do without one. */
export interface KeyPlace {
  readonly location: { readonly hash: string; readonly pathname: string; readonly search: string };
  readonly history: { replaceState(data: unknown, unused: string, url: string): void };
  readonly sessionStorage: Pick<Storage, "getItem" | "setItem" | "removeItem">;
}

/**
 * Takes the key out of an address such as `http://127.0.0.1:4000/#key=ak_…` and keeps it. Browsers never send what follows the
 * `#`, and afterwards it stands neither in the address bar nor in the history.
 *
 * Returns whether the address had one.
 */
export function adoptKeyFromAddress(place: KeyPlace): boolean {
  const key = new URLSearchParams(place.location.hash.slice(1)).get("key")?.trim();
  if (!key) return false;
  keepKey(place, key);
  place.history.replaceState(null, "", place.location.pathname + place.location.search);
  return true;
}

/** The kept key. Null when there is none. */
export function keptKey(place: KeyPlace): string | null {
  return place.sessionStorage.getItem(STORAGE_NAME);
}

/** Keeps a key for this tab. */
export function keepKey(place: KeyPlace, key: string): void {
  place.sessionStorage.setItem(STORAGE_NAME, key);
}

/** Forgets the kept key. */
export function forgetKey(place: KeyPlace): void {
  place.sessionStorage.removeItem(STORAGE_NAME);
}
