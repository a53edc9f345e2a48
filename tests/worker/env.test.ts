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
    expect(() => read(`192.168.0.0/16,${value}`)).toThrow(/cannot start:[^]*not a CIDR[^]*FETCH_ALLOW\[1\]/);
  },
);
