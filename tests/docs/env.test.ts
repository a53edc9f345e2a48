import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { expect, test } from "vitest";
import { z } from "zod";
import { webEnvSchema } from "#web/env.ts";
import { workerEnvSchema } from "#worker/env.ts";

interface Variable {
  name: string;
  readBy: string;
  fallback: string;
}

const described = (schema: z.ZodType) =>
  z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as {
    properties: Record<string, { default?: string | number }>;
    required?: string[];
  };

/** Every variable of both processes, as the documents have to name it. */
function variables(): Variable[] {
  const web = described(webEnvSchema);
  const worker = described(workerEnvSchema);
  const names = new Set([...Object.keys(web.properties), ...Object.keys(worker.properties)]);
  return [...names].map((name) => {
    const [forWeb, forWorker] = [web.properties[name], worker.properties[name]];
    const required = web.required?.includes(name) || worker.required?.includes(name);
    const value = String((forWeb ?? forWorker)?.default ?? "").replace(homedir(), "~");
    const readBy = forWeb && forWorker ? "both" : forWeb ? "web" : "worker";
    return { name, readBy, fallback: required ? "required" : value };
  });
}

const readme = readFileSync("README.md", "utf8");
const part = (name: string) => readme.split(`<!-- ${name} -->`)[1]?.split(`<!-- /${name} -->`)[0] ?? "";
const cells = (text: string) =>
  text
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("`", "")));

const byName = (a: Variable, b: Variable) => a.name.localeCompare(b.name);

test("README names every variable of both processes, who reads it and what it is by default, and no other", () => {
  const written = cells(part("variables")).map(([, name = "", readBy = "", fallback = ""]) => ({
    name,
    readBy,
    fallback,
  }));
  expect(written.toSorted(byName)).toEqual(variables().toSorted(byName));
});

test(".env.example names the same variables with their defaults, and no secret", () => {
  const example = new Map(
    [...readFileSync(".env.example", "utf8").matchAll(/^#?([A-Z][A-Z0-9_]*)=(.*)$/gm)].map(([, name, value]) => [
      name,
      value,
    ]),
  );
  const startOnly = cells(part("start")).map(([, name = ""]) => name);
  const expected = variables();
  expect(new Set(example.keys())).toEqual(new Set([...expected.map(({ name }) => name), ...startOnly]));
  for (const { name, fallback } of expected) {
    expect(`${name}=${example.get(name)}`).toBe(`${name}=${fallback === "required" ? "" : fallback}`);
  }
});

test("what README says `npm start` reads is read there", () => {
  const local = ["settings.ts", "data-folder.ts", "start.ts"]
    .map((file) => readFileSync(`local/${file}`, "utf8"))
    .join();
  const names = cells(part("start")).map(([, name = ""]) => name);
  expect(names).toContain("CONVENE_DATA");
  expect(names.filter((name) => !local.includes(name))).toEqual([]);
});
