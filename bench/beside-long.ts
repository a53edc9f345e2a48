import { openAsBlob } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { speechOf } from "./pipeline.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { newFolder } from "./stack/stack.ts";
import type { Stack } from "./stack/stack.ts";

// What somebody waits for 10 s of speech, whatever others have uploaded.
const targetSeconds = 30;
const stages = ["transcode", "diarization", "alignment"] as const;

/** Somebody's clip of 10 s while two long recordings of others take all the places there are. */
export const besideLong: Scenario = {
  name: "beside-long",
  title: "A clip of 10 s beside two long recordings",
  async run({ short, long, stack: ready, say }) {
    const stack = await ready();
    const minutes = long ? 180 : short ? 20 : 40;
    const folder = await newFolder();
    const figures: Figure[] = [];
    const longOnes: string[] = [];
    try {
      const files = { clip: join(folder, "clip.wav"), long: join(folder, "long.wav") };
      await writeFile(files.clip, await speechOf(10));
      await writeFile(files.long, await speechOf(minutes * 60));
      const clip = async () => (await completed(stack, await upload(stack, files.clip))).seconds;
      // The first one loads the models and fills caches.
      await clip();
      figures.push({ label: "alone", value: await clip(), unit: "s" });
      longOnes.push(await upload(stack, files.long), await upload(stack, files.long));
      for (const stage of stages) {
        await Promise.all(longOnes.map((id) => reached(stack, id, stage)));
        say(`both of ${minutes} minutes are at ${stage}`);
        const label = `beside two of ${minutes} minutes, both at ${stage}`;
        // Decoding is one piece of work, which a clip waits for.
        const target = stage === "transcode" ? {} : { target: targetSeconds };
        const value = await clip();
        say(`${label}: ${value} s`);
        figures.push({ label, value, unit: "s", ...target });
      }
      const decoded = await stack.database.prisma.runStage.findMany({
        where: { stage: "transcode", run: { conversationId: { in: longOnes } } },
      });
      const seconds = decoded.map(
        ({ startedAt, finishedAt }) => ((finishedAt ?? startedAt).getTime() - startedAt.getTime()) / 1000,
      );
      return [...figures, { label: `decoding of ${minutes} minutes, whole`, value: Math.max(...seconds), unit: "s" }];
    } finally {
      await Promise.all(longOnes.map((id) => post(stack, `/api/recordings/${id}/cancel`)));
      await rm(folder, { recursive: true, force: true });
    }
  },
};

const post = ({ url, person }: Stack, path: string, body?: FormData) =>
  fetch(`${url}${path}`, {
    method: "POST",
    headers: { cookie: person.cookie, origin: person.origin },
    ...(body === undefined ? {} : { body }),
  });

async function upload(stack: Stack, file: string): Promise<string> {
  const form = new FormData();
  form.set("file", await openAsBlob(file), "bench.wav");
  const response = await post(stack, "/api/recordings?duplicate=allow", form);
  if (!response.ok) throw new Error(`The upload was answered ${response.status}: ${await response.text()}`);
  return ((await response.json()) as { id: string }).id;
}

async function completed({ database }: Stack, id: string): Promise<{ seconds: number }> {
  for (;;) {
    const run = await database.prisma.run.findFirstOrThrow({ where: { conversationId: id } });
    if (run.status === "failed") throw new Error(`The run failed: ${run.errorCode} ${run.errorMessage}`);
    if (run.finishedAt !== null) return { seconds: (run.finishedAt.getTime() - run.createdAt.getTime()) / 1000 };
    await sleep(100);
  }
}

async function reached({ database }: Stack, id: string, stage: string): Promise<void> {
  for (;;) {
    const run = await database.prisma.run.findFirstOrThrow({
      where: { conversationId: id },
      include: { stages: true },
    });
    if (run.finishedAt !== null) throw new Error(`A long recording was done before it came to ${stage}`);
    if (run.stage === stage) return;
    if (run.stages.some((each) => each.stage === stage && each.finishedAt !== null))
      throw new Error(`${stage} is over`);
    await sleep(100);
  }
}
