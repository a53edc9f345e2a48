import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = dirname(dirname(import.meta.dirname));

/** By folder: what a file of it may import, and what it may not. */
const directions: Record<string, { may: string[]; mayNot: string[] }> = {
  domain: {
    may: ["zod", "./ids.ts", "../text.ts", "#domain/ids.ts"],
    mayNot: [
      "express",
      "node:fs",
      "@temporalio/workflow",
      "#records/runs.ts",
      "../records/runs.ts",
      "#prisma/client.ts",
    ],
  },
  workflows: {
    may: ["@temporalio/workflow", "@temporalio/common", "#domain/ids.ts", "./policies.ts"],
    mayNot: [
      "@temporalio/client",
      "express",
      "node:fs",
      "#records/runs.ts",
      "#activities/runs.ts",
      "../records/runs.ts",
    ],
  },
  records: {
    may: ["#domain/ids.ts", "#prisma/client.ts"],
    mayNot: ["#activities/runs.ts", "#web/deps.ts", "../web/deps.ts", "#tests/live-event.ts"],
  },
  activities: {
    may: ["#domain/ids.ts", "#records/runs.ts"],
    mayNot: ["#workflows/messages.ts", "#worker/env.ts", "#web/deps.ts", "../web/deps.ts"],
  },
  worker: { may: ["#activities/runs.ts"], mayNot: ["#web/deps.ts", "#local/log.ts", "../../web/deps.ts"] },
  web: {
    may: [
      "#activities/clients/media/mix.ts",
      "#activities/clients/accounts/accounts.ts",
      "#activities/clients/address-rule.ts",
      "#workflows/messages.ts",
      "#records/runs.ts",
    ],
    mayNot: [
      "#activities/media.ts",
      "#activities/clients/speech/engine.ts",
      "#activities/clients/sources/feed.ts",
      "../../activities/media.ts",
      "#workflows/recording.ts",
      "#worker/env.ts",
      "#local/log.ts",
      "#tests/live-event.ts",
    ],
  },
  local: { may: ["#worker/env.ts"], mayNot: ["#tests/live-event.ts", "#bench/main.ts"] },
};

let folder: string;
let refused: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "convene-lint-"));
  // What types say is another check, and needs the whole of the source.
  const config = JSON.parse(await readFile(join(root, ".oxlintrc.json"), "utf8")) as { options: object };
  await writeFile(join(folder, ".oxlintrc.json"), JSON.stringify({ ...config, options: {} }));
  for (const [name, { may, mayNot }] of Object.entries(directions)) {
    await mkdir(join(folder, name, "deeper"), { recursive: true });
    const imports = [...may, ...mayNot].map((from) => `import ${JSON.stringify(from)};\n`).join("");
    await writeFile(join(folder, name, "deeper", "file.ts"), imports);
  }
  const { stdout } = spawnSync(join(root, "node_modules/.bin/oxlint"), ["--format", "json"], {
    cwd: folder,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { code: string; message: string; filename: string }[] };
  refused = diagnostics
    .filter(({ code }) => code.includes("no-restricted-imports"))
    .map(({ filename, message }) => `${filename.split("/")[0]}: ${message.split("'")[1]}`);
});

afterAll(() => rm(folder, { recursive: true }));

test.each(Object.keys(directions))("the lint holds the directions that %s/ may import in", (name) => {
  const { mayNot } = directions[name]!;
  const ofFolder = refused.filter((line) => line.startsWith(`${name}: `));
  expect(ofFolder.toSorted()).toEqual(mayNot.map((from) => `${name}: ${from}`).toSorted());
});
