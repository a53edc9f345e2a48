import { pino } from "pino";
import { expect, test } from "vitest";
import { botProviderOf } from "#domain/bot-settings.ts";
import { testSealKeys } from "#tests/setup/seal.ts";
import { createBots } from "#worker/bots.ts";
import { readWorkerEnv } from "#worker/env.ts";

const log = pino({ level: "silent" });
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
  ] as const) {
    const env = envOf(settings);
    expect(createBots(env, log).chosen?.id ?? null).toBe(expected);
    expect(botProviderOf(env)).toBe(expected);
  }
});

test("a provider or an address that is none keeps the worker from starting", () => {
  expect(() => envOf({ BOT_PROVIDER: "nobody" })).toThrow(/BOT_PROVIDER/);
  expect(() => envOf({ ATTENDEE_BASE_URL: "app.attendee.dev" })).toThrow(/ATTENDEE_BASE_URL/);
});
