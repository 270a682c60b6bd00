import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["tests/**/*.test.ts"],
    globalSetup: "src/setup.ts",
    // Generous, because a browser may start on a machine that is busy building: they only bound what hangs.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
