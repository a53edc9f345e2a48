import { readdirSync, readFileSync } from "node:fs";
import { Deployment } from "kubernetes-models/apps/v1";
import { Job } from "kubernetes-models/batch/v1";
import { Ingress } from "kubernetes-models/networking.k8s.io/v1";
import { PodDisruptionBudget } from "kubernetes-models/policy/v1";
import { ConfigMap, Service } from "kubernetes-models/v1";
import { expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { webEnvSchema } from "#web/env.ts";
import { workerEnvSchema } from "#worker/env.ts";

interface Container {
  name: string;
  image: string;
  command: string[];
  env?: { name: string }[];
  ports?: { name: string; containerPort: number }[];
  volumeMounts: { name: string }[];
}
interface Pod {
  initContainers?: Container[];
  containers: Container[];
  volumes: { name: string }[];
}
interface Resource {
  kind: string;
  metadata: { name: string };
  data?: Record<string, string>;
  spec?: {
    selector?: Record<string, unknown> & { matchLabels?: Record<string, string> };
    template?: { metadata: { labels: Record<string, string> }; spec: Pod };
  };
}

const at = (name: string) => new URL(`../../${name}`, import.meta.url);
const read = (name: string) => readFileSync(at(name), "utf8");
const folder = "deploy/kubernetes";
const kustomization = parse(read(`${folder}/kustomization.yaml`)) as {
  resources: string[];
  images: { name: string; newTag: string }[];
};
const resources = kustomization.resources.flatMap((file) =>
  parseAllDocuments(read(`${folder}/${file}`)).map((document) => document.toJS() as Resource),
);
const models = { ConfigMap, Deployment, Ingress, Job, PodDisruptionBudget, Service } as const;
const pods = resources.flatMap(({ spec }) => (spec?.template === undefined ? [] : [spec.template]));
const containers = pods.flatMap(({ spec }) => [...(spec.initContainers ?? []), ...spec.containers]);

test("each manifest is of its kind's schema, and the kustomization names them all", () => {
  const files = readdirSync(at(folder)).filter((file) => file !== "kustomization.yaml");
  expect(kustomization.resources.toSorted()).toEqual(files.toSorted());
  for (const resource of resources) {
    const Model = models[resource.kind as keyof typeof models] as new (data: object) => { validate(): void };
    expect(() => new Model(resource).validate()).not.toThrow();
  }
});

test("labels meet their selectors, mounts their volumes", () => {
  const selectors = resources.flatMap(({ spec }) =>
    spec?.selector ? [spec.selector.matchLabels ?? spec.selector] : [],
  );
  expect(selectors).toHaveLength(5);
  for (const selector of selectors) expect(pods.map(({ metadata }) => metadata.labels)).toContainEqual(selector);
  for (const { spec } of pods) {
    const mounts = [...(spec.initContainers ?? []), ...spec.containers].flatMap((each) => each.volumeMounts);
    const volumes = spec.volumes.map(({ name }) => name);
    expect([...new Set(mounts.map(({ name }) => name))].toSorted()).toEqual(volumes.toSorted());
  }
});

test("the same image and commands as docker-compose.yml, with settings that there are", () => {
  const compose = parse(read("docker-compose.yml"), { merge: true }) as {
    services: Record<string, { image: string; command: string[] }>;
  };
  const commands = ["migrate", "temporal-namespace", "web", "worker"].map((name) => compose.services[name]?.command);
  expect(containers.map(({ command }) => command)).toEqual(commands);
  const [image] = kustomization.images;
  expect(`${image?.name}:${image?.newTag}`).toBe(compose.services["web"]?.image);
  for (const container of containers) expect(container.image).toBe(image?.name);
  const known = new Set([
    ...Object.keys(webEnvSchema.shape),
    ...Object.keys(workerEnvSchema.shape),
    "MALLOC_ARENA_MAX",
    "MALLOC_MMAP_THRESHOLD_",
    "MALLOC_TRIM_THRESHOLD_",
  ]);
  const data = resources.find(({ kind }) => kind === "ConfigMap")?.data ?? {};
  const set = [...Object.keys(data), ...containers.flatMap(({ env = [] }) => env.map(({ name }) => name))];
  expect(set.filter((name) => !known.has(name))).toEqual([]);
});
