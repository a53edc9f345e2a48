import { join } from "node:path";
import { shortAddress } from "#domain/channels/youtube.ts";
import type { AllowedAddresses } from "../../../allowed-addresses.ts";
import { SourceFailed } from "../../source-failed.ts";
import { problemFromMessage } from "./failure-messages.ts";
import { findYtdlp, ToolMissing } from "./tool.ts";
import type { YtdlpTool } from "./tool.ts";

export interface YtdlpSettings {
  cacheDir: string;
  path: string | undefined;
  /** A proxy of the operator's, which then decides what may be connected to. */
  proxy: string | undefined;
  log: (message: string) => void;
}

export interface YtdlpDeps extends YtdlpSettings {
  allowedAddresses: AllowedAddresses;
  operatorUrl: string | undefined;
}

/** yt-dlp on this machine; what is missing of it is a problem of the source's, for whoever looks at the channel. */
export async function toolOf(settings: YtdlpSettings, address: string): Promise<YtdlpTool> {
  return await findYtdlp(settings).catch(asMissing(shortAddress(address)));
}

export const asMissing =
  (address: string) =>
  (error: unknown): never => {
    throw error instanceof ToolMissing ? new SourceFailed("tool_missing", address, { cause: error }) : error;
  };

/** What it is told whatever it is to do. */
export const commonArguments = ({ cacheDir, proxy }: { cacheDir: string; proxy: string }): string[] => [
  "--ignore-config",
  "--proxy",
  proxy,
  "--cache-dir",
  join(cacheDir, "yt-dlp-cache"),
  "--no-js-runtimes",
  "--js-runtimes",
  `node:${process.execPath}`,
  "--socket-timeout",
  "20",
  "--extractor-retries",
  "2",
];

/** What it says of its failure, as a source's problem. */
export function failureOf(said: string, url: string): SourceFailed {
  // Warnings tell of what it mended by itself.
  const errors = said.split("\n").filter((line) => !line.startsWith("WARNING:"));
  return new SourceFailed(problemFromMessage(errors.join("\n")) ?? "server_error", url, { cause: said.slice(-2_000) });
}
