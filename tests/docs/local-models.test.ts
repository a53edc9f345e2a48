import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { serverKinds } from "#tests/fakes/openai-servers.ts";

const page = readFileSync("docs/local-models.md", "utf8");
const rows = page
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );

test("each quirk of a server of one's own has a test, and each server that the stand-in plays has quirks", () => {
  const titles = globSync("tests/{activities,local}/**/*.test.ts").flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .filter((line) => /"/.test(line)),
  );
  const isTested = (name: string) => {
    const parts = name.split("…").map((part) => part.trim());
    return titles.some((title) => parts.every((part) => title.includes(part)));
  };
  const named = rows.flatMap((cells) => (cells.at(-1) ?? "").split(", "));
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !isTested(name))).toEqual([]);
  const told = rows.map(([server = ""]) => server.toLowerCase().replace(" ", "-"));
  expect(serverKinds.filter((kind) => !told.includes(kind))).toEqual([]);
});
