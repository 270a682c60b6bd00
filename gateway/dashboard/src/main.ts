import { App } from "./app.js";
import { adoptKeyFromAddress } from "./key.js";

// Before anything else, so that the key stands in the address bar for as short as can be.
adoptKeyFromAddress(window);

const root = document.getElementById("app");
if (root) {
  // The gateway serves calls beside this page, whatever path prefix it lives under.
  const app = new App(new URL(".", document.baseURI).href.replace(/\/$/, ""));
  app.mount(root);
  // An address with a key that is opened in this same tab changes no more than what follows the `#`.
  window.addEventListener("hashchange", () => adoptKeyFromAddress(window) && app.start());
}
