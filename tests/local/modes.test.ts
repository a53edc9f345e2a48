import { chmodSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { closeDataFolder } from "#local/modes.ts";
import { supervise } from "#local/supervisor.ts";

const passage = process.getuid?.() === 0 ? 0o711 : 0o700;
const modesIn = (folder: string) =>
  Object.fromEntries(
    ["", ...readdirSync(folder, { recursive: true }).map(String)].map((path) => [
      path,
      lstatSync(join(folder, path)).mode & 0o777,
    ]),
  );

/** A data folder as an earlier release left it, open to everybody. */
function openFolder(files: string[]) {
  const folder = mkdtempSync(join(tmpdir(), "convene-modes-"));
  for (const file of files) {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), "x");
  }
  for (const path of ["", ...readdirSync(folder, { recursive: true }).map(String)]) {
    const full = join(folder, path);
    chmodSync(full, lstatSync(full).isDirectory() ? 0o755 : 0o644);
  }
  return folder;
}

test("a data folder that was open is shut: folders 700, files 600, a passage for Postgres' account where it needs one", () => {
  const folder = openFolder([
    "secrets.json",
    "temporal.db",
    "media/conversations/1/original",
    "media/uploads/2",
    "logs/web.log",
    "postgres/moved-to",
    "postgres/cluster/PG_VERSION",
    "demo/secrets.json",
    "demo/media/1",
    "demo/postgres/cluster/PG_VERSION",
  ]);
  // What Postgres made of its cluster is left to it.
  for (const cluster of ["postgres/cluster", "demo/postgres/cluster"]) chmodSync(join(folder, cluster), 0o750);
  expect(closeDataFolder(folder)).toEqual([]);
  expect(modesIn(folder)).toEqual({
    "": passage,
    "secrets.json": 0o600,
    "temporal.db": 0o600,
    media: 0o700,
    "media/conversations": 0o700,
    "media/conversations/1": 0o700,
    "media/conversations/1/original": 0o600,
    "media/uploads": 0o700,
    "media/uploads/2": 0o600,
    logs: 0o700,
    "logs/web.log": 0o600,
    postgres: passage,
    "postgres/moved-to": 0o600,
    "postgres/cluster": 0o750,
    "postgres/cluster/PG_VERSION": 0o644,
    demo: passage,
    "demo/secrets.json": 0o600,
    "demo/media": 0o700,
    "demo/media/1": 0o600,
    "demo/postgres": passage,
    "demo/postgres/cluster": 0o750,
    "demo/postgres/cluster/PG_VERSION": 0o644,
  });
});

test("links are not followed out of the folder, and what is shut already is not touched", () => {
  const outside = openFolder(["theirs"]);
  const folder = openFolder(["media/1"]);
  symlinkSync(outside, join(folder, "linked"));
  symlinkSync(join(outside, "theirs"), join(folder, "media", "linked"));
  closeDataFolder(folder);
  expect(modesIn(outside)).toEqual({ "": 0o755, theirs: 0o644 });
  const changedAt = lstatSync(join(folder, "media", "1")).ctimeMs;
  closeDataFolder(folder);
  expect(lstatSync(join(folder, "media", "1")).ctimeMs).toBe(changedAt);
});

test("what a private process writes is for its own account alone, also under a niceness", async () => {
  const folder = mkdtempSync(join(tmpdir(), "convene-umask-"));
  const file = join(folder, "written");
  for (const niceness of [undefined, 5]) {
    const script = `require("node:fs").writeFileSync(${JSON.stringify(file)} + (${niceness} ?? ""), "x"); setInterval(() => {}, 1000)`;
    const writer = supervise(
      {
        name: "writer",
        command: process.execPath,
        args: ["-e", script],
        isPrivate: true,
        ...(niceness === undefined ? {} : { niceness }),
        isReady: async () => readdirSync(folder).includes(`written${niceness ?? ""}`),
      },
      { log: () => {} },
    );
    await writer.start();
    await writer.ready();
    await writer.stop();
  }
  expect(modesIn(folder)).toMatchObject({ written: 0o600, written5: 0o600 });
});
