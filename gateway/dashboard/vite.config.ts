import { defineConfig } from "vite";

export default defineConfig({
  // Relative addresses, so that the page works below any path prefix.
  base: "./",
  build: {
    target: "es2022",
    // The gateway's content security policy allows files of its own origin and nothing inline.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    host: "127.0.0.1",
    proxy: { "^/analytics\\.v1\\.": "http://127.0.0.1:4000" },
  },
});
