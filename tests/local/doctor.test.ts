import { expect, test } from "vitest";
import { examine } from "#local/doctor.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";

/** Nothing listens there, so that no test asks the open web. */
const noModels = { OPENAI_BASE_URL: "http://127.0.0.1:9/v1", SPEECH_BASE_URL: "", SPEECH_API_KEY: "" };

const servicesOf = async (env: Record<string, string>) => {
  const findings = await examine({ ...process.env, ...noModels, ...env });
  const of = (part: string) => findings.find((finding) => finding.part === part);
  return { speech: of("speech service"), language: of("language service"), text: JSON.stringify(findings) };
};

test("A-89 the doctor tells the state of each part and never the value of a key", async () => {
  const findings = await examine({ ...process.env, ...noModels, OPENAI_API_KEY: "sk-very-secret", PORT: "0" });
  const of = (part: string) => findings.find((finding) => finding.part === part);
  expect(of("Node")).toMatchObject({ state: "ok", text: process.version });
  expect(of("Postgres")).toMatchObject({ state: "ok" });
  expect(of("Temporal")?.text).toMatch(/Server \d+\.\d+/);
  expect(of("data folder")?.text).toMatch(/GB free/);
  expect(of("keys")?.text).toMatch(/OPENAI_API_KEY set, SPEECH_API_KEY not set, TEMPORAL_API_KEY not set/);
  expect(JSON.stringify(findings)).not.toContain("very-secret");
});

test("the doctor names an outside part that does not answer", async () => {
  const findings = await examine({
    ...process.env,
    ...noModels,
    DATABASE_URL: "postgresql://nobody:secret-word@127.0.0.1:9/none",
    TEMPORAL_ADDRESS: "127.0.0.1:9",
  });
  const bad = findings.filter(({ state }) => state === "bad").map(({ part }) => part);
  expect(bad).toEqual(expect.arrayContaining(["Postgres", "Temporal"]));
  expect(JSON.stringify(findings)).not.toContain("secret-word");
});

test("case 19: the doctor asks each service of models for the models that it will be asked for", async () => {
  await using language = await startOpenAiFake({ apiKey: "sk-language" });
  await using speech = await startOpenAiFake({ apiKey: "sk-speech", kind: "whisper.cpp" });
  const env = {
    OPENAI_BASE_URL: language.baseUrl,
    OPENAI_API_KEY: "sk-language",
    SPEECH_BASE_URL: `${speech.baseUrl}/`,
    SPEECH_API_KEY: "sk-speech",
    ANALYSIS_MODEL: "gpt-4o-mini",
    OPENAI_MODEL: "embedded",
  };
  const found = await servicesOf(env);
  expect(found.language).toMatchObject({ state: "ok", text: expect.stringContaining("has gpt-4o-mini") });
  expect(found.speech).toMatchObject({
    state: "note",
    text: expect.stringContaining(`${speech.baseUrl}/models says 404`),
  });
  const missing = await servicesOf({ ...env, ANALYSIS_MODEL: "qwen3" });
  expect(missing.language?.text).toMatch(/does not list qwen3 \(ANALYSIS_MODEL and OPENAI_MODEL\); it has gpt-4o-mini/);
  const refused = await servicesOf({ ...env, SPEECH_API_KEY: "" });
  expect(refused.speech).toMatchObject({ state: "bad", text: expect.stringContaining("refuses the key (401)") });
  // The key of one service is not shown to another.
  expect(speech.requests.map(({ headers }) => headers.authorization)).not.toContain("Bearer sk-language");
  expect(found.text + refused.text).not.toMatch(/sk-(language|speech)/);
});

test("the doctor says that a service of models does not answer, and that none is needed", async () => {
  expect((await servicesOf({})).language).toMatchObject({
    state: "bad",
    text: expect.stringContaining("does not answer"),
  });
  const own = await servicesOf({ OPENAI_BASE_URL: "", OPENAI_API_KEY: "" });
  expect([own.speech?.state, own.language?.state]).toEqual(["ok", "ok"]);
});
