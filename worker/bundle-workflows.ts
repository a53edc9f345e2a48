import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/*
 * Prints the workflows' code as one script. Run as a process of its own by the worker: what the bundler holds, some
 * 150 MB, would stay with the worker for good.
 */
const logger = new DefaultLogger("WARN", ({ message }) => process.stderr.write(`${message}\n`));
const workflowsPath = fileURLToPath(import.meta.resolve("#workflows/index.ts"));
const { code } = await bundleWorkflowCode({ workflowsPath, logger });
process.stdout.write(slim(code));

/**
 * The SDK keeps script and map for good, in its main thread and in that of the workflows. Stack traces need the map's
 * lines, not the sources repeated in it, which are half of all; and one character beyond Latin-1 doubles the whole.
 */
function slim(bundle: string): string {
  const [script, map] = bundle.split(/(?<=\/\/# sourceMappingURL=data:application\/json;.*base64,)/);
  if (script === undefined || map === undefined) return bundle;
  const { sourcesContent: _, ...lines } = JSON.parse(Buffer.from(map, "base64").toString()) as Record<string, unknown>;
  const narrow = script.replace(/[\u0100-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return narrow + Buffer.from(JSON.stringify(lines)).toString("base64");
}
