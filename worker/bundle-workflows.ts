import { fileURLToPath } from "node:url";
import { bundleWorkflowCode, DefaultLogger } from "@temporalio/worker";

/*
 * Prints the workflows' code as one script. Run as a process of its own by the worker: what the bundler holds, some
 * 150 MB, would stay with the worker for good.
 */
const logger = new DefaultLogger("WARN", ({ message }) => process.stderr.write(`${message}\n`));
const workflowsPath = fileURLToPath(import.meta.resolve("#workflows/index.ts"));
const { code } = await bundleWorkflowCode({ workflowsPath, logger });
process.stdout.write(code);
