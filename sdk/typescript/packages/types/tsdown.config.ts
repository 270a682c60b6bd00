import { defineConfig } from "tsdown";

export default defineConfig({
  entry: "src/index.ts",
  format: ["esm", "cjs"],
  // Browsers and Node alike: nothing in here touches either.
  platform: "neutral",
  target: "es2022",
  dts: true,
  fixedExtension: false,
});
