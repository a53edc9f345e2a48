// Run as a process of its own: fetches the official Temporal release into the folder named by the first argument, by
// the SDK's own downloader, which knows the release for this system and this SDK version.
import { TestWorkflowEnvironment } from "@temporalio/testing";

const downloadDir = process.argv[2];
if (!downloadDir) throw new Error("Name the folder to download to.");
const environment = await TestWorkflowEnvironment.createLocal({
  server: { executable: { type: "cached-download", downloadDir, ttl: "10 years" } },
});
await environment.teardown();
