import { pino } from "pino";
import { expect, test } from "vitest";
import { createGuardedFetch } from "#activities/clients/guarded-fetch.ts";
import { botProviderOf } from "#domain/bot-settings.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { createBots } from "#worker/bots.ts";
import { readWorkerEnv } from "#worker/env.ts";

const given = { log: pino({ level: "silent" }), guardedFetch: createGuardedFetch({ allow: [] }) };
const envOf = (more: Record<string, string>) =>
  readWorkerEnv({ DATABASE_URL: "postgres://localhost/convene", SEAL_KEYS: testSealKeys, ...more });

test("bots are sent by the provider that was chosen, else by the first that has a key, else by nobody", () => {
  const key = { ATTENDEE_API_KEY: "key" };
  for (const [settings, expected] of [
    [{}, null],
    [{ BOT_PROVIDER: "attendee" }, null],
    [key, "attendee"],
    [{ ...key, BOT_PROVIDER: "" }, "attendee"],
    [{ ...key, BOT_PROVIDER: "attendee" }, "attendee"],
    [{ RECALL_API_KEY: "key" }, "recall"],
    [{ ...key, RECALL_API_KEY: "key" }, "attendee"],
    [{ ...key, RECALL_API_KEY: "key", BOT_PROVIDER: "recall" }, "recall"],
    [{ ...key, BOT_PROVIDER: "recall" }, null],
    [{ VEXA_API_KEY: "key" }, "vexa"],
    [{ VEXA_API_KEY: "key", RECALL_API_KEY: "key" }, "recall"],
  ] as const) {
    const env = envOf(settings);
    expect(createBots(env, given).chosen?.id ?? null).toBe(expected);
    expect(botProviderOf(env)).toBe(expected);
  }
});

test("everybody with a key is there, so that bots sent by another are followed", () => {
  const keys = { ATTENDEE_API_KEY: "key", RECALL_API_KEY: "key", VEXA_API_KEY: "key" };
  const env = envOf({ ...keys, BOT_PROVIDER: "recall" });
  expect(createBots(env, given).all.map(({ id }) => id)).toEqual(["attendee", "recall", "vexa"]);
});

test("a provider or an address that is none keeps the worker from starting", () => {
  expect(() => envOf({ BOT_PROVIDER: "nobody" })).toThrow(/BOT_PROVIDER/);
  expect(() => envOf({ ATTENDEE_BASE_URL: "app.attendee.dev" })).toThrow(/ATTENDEE_BASE_URL/);
});
