import { defineConfig } from "vitest/config";

import { PLATFORMS } from "./src/platform.js";

export default defineConfig({
  test: {
    // Every test over each way to run the platform.
    projects: Object.keys(PLATFORMS).map((name) => ({
      test: {
        name,
        include: ["tests/**/*.test.ts"],
        globalSetup: "src/setup.ts",
        // Generous, because a browser may start on a machine that is busy building: they only bound what hangs.
        testTimeout: 60_000,
        hookTimeout: 120_000,
      },
    })),
  },
});
