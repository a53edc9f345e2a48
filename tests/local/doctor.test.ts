import { expect, test } from "vitest";
import { examine } from "#local/doctor.ts";

test("A-89 the doctor tells the state of each part and never the value of a key", async () => {
  const findings = await examine({ ...process.env, OPENAI_API_KEY: "sk-very-secret", PORT: "0" });
  const of = (part: string) => findings.find((finding) => finding.part === part);
  expect(of("Node")).toMatchObject({ state: "ok", text: process.version });
  expect(of("Postgres")).toMatchObject({ state: "ok" });
  expect(of("Temporal")?.text).toMatch(/Server \d+\.\d+/);
  expect(of("data folder")?.text).toMatch(/GB free/);
  expect(of("keys")?.text).toMatch(/OPENAI_API_KEY set, TEMPORAL_API_KEY not set/);
  expect(JSON.stringify(findings)).not.toContain("very-secret");
});

test("the doctor names an outside part that does not answer", async () => {
  const findings = await examine({
    ...process.env,
    DATABASE_URL: "postgresql://nobody:secret-word@127.0.0.1:9/none",
    TEMPORAL_ADDRESS: "127.0.0.1:9",
  });
  const bad = findings.filter(({ state }) => state === "bad").map(({ part }) => part);
  expect(bad).toEqual(expect.arrayContaining(["Postgres", "Temporal"]));
  expect(JSON.stringify(findings)).not.toContain("secret-word");
});
