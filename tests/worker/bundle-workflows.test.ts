import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const script = fileURLToPath(new URL("../../worker/bundle-workflows.ts", import.meta.url));

test("the bundle takes a byte a character, its map tells lines and repeats no sources, and the words are as written", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [script], { maxBuffer: 64 * 1024 * 1024 });
  expect(stdout).not.toMatch(/[\u0100-\uffff]/);
  expect(stdout).toContain(String.raw`Preparing the audio\u2026`);
  const map = JSON.parse(Buffer.from(stdout.slice(stdout.lastIndexOf("base64,") + 7), "base64").toString()) as object;
  expect(Object.keys(map)).toEqual(expect.arrayContaining(["file", "mappings", "sources"]));
  expect(map).not.toHaveProperty("sourcesContent");
}, 60_000);
