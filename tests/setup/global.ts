import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundleWorkflowCode, type BundleOptions, type Logger } from "@temporalio/worker";
import type { TestProject } from "vitest/node";
import { cacheFolder } from "#local/cache-folder.ts";
import { findTemporal } from "#local/temporal-binary.ts";
import { prepareNamespace } from "#local/temporal-namespace.ts";
import { startTemporal } from "#local/temporal.ts";
import { keptBundle } from "#worker/kept-bundle.ts";
import { outsideTemporal } from "./outside-temporal.ts";
import { startTemplate } from "./template.ts";

const shortTiming = new URL("./short-timing.ts", import.meta.url).pathname;

declare module "vitest" {
  interface ProvidedContext {
    temporalAddress: string;
    temporalNamespace: string;
    /** The file for `Worker.create({ workflowBundle: { codePath } })`. */
    workflowBundlePath: string;
  }
}

/** One Postgres, one Temporal server (TEMPORAL_ADDRESS names another) and one workflow bundle for the whole run. */
export default async function setup(project: TestProject) {
  const folder = await mkdtemp(join(tmpdir(), "convene-test-"));
  const events = { log: () => {} };
  const [template, temporal, bundlePath] = await Promise.all([
    startTemplate(),
    startReadyTemporal(events),
    writeBundle(folder),
  ]);
  project.provide("templateUrl", template.url);
  project.provide("temporalAddress", temporal.address);
  project.provide("temporalNamespace", temporal.namespace);
  project.provide("workflowBundlePath", bundlePath);
  return async () => {
    await Promise.all([temporal.stop(), template.stop()]);
    await rm(folder, { recursive: true, force: true });
  };
}

type Events = { log: () => void };

async function startReadyTemporal(events: Events) {
  const say = (line: string) => console.log(`[temporal] ${line}`);
  const outside = outsideTemporal();
  if (outside) {
    await prepareNamespace({ address: outside.address, namespace: outside.namespace, warn: say });
    return { ...outside, stop: () => Promise.resolve() };
  }
  const binary = await findTemporal({ cacheDir: cacheFolder(), say });
  // New search attributes are usable at once instead of after a few seconds.
  const settings = { "system.forceSearchAttributesCacheRefreshOnRead": true };
  // Tests wait for it: stepping back as in earnest, it would hardly move beside whatever else the machine does.
  const temporal = await startTemporal({ binary, ui: false, niceness: 0, settings }, events);
  await prepareNamespace({ address: temporal.address, namespace: temporal.namespace, warn: say });
  return temporal;
}

async function writeBundle(folder: string) {
  const workflowsPath = new URL("../../workflows/index.ts", import.meta.url).pathname;
  const variant = await readFile(shortTiming, "utf8");
  const make = async () =>
    (await bundleWorkflowCode({ workflowsPath, logger: silent, webpackConfigHook: withShortTiming })).code;
  const code = await keptBundle({ make, variant });
  const path = join(folder, "workflows.js");
  await writeFile(path, code);
  return path;
}

type WebpackConfig = Parameters<NonNullable<BundleOptions["webpackConfigHook"]>>[0];

const withShortTiming = (config: WebpackConfig): WebpackConfig => ({
  ...config,
  resolve: { ...config.resolve, alias: Object.assign({}, config.resolve?.alias, { "#domain/timing.ts": shortTiming }) },
});

const silent: Logger = { log() {}, trace() {}, debug() {}, info() {}, warn() {}, error() {} };
