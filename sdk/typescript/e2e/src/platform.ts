import { startEmbedded } from "./embedded.js";
import { startServices } from "./services.js";

/** How a platform is set up. */
export interface PlatformOptions {
  /** Origins whose pages may call it. */
  readonly allowedOrigins: readonly string[];
}

/** A running platform that nobody used before. */
export interface Platform {
  /** The one address for every client, such as `http://127.0.0.1:41234`. */
  readonly endpoint: string;
  /** A key that may do everything. */
  readonly adminKey: string;
  /** Stops it in order, and removes what it stored. */
  stop(): Promise<void>;
}

/** The ways to run the platform, by name. Everything is tested over each. */
export const PLATFORMS: Readonly<Record<string, (options: PlatformOptions) => Promise<Platform>>> = {
  embedded: startEmbedded,
  services: startServices,
};
