import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { keptBundle } from "#worker/kept-bundle.ts";

let root: string;
let made = 0;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "convene-bundle-"));
  made = 0;
  await write("workflows/a.ts", "first");
});
afterEach(() => rm(root, { recursive: true }));

async function write(path: string, text: string): Promise<void> {
  await mkdir(join(root, path, ".."), { recursive: true });
  await writeFile(join(root, path), text);
}
/** "Bundles" by reading the one source. */
async function make(): Promise<string> {
  made += 1;
  return readFile(join(root, "workflows/a.ts"), "utf8");
}

test("a bundle is made once, and anew when a source, a dependency or the way it is made changes", async () => {
  expect([await keptBundle({ make, root }), await keptBundle({ make, root }), made]).toEqual(["first", "first", 1]);
  await write("workflows/a.ts", "second");
  expect([await keptBundle({ make, root }), made]).toEqual(["second", 2]);
  await write("workflows/a.ts", "first");
  expect([await keptBundle({ make, root }), made]).toEqual(["first", 2]);
  const others = ["domain/deep/b.ts", "workflows/c.ts", "worker/bundle-workflows.ts"];
  for (const path of [...others, "package-lock.json", "node_modules/.package-lock.json"]) {
    const before = made;
    await write(path, "new");
    await keptBundle({ make, root });
    expect([path, made - before]).toEqual([path, 1]);
  }
  const before = made;
  await keptBundle({ make, root, variant: "short" });
  expect(made - before).toBe(1);
});

test("starts at the same time get whole bundles, and nothing half written stays", async () => {
  const text = "x".repeat(3_000_000);
  await write("workflows/a.ts", text);
  const bundles = await Promise.all(Array.from({ length: 6 }, () => keptBundle({ make, root })));
  expect(bundles.every((each) => each === text)).toBe(true);
  expect(await readdir(join(root, "node_modules/.cache/workflows"))).toEqual([
    expect.stringMatching(/^[\da-f]{64}\.js$/),
  ]);
});

test("drafts of starts at the same time push no bundle out, and those of killed ones go", async () => {
  const folder = join(root, "node_modules/.cache/workflows");
  const later = Date.now() / 1000 + 60;
  const drafts = ["1", "2", "3", "4", "5"].map((each) => `${"0".repeat(64)}.${each}`);
  for (const name of [...drafts, "left"]) {
    await write(`node_modules/.cache/workflows/${name}`, "half");
    await utimes(join(folder, name), later, name === "left" ? later - 7_200 : later);
  }
  await keptBundle({ make, root });
  expect((await readdir(folder)).toSorted()).toEqual([...drafts, expect.stringMatching(/^[\da-f]{64}\.js$/)]);
});

test("what was made of sources that changed meanwhile is not kept for others", async () => {
  const changing = async () => {
    await write("workflows/a.ts", "second");
    return make();
  };
  expect(await keptBundle({ make: changing, root })).toBe("second");
  await write("workflows/a.ts", "first");
  expect(await keptBundle({ make, root })).toBe("first");
});

test("where nothing can be written each start bundles for itself", async () => {
  await write("node_modules/.cache", "a file where the folder would be");
  expect([await keptBundle({ make, root }), await keptBundle({ make, root }), made]).toEqual(["first", "first", 2]);
});

test("old bundles go", async () => {
  for (let at = 0; at < 8; at += 1) {
    await write("workflows/a.ts", String(at));
    await keptBundle({ make, root });
    const folder = join(root, "node_modules/.cache/workflows");
    // Files made within one tick of the clock have an order too.
    for (const name of await readdir(folder)) {
      if ((await readFile(join(folder, name), "utf8")) === String(at)) await utimes(join(folder, name), at, at);
    }
  }
  expect((await readdir(join(root, "node_modules/.cache/workflows"))).length).toBeLessThan(6);
  const before = made;
  expect([await keptBundle({ make, root }), made]).toEqual(["7", before]);
});

test("all that the workflows are bundled from is among what a kept bundle is compared with", async () => {
  const code = await readFile(inject("workflowBundlePath"), "utf8");
  const [, map = ""] = /sourceMappingURL=data:application\/json;charset=utf-8;base64,([\w+/=]+)/.exec(code) ?? [];
  const { sources } = JSON.parse(Buffer.from(map, "base64").toString()) as { sources: string[] };
  const own = sources.filter((source) => !/node_modules|webpack/.test(source));
  expect(own.some((source) => /\/workflows\/\w+\.ts$/.test(source))).toBe(true);
  expect(own.filter((source) => !/\/(workflows|domain)\/|\/tests\/setup\/short-timing\.ts/.test(source))).toEqual([]);
});
