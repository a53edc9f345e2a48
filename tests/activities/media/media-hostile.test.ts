import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { transcodeMedia } from "#activities/clients/media/transcode.ts";
import { makeMedia, readPcm } from "#tests/fixtures/make-media.ts";

let dir = "";
let speech = new Int16Array();

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), "convene-hostile-"));
  speech = (await readPcm("tests/fixtures/two-cities.wav")).slice(0, 16_000 * 10);
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const transcode = (input: string, limits: object = {}) =>
  transcodeMedia({
    input,
    outDir: `${input}.out`,
    maxDurationSeconds: 3600,
    deadlineMs: 60_000,
    maxRssMb: 500,
    ...limits,
  });

async function file(name: string, content: string | Uint8Array) {
  const path = join(dir, name);
  await writeFile(path, content);
  return path;
}

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

test("an empty file, a text and an image are refused by name of the reason", async () => {
  await expect(transcode(await file("empty.mp3", ""))).rejects.toMatchObject({
    type: "empty_file",
    nonRetryable: true,
  });
  await expect(transcode(await file("text.mp3", "Minutes of the meeting. ".repeat(500)))).rejects.toMatchObject({
    type: "not_audio",
    nonRetryable: true,
  });
  await expect(transcode(await file("image.wav", png))).rejects.toMatchObject({ type: "not_audio" });
});

test("a playlist disguised as audio is refused, and nothing it names is opened", async () => {
  let asked = 0;
  const server = createServer((_, response) => {
    asked += 1;
    response.end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/secret.mp3`;
  const target = join(dir, "target.wav");
  await makeMedia({ path: target, kind: "wav", samples: speech });
  const playlists = {
    "hls.mp3": `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
    // By its own name FFmpeg would take it for what it is.
    "hls.m3u8": `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
    "hls-file.m4a": `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nfile://${target}\n#EXT-X-ENDLIST\n`,
    "concat.wav": `ffconcat version 1.0\nfile ${target}\n`,
    "session.mp3": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 5004 RTP/AVP 0\n",
    "dash.mp4": `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><BaseURL>${url}</BaseURL></MPD>`,
  };
  for (const [name, content] of Object.entries(playlists)) {
    await expect(transcode(await file(name, content))).rejects.toMatchObject({ type: "not_audio" });
  }
  server.close();
  expect(asked).toBe(0);
});

test("the name of a file means nothing", async () => {
  const made = join(dir, "really-flac.mp4");
  await makeMedia({ path: made, kind: "flac", samples: speech });
  expect((await transcode(made)).facts.container).toBe("flac");
});

test("a file cut short is used as far as it goes, with a warning", async () => {
  const whole = join(dir, "whole.mp3");
  await makeMedia({ path: whole, kind: "flac", samples: speech });
  const bytes = await readFile(whole);
  const made = await transcode(await file("half.flac", bytes.subarray(0, bytes.length / 2)));
  expect(made.facts.durationMs).toBeGreaterThan(3000);
  expect(made.facts.durationMs).toBeLessThan(8000);
  expect(made.warnings.join()).toMatch(/could be read/);
});

test("a file whose index is cut off is damaged", async () => {
  const whole = join(dir, "whole.m4a");
  await makeMedia({ path: whole, kind: "m4a", samples: speech });
  const bytes = await readFile(whole);
  const headless = await file("headless.m4a", bytes.subarray(0, bytes.length / 2));
  await expect(transcode(headless)).rejects.toMatchObject({ type: "damaged_media", nonRetryable: true });
  const noise = Uint8Array.from({ length: 20_000 }, (_, index) => (index * 7919) % 251);
  noise.set(Buffer.from("OggS"));
  await expect(transcode(await file("noise.ogg", noise))).rejects.toMatchObject({ type: "damaged_media" });
});

test("a few broken packets in the middle do not end a recording", async () => {
  const whole = join(dir, "scratched.mp3");
  await makeMedia({ path: whole, kind: "mp3", samples: speech });
  const bytes = await readFile(whole);
  bytes.fill(0x55, 20_000, 20_900);
  const made = await transcode(await file("scratched.mp3", bytes));
  expect(made.facts.durationMs).toBeGreaterThan(9000);
});

test("hours of silence in a small file end at the limit of duration", async () => {
  const second = join(dir, "second.aac");
  await makeMedia({ path: second, kind: "aac", samples: new Int16Array(16_000) });
  const bytes = await readFile(second);
  const hours = await file("hours.aac", Buffer.concat(Array.from({ length: 3 * 3600 }, () => bytes)));
  await expect(transcode(hours, { maxDurationSeconds: 300 })).rejects.toMatchObject({
    type: "too_long",
    nonRetryable: true,
  });
});

test("a deadline and a memory limit end the work, and an abort does at once", async () => {
  const path = join(dir, "limits.wav");
  await makeMedia({ path, kind: "wav", samples: speech });
  await expect(transcode(path, { deadlineMs: 20 })).rejects.toMatchObject({ type: "resource_limit" });
  await expect(transcode(path, { maxRssMb: 20 })).rejects.toMatchObject({ type: "resource_limit", nonRetryable: true });
  const reason = new Error("cancelled by a person");
  const abort = new AbortController();
  setTimeout(() => abort.abort(reason), 100);
  await expect(transcode(path, { signal: abort.signal })).rejects.toBe(reason);
});

test("a video without sound is not audio", async () => {
  const path = join(dir, "image.gif");
  await writeFile(path, Buffer.from("R0lGODlhAQABAIAAAAUEBAAAACwAAAAAAQABAAACAkQBADs=", "base64"));
  await expect(transcode(path)).rejects.toMatchObject({ type: "not_audio" });
});
