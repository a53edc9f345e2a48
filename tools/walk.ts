import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import { commandLine } from "#local/command-line.ts";
import { watchMeeting } from "./walk-socket.ts";
import type { Message } from "./walk-socket.ts";

// Walks the reference design's way through a server that runs: create, connect, upload, every message, summary.
//   npm run walk -- --url http://localhost:3000 --key cnv_… [--file talk.mp3] [--keep]

interface Walk {
  url: string;
  /** An API key, of the settings. */
  key: string;
  file: string;
  /** Leaves the recording there. */
  keep?: boolean;
  say?: (line: string) => void;
}

const stages = ["upload", "diarization", "transcription", "alignment"];
const Summary = z.object({ summary: z.object({ text: z.string().min(1) }) });

/** One line for each step; true when all of them passed. The first that fails ends the walk. */
export async function walk({ url, key, file, keep = false, say = console.log }: Walk): Promise<boolean> {
  const ask = asker(url, key);
  let step = "";
  let id: string | null = null;
  const begin = (name: string) => {
    step = name;
  };
  const pass = (words: string) => say(`PASS  ${step.padEnd(14)} ${words}`);
  try {
    begin("sign in");
    const { token } = z
      .object({ token: z.string().regex(/^[\w-]+\.[\w-]+\.[\w-]+$/) })
      .parse(await ask("GET", "/auth/token", 200));
    pass("a live token for the key");

    begin("create");
    const made = await ask("POST", "/recordings", 201, JSON.stringify({ title: "A walk", language: "en" }));
    ({ id } = z.object({ id: z.uuid() }).parse(made));
    pass(`a recording without sound: ${id}`);

    begin("connect");
    using socket = watchMeeting({ url, id, token });
    const connected = await socket.next("connected");
    must(connected.meeting_id === id, `of meeting ${connected.meeting_id}`);
    pass(connected.message);

    begin("ping");
    socket.ping();
    await socket.next("pong");
    pass("answered by pong");

    begin("upload");
    const form = new FormData();
    form.set("file", new Blob([await readFile(file)]), basename(file));
    await ask("POST", `/recordings/${id}/audio`, 202, form);
    pass(basename(file));

    for (const stage of stages) {
      begin(stage);
      const { status, details } = await socket.next("status");
      must(status === "processing" && details.stage === stage, `status ${status}, stage ${details.stage}`);
      pass(details.message);
    }

    begin("transcript");
    const segments = await socket.all("transcript", "summary");
    const speakers = new Set(segments.map(({ segment }) => segment.speaker));
    must(segments.length > 0, "no segment came before the summary");
    must(
      [...speakers].every((speaker) => /^SPEAKER_\d\d$/.test(speaker)),
      `speakers ${[...speakers].join(", ")}`,
    );
    must(isInOrder(segments), "the segments are not in the order in which they were said");
    pass(`${segments.length} segments of ${speakers.size} speakers`);

    begin("summary");
    const summary = await socket.next("summary");
    must(summary.summary !== "", "it is empty");
    pass(`${summary.summary.length} characters, ${summary.action_items.length} action items`);

    begin("completed");
    const { status, details } = await socket.next("status");
    must(status === "completed" && details.stage === "done", `status ${status}, stage ${details.stage}`);
    pass(details.message);

    begin("stored");
    const stored = Summary.parse(await ask("GET", `/recordings/${id}`, 200));
    must(stored.summary.text === summary.summary, "the summary over REST is another");
    pass("the same summary over REST");
    return true;
  } catch (error) {
    say(`FAIL  ${step.padEnd(14)} ${error instanceof Error ? error.message : String(error)}`);
    return false;
  } finally {
    if (id !== null && !keep) await ask("DELETE", `/recordings/${id}`, 204).catch((error: Error) => say(error.message));
  }
}

function must(holds: boolean, otherwise: string): void {
  if (!holds) throw new Error(otherwise);
}

const isInOrder = (segments: Extract<Message, { type: "transcript" }>[]) =>
  segments.every(({ segment }, index) => index === 0 || segment.timestamp >= segments[index - 1]!.segment.timestamp);

function asker(url: string, key: string) {
  return async (method: string, path: string, wanted: number, body?: FormData | string): Promise<unknown> => {
    const headers = new Headers({ authorization: `Bearer ${key}` });
    if (typeof body === "string") headers.set("content-type", "application/json");
    const response = await fetch(new URL(`/api${path}`, url), { method, headers, body: body ?? null });
    const text = await response.text();
    if (response.status !== wanted) throw new Error(`${method} /api${path}: ${response.status} ${text.slice(0, 200)}`);
    return text === "" ? null : JSON.parse(text);
  };
}

if (import.meta.main) {
  const text = { type: "string" } as const;
  const usage = "npm run walk -- --key cnv_… [--url http://localhost:3000] [--file SOUND] [--keep]";
  const { values } = commandLine(usage, {
    options: { url: text, key: text, file: text, keep: { type: "boolean" } },
  });
  const sample = join(import.meta.dirname, "..", "web", "sample", "sample-meeting.mp3");
  const { url = "http://localhost:3000", key = process.env["CONVENE_KEY"], file = sample, keep } = values;
  if (key === undefined) {
    console.error("Give an API key of the settings: npm run walk -- --key cnv_… (or CONVENE_KEY)");
    process.exit(2);
  }
  process.exit((await walk({ url, key, file, ...(keep === undefined ? {} : { keep }) })) ? 0 : 1);
}
