import { fork } from "node:child_process";
import { once } from "node:events";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";
import { speechWeights } from "#activities/clients/speech/weights.ts";
import { cacheFolder } from "#local/cache-folder.ts";
import type { PlainJob } from "./plain/script.ts";
import type { Figure, Scenario } from "./scenario.ts";
import { newFolder } from "./stack/stack.ts";
import type { Stack } from "./stack/stack.ts";

/** A recording through the whole of Convene beside a plain script that runs the same engines in one process. */
export const pipeline: Scenario = {
  name: "pipeline",
  title: "A 10-minute recording, beside a plain script",
  async run({ short, stack: ready, say }) {
    const stack = await ready();
    const seconds = short ? 60 : 600;
    const rounds = short ? 1 : 3;
    const folder = await newFolder();
    try {
      const file = join(folder, "recording.wav");
      await writeFile(file, await speechOf(seconds));
      const weights = await speechWeights({ cacheDir: cacheFolder(), log: say });
      const plain: number[] = [];
      const convene: Run[] = [];
      for (let round = 0; round < rounds; round += 1) {
        say(`round ${round + 1} of ${rounds}`);
        plain.push(await runPlain({ file, outDir: join(folder, `plain-${round}`), weights }));
        convene.push(await runConvene(stack, file));
      }
      return figuresOf(seconds, Math.min(...plain), convene.toSorted((a, b) => a.seconds - b.seconds)[0] as Run);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Run {
  /** From stored upload to completion. */
  seconds: number;
  stages: { stage: string; seconds: number }[];
}

// The best of the rounds on both sides: what disturbs a run only ever makes it slower.
function figuresOf(seconds: number, plain: number, convene: Run): Figure[] {
  return [
    { label: "plain script, from the start of its process to the result", value: plain, unit: "s" },
    { label: "Convene, upload stored to run completed", value: convene.seconds, unit: "s" },
    { label: "overhead", value: (convene.seconds / plain - 1) * 100, unit: "%", target: 15 },
    { label: "speech processed, in multiples of real time", value: seconds / convene.seconds, unit: "x" },
    ...convene.stages.map(({ stage, seconds }): Figure => ({ label: `stage ${stage}`, value: seconds, unit: "s" })),
  ];
}

async function runPlain(job: PlainJob): Promise<number> {
  const startedAt = performance.now();
  const script = fileURLToPath(new URL("plain/script.ts", import.meta.url));
  const child = fork(script, [JSON.stringify(job)]);
  const exited = once(child, "exit");
  const [said] = (await Promise.race([once(child, "message"), exited])) as unknown[];
  const seconds = (performance.now() - startedAt) / 1000;
  await exited;
  if (said !== "done" || child.exitCode !== 0) throw new Error("The plain script ended before it was done");
  return seconds;
}

/** Uploads it and waits for its result. */
export async function runConvene({ url, person, database }: Stack, file: string): Promise<Run> {
  const form = new FormData();
  form.set("file", new Blob([await readFile(file)]), "bench.wav");
  const response = await fetch(`${url}/api/recordings?duplicate=allow`, {
    method: "POST",
    headers: { cookie: person.cookie, origin: person.origin },
    body: form,
  });
  if (!response.ok) throw new Error(`The upload was answered ${response.status}: ${await response.text()}`);
  const { id } = (await response.json()) as { id: string };
  for (;;) {
    const run = await database.prisma.run.findFirstOrThrow({
      where: { conversationId: id },
      include: { stages: true },
    });
    if (run.status === "failed") throw new Error(`The run failed: ${run.errorCode} ${run.errorMessage}`);
    if (run.status === "completed" && run.finishedAt !== null) {
      const stages = run.stages
        .toSorted((a, b) => a.startedAt.getTime() - b.startedAt.getTime())
        .map(({ stage, startedAt, finishedAt }) => ({ stage, seconds: secondsBetween(startedAt, finishedAt) }));
      return { seconds: secondsBetween(run.createdAt, run.finishedAt), stages };
    }
    await sleep(250);
  }
}

const secondsBetween = (from: Date, to: Date | null) => ((to ?? from).getTime() - from.getTime()) / 1000;

/** `seconds` of clear read English: the sample, said again and again. 16 kHz mono, 16 bit. */
export async function speechOf(seconds: number): Promise<Buffer> {
  const sample = await readFile(new URL("../tests/fixtures/two-cities.wav", import.meta.url));
  const at = sample.indexOf("data") + 8;
  const header = Buffer.from(sample.subarray(0, at));
  const speech = sample.subarray(at);
  const wanted = seconds * 16_000 * 2;
  const audio = Buffer.concat(
    Array.from({ length: Math.ceil(wanted / speech.length) }, () => speech),
    wanted,
  );
  header.writeUInt32LE(at - 8 + wanted, 4);
  header.writeUInt32LE(wanted, at - 4);
  return Buffer.concat([header, audio]);
}
