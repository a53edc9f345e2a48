import { mkdir, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { historyToJSON } from "@temporalio/common/lib/proto-utils.js";
import { expect, test } from "vitest";
import { cancel, state } from "#workflows/messages.ts";
import { scriptedActivities } from "#tests/workflows/fake-activities.ts";
import { workflowWorker } from "#tests/workflows/run-workflow.ts";
import { channelStories } from "./channel-stories.ts";
import { reviewStories } from "./review-stories.ts";
import { stories } from "./stories.ts";

const folder = new URL("./histories/", import.meta.url);

// A history is recorded once, by the commit that brought the shape, and then stays as it is: this test writes only
// what is missing. In CI nothing may be missing.
for (const [name, story] of Object.entries({ ...stories, ...channelStories, ...reviewStories })) {
  test(`the shape ${name} has a recorded history`, { timeout: 120_000 }, async () => {
    const file = new URL(`${name}.json`, folder);
    if (existsSync(file)) return;
    expect(process.env["CI"], `record ${name} by running this test outside of CI, and commit the file`).toBeUndefined();
    const { activities } = scriptedActivities(story.activities);
    await using worker = await workflowWorker(activities);
    const run = await (name in reviewStories ? worker.startReview() : worker.start(story.input));
    await story.drive?.(run, worker.client);
    if (story.cancelIn !== undefined) {
      while ((await run.query(state)).stage !== story.cancelIn) await wait(50);
      await run.executeUpdate(cancel);
    }
    await run.result().catch(() => undefined);
    const kept = story.keep === undefined ? run : worker.client.workflow.getHandle(story.keep(run));
    await kept.result().catch(() => undefined);
    await mkdir(folder, { recursive: true });
    const history = historyToJSON(await kept.fetchHistory());
    // Where the recording machine keeps its files is nobody's business, and no replay looks at it.
    await writeFile(file, history.replaceAll(/"stackTrace": "(?:[^"\\]|\\.)*"/g, '"stackTrace": ""'));
  });
}
