import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { testSealKeys } from "#tests/setup/seal.ts";
import { webEnvSchema } from "#web/env.ts";
import { workerEnvSchema } from "#worker/env.ts";

type Service = {
  image: string;
  environment?: Record<string, string>;
  depends_on?: Record<string, { condition: string; required?: boolean }>;
  profiles?: string[];
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
    "proxy",
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

const isSecret = (name: string) => /SECRET|PASSWORD|_API_KEY$|SEAL_KEYS|DATABASE_URL|SMTP_URL/.test(name);

const ofTheCLibrary = ["MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_"];

test("each process is given every variable that it reads and no other, secrets as files too", () => {
  const temporal = Object.keys(workerEnvSchema.shape).filter((name) => name.startsWith("TEMPORAL_"));
  const read: Record<string, string[]> = {
    web: [...Object.keys(webEnvSchema.shape), ...ofTheCLibrary],
    worker: [...Object.keys(workerEnvSchema.shape), ...ofTheCLibrary],
    migrate: ["DATABASE_URL"],
    "temporal-namespace": temporal,
  };
  for (const [name, variables] of Object.entries(read)) {
    const set = Object.keys(compose.services[name]?.environment ?? {});
    const wanted = [...variables, ...variables.filter(isSecret).map((variable) => `${variable}_FILE`)];
    expect(set.toSorted()).toEqual(wanted.toSorted());
  }
});

test("what people set in .env reaches the processes by its own name, but what the containers themselves decide", () => {
  const fixed = [
    "NODE_ENV",
    "PORT",
    "MEDIA_DIR",
    "CONVENE_CACHE",
    "METRICS_PORT",
    "WORKER_HEALTH_PORT",
    ...ofTheCLibrary,
  ];
  const others = ["web", "worker", "migrate", "temporal-namespace"].flatMap((name) =>
    Object.entries(compose.services[name]?.environment ?? {}).filter(
      ([variable, value]) => !fixed.includes(variable) && !new RegExp(`^\\$\\{${variable}[:?-]`).test(value),
    ),
  );
  expect(others).toEqual([]);
});

test("any number of web and worker processes may run, behind the one port of the proxy", () => {
  const published = services.flatMap(([name, { ports = [] }]) => (ports.length === 0 ? [] : [name]));
  expect(published.toSorted()).toEqual(["proxy", "temporal-ui"]);
  for (const name of ["web", "worker"]) expect(compose.services[name]).not.toHaveProperty("container_name");
  expect(compose.services["web"]?.environment?.["TRUST_PROXY"]).toBe("${TRUST_PROXY:-1}");
  expect(compose.services["web"]?.environment?.["INTERNAL_URL"]).toBe("${INTERNAL_URL:-}");
});

test("Postgres and Temporal of one's own take the place of those that come with it by COMPOSE_PROFILES", () => {
  const profiled = Object.fromEntries(services.flatMap(([name, { profiles }]) => (profiles ? [[name, profiles]] : [])));
  expect(profiled).toEqual({
    // Temporal that comes with it keeps its state there.
    postgres: ["postgres", "temporal"],
    temporal: ["temporal"],
    "temporal-schema": ["temporal"],
    "temporal-ui": ["temporal"],
  });
  const unmet = services.flatMap(([name, { profiles: own, depends_on = {} }]) =>
    Object.entries(depends_on).flatMap(([needed, { required }]) =>
      own === undefined && needed in profiled && required !== false ? [`${name} needs ${needed}`] : [],
    ),
  );
  expect(unmet).toEqual([]);
});

const given: Record<string, string> = {
  POSTGRES_PASSWORD: "p",
  CONVENE_SECRET: "a-secret-of-more-than-thirty-two-characters",
  SEAL_KEYS: testSealKeys,
  CONVENE_ADMIN_PASSWORD: "a first password",
};

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
    const named = volumes.filter((volume) => !/^(\.\/|\$)/.test(volume));
    for (const volume of named) expect(Object.keys(compose.volumes)).toContain(volume.split(":")[0]);
  }
});

/** As compose does: `${NAME-default}`, `${NAME:-default}` and `${NAME:?message}`, one within another. */
function fillIn(value: string): string {
  const filled = value.replaceAll(
    /\$\{(\w+):?([-?])([^${}]*)\}/g,
    (_all, name, kind, rest) =>
      given[name] ?? (kind === "-" ? rest : "a-secret-of-more-than-thirty-two-characters@example.org"),
  );
  return filled === value ? value : fillIn(filled);
}
