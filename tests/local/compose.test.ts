import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { testSealKeys } from "#tests/setup/seal.ts";
import { webEnvSchema } from "#web/env.ts";
import { workerEnvSchema } from "#worker/env.ts";

type Service = {
  image: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: object;
  restart: string;
  ports?: string[];
  volumes?: string[];
};
type Compose = { services: Record<string, Service>; volumes: Record<string, unknown> };

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");
const compose = parse(read("docker-compose.yml"), { merge: true }) as Compose;
const services = Object.entries(compose.services);

test("the production shape has every part", () => {
  expect(Object.keys(compose.services).toSorted()).toEqual([
    "migrate",
    "postgres",
    "temporal",
    "temporal-namespace",
    "temporal-schema",
    "temporal-ui",
    "web",
    "worker",
  ]);
});

test("every image is pinned by an exact tag", () => {
  const images = services.map(([, { image }]) => image);
  const bases = [...read("Dockerfile").matchAll(/^FROM (\S+:\S+)/gm)].map(([, image]) => image);
  for (const image of [...images, ...bases]) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-[\w-]+)?$/);
});

test("every variable set for our processes is one that they read", () => {
  // Read by the C library beneath them.
  const worker = { ...workerEnvSchema.shape, MALLOC_ARENA_MAX: true };
  const known = { web: webEnvSchema.shape, worker, migrate: { DATABASE_URL: true } };
  for (const [name, shape] of Object.entries(known)) {
    const set = Object.keys(compose.services[name]?.environment ?? {});
    expect(set.filter((variable) => !(variable in shape))).toEqual([]);
  }
});

test("the processes accept the variables they are given", () => {
  const values = (name: string) =>
    Object.fromEntries(
      Object.entries(compose.services[name]?.environment ?? {})
        .map(([key, value]) => [key, fillIn(value)] as const)
        .filter(([, value]) => value !== ""),
    );
  expect(webEnvSchema.safeParse(values("web")).error).toBeUndefined();
  expect(workerEnvSchema.safeParse(values("worker")).error).toBeUndefined();
});

test("what runs for long has a health check, what runs once is waited for", () => {
  const unchecked = services.filter(([, { restart, healthcheck }]) => restart !== "no" && !healthcheck);
  // Nothing waits for Temporal's own pages, and their image has no program to ask them with.
  expect(unchecked.map(([name]) => name)).toEqual(["temporal-ui"]);
  const needs = services.flatMap(([, { depends_on = {} }]) => Object.entries(depends_on));
  for (const [needed, { condition }] of needs) {
    const isOneShot = compose.services[needed]?.restart === "no";
    expect(condition).toBe(isOneShot ? "service_completed_successfully" : "service_healthy");
  }
});

test("ports are on loopback and every named volume is declared", () => {
  for (const [, { ports = [], volumes = [] }] of services) {
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    for (const volume of volumes) expect(Object.keys(compose.volumes)).toContain(volume.split(":")[0]);
  }
});

/** As compose does: `${NAME:-default}` and `${NAME:?message}`. */
function fillIn(value: string) {
  return value.replaceAll(/\$\{(\w+):([-?])([^}]*)\}/g, (_all, name, kind, rest) =>
    kind === "-"
      ? rest
      : name === "SEAL_KEYS"
        ? testSealKeys
        : "a-secret-of-more-than-thirty-two-characters@example.org",
  );
}
