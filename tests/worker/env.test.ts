import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { testSealKeys } from "#tests/setup/seal.ts";
import { readWorkerEnv } from "#worker/env.ts";

const read = (value?: string) =>
  readWorkerEnv({ DATABASE_URL: "postgres://localhost/convene", SEAL_KEYS: testSealKeys, FETCH_ALLOW: value })
    .FETCH_ALLOW;

test("FETCH_ALLOW is a list of CIDRs by commas, empty where not set", () => {
  expect(read()).toEqual([]);
  expect(read("")).toEqual([]);
  expect(read("10.0.0.0/8, fd00::/8,192.168.1.7/32,")).toEqual(["10.0.0.0/8", "fd00::/8", "192.168.1.7/32"]);
});

test.for(["10.0.0.0", "10.0.0.0/33", "10/8", "fd00::/129", "fd00::", "localhost/8", "10.0.0.0/8;11.0.0.0/8", "*"])(
  "FETCH_ALLOW=%s keeps the worker from starting and says why",
  (value) => {
    expect(() => read(`192.168.0.0/16,${value}`)).toThrow(/cannot start[^]*FETCH_ALLOW\.1: not a CIDR/);
  },
);

const start = (more: Record<string, string | undefined>) =>
  readWorkerEnv({ DATABASE_URL: "postgres://localhost/convene", SEAL_KEYS: testSealKeys, ...more });

test.for([
  [{ DATABASE_URL: "mysql://localhost/convene" }, "DATABASE_URL: not an address such as postgres://"],
  [{ DATABASE_URL: undefined }, "DATABASE_URL: is missing"],
  [{ S3_ACCESS_KEY_ID: "key" }, "S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY: set both or neither"],
  [{ TEMPORAL_TLS_CERT: "/etc/client.pem" }, "TEMPORAL_TLS_CERT and TEMPORAL_TLS_KEY: set both or neither"],
  [{ JITSI_HOSTS: "https://meet.example.org" }, "JITSI_HOSTS.0: not a host such as meet.example.org"],
  [{ JITSI_HOSTS: "meet.example.org/room" }, "JITSI_HOSTS.0: not a host such as meet.example.org"],
  [{ OPENAI_API_KEY_FILE: "/nowhere/key" }, "OPENAI_API_KEY_FILE: cannot be read"],
] as const)("%o is told by its name, and nothing starts with it", ([more, words]) => {
  expect(() => start(more)).toThrow(words);
});

test("a secret may come as a file, and every problem is told at once, without a value", async () => {
  const folder = await mkdtemp(join(tmpdir(), "convene-env-"));
  await writeFile(join(folder, "key"), "sk-from-a-file\n");
  expect(start({ OPENAI_API_KEY_FILE: join(folder, "key") }).OPENAI_API_KEY).toBe("sk-from-a-file");
  await rm(folder, { recursive: true });
  const wrong = () => start({ DATABASE_URL: "mysql://secret@x/y", LOG_LEVEL: "loud" });
  expect(wrong).toThrow(/DATABASE_URL[^]*LOG_LEVEL/);
  expect(wrong).not.toThrow(/secret@/);
});
