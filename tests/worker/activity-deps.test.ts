import { pino } from "pino";
import { expect, test } from "vitest";
import { failureOf, options, requestOf, small } from "#tests/activities/analyst/summary-requests.ts";
import { ordinaryTalk } from "#tests/activities/analyst/summary-sentences.ts";
import { startOpenAiFake } from "#tests/fakes/openai.ts";
import type { OpenAiFake } from "#tests/fakes/openai.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { testTemporal } from "#tests/setup/temporal.ts";
import { readWorkerEnv } from "#worker/env.ts";
import { createActivityDeps } from "#worker/activity-deps.ts";

/** What the worker composes for its activities, with a language model at the stand-in's address. */
async function composed(fake: OpenAiFake) {
  await using stack = new AsyncDisposableStack();
  const db = stack.use(await testDatabase());
  const { client } = stack.use(await testTemporal());
  const env = readWorkerEnv({
    DATABASE_URL: db.url,
    SEAL_KEYS: testSealKeys,
    OPENAI_API_KEY: fake.apiKey,
    OPENAI_BASE_URL: fake.baseUrl,
  });
  const tools = await createActivityDeps({
    env,
    log: pino({ level: "silent" }),
    prisma: db.prisma,
    pool: db.pool,
    client,
  });
  const owned = stack.move();
  return { tools, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("as the worker composes it, a retry asks only for the parts that have no answer yet", async () => {
  await using fake = await startOpenAiFake();
  await using given = await composed(fake);
  const request = requestOf(ordinaryTalk(1_500));
  // Each try of a stage chooses anew.
  const attempt = () => given.tools.chooseAnalyst("gpt-4o-mini").analyse(request, options());
  let asked = 0;
  fake.scriptChat(() => ((asked += 1) === 3 ? "cut off {" : { overview: [], statements: [], actionItems: [] }));
  expect((await failureOf(attempt())).type).toBe("provider_answer");
  const first = asked;
  expect(first).toBeGreaterThanOrEqual(3);
  fake.scriptChat(null);
  await attempt();
  const parts = fake.requests.map(({ chat }) => /part \d of \d/.exec(JSON.stringify(chat?.messages))?.[0]);
  expect(parts.slice(0, first)).toEqual(["part 1 of 3", "part 2 of 3", "part 3 of 3"]);
  // The last one, and what is made of all.
  expect(parts.slice(first)).toEqual(["part 3 of 3", undefined]);
});

test("as the worker composes it, what a server does not know is learned once", async () => {
  await using fake = await startOpenAiFake({ knowsJsonSchema: false });
  await using given = await composed(fake);
  for (let turn = 0; turn < 2; turn += 1) {
    await given.tools.chooseAnalyst("gpt-4o-mini").analyse(small, options());
  }
  const formats = fake.requests.map(({ chat }) => chat?.response_format?.type);
  expect(formats).toEqual(["json_schema", "json_object", "json_object"]);
});
