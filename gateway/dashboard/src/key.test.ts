import { expect, test } from "vitest";

import { adoptKeyFromAddress, forgetKey, keepKey, keptKey, type KeyPlace } from "./key.js";

function browserAt(hash: string) {
  const stored = new Map<string, string>();
  const addresses: string[] = [];
  const place: KeyPlace = {
    location: { hash, pathname: "/stats/", search: "?project=demo" },
    history: { replaceState: (_data, _unused, url) => void addresses.push(url) },
    sessionStorage: {
      getItem: (name) => stored.get(name) ?? null,
      setItem: (name, value) => void stored.set(name, value),
      removeItem: (name) => void stored.delete(name),
    },
  };
  return { place, addresses };
}

test("a key in the address is kept and leaves the address", () => {
  const { place, addresses } = browserAt("#key=ak_abc");
  expect(adoptKeyFromAddress(place)).toBe(true);
  expect(keptKey(place)).toBe("ak_abc");
  expect(addresses).toEqual(["/stats/?project=demo"]);
});

test.each(["", "#", "#key=", "#key=%20", "#other=1"])("the address %j has no key and stays", (hash) => {
  const { place, addresses } = browserAt(hash);
  expect(adoptKeyFromAddress(place)).toBe(false);
  expect(keptKey(place)).toBeNull();
  expect(addresses).toEqual([]);
});

test("a forgotten key is gone", () => {
  const { place } = browserAt("");
  keepKey(place, "ak_abc");
  forgetKey(place);
  expect(keptKey(place)).toBeNull();
});
