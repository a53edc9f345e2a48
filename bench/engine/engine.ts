import { Client, Connection, isGrpcServiceError, ServiceError } from "@temporalio/client";
import { DefaultLogger, NativeConnection, Runtime, Worker } from "@temporalio/worker";
import { atRate, latencyFigures, nowMs } from "../measure.ts";
import type { Figure, Scenario, ScenarioContext } from "../scenario.ts";
import { insist } from "../meetings/until.ts";
import { processorMs } from "../stack/processes.ts";
import { startServer } from "./server.ts";
import type { EngineActivities, hops, listener } from "./workflows.ts";

const queues = { workflows: "engine", elsewhere: "engine-elsewhere" };
const signalsAtOnce = 64;
const steadyPerSecond = 100;

/**
 * The Temporal server by itself, with workflows that do nothing: what one step of a run costs, how many steps and
 * signals it bears. TEMPORAL_ADDRESS puts another server in the place of the embedded one.
 */
export const engine: Scenario = {
  name: "engine",
  title: "Temporal by itself: steps of workflows, and signals to them",
  async run(context) {
    await using made = new AsyncDisposableStack();
    const server = made.use(await startServer(context.detail));
    // Whoever ends the bench ends the workers with it.
    Runtime.install({ shutdownSignals: [], logger: new DefaultLogger("WARN") });
    const times = new Map<string, number[]>();
    const stopWorkers = await startWorkers(server, times);
    made.defer(stopWorkers);
    const connection = await Connection.connect({ address: server.address });
    made.defer(() => connection.close());
    const client = new Client({ connection, namespace: server.namespace });
    const at: Bench = { client, times, context, usedMs: () => processorMs(server.pids) };
    // Not counted: connections, caches and compiled code come to be with it.
    await runHops(at, "warm-up", { workflows: 10, count: 10 });
    return [
      ...(await oneAfterAnother(at, "step of the same worker", undefined)),
      ...(await oneAfterAnother(at, "step of another queue", queues.elsewhere)),
      ...(await manyAtOnce(at)),
      ...(await signals(at)),
    ];
  },
};

interface Bench {
  client: Client;
  /** By name, when its activities ran. */
  times: Map<string, number[]>;
  context: ScenarioContext;
  /** Processor time of the server and its database so far; 0 where it is not known. */
  usedMs: () => number;
}

async function startWorkers(server: { address: string; namespace: string }, times: Map<string, number[]>) {
  const activities: EngineActivities = {
    note(name) {
      const noted = times.get(name) ?? [];
      noted.push(nowMs());
      times.set(name, noted);
      return Promise.resolve();
    },
  };
  const connection = await NativeConnection.connect({ address: server.address });
  const shared = { connection, namespace: server.namespace, activities };
  const workflowsPath = new URL("workflows.ts", import.meta.url).pathname;
  const workers = await Promise.all([
    Worker.create({ ...shared, taskQueue: queues.workflows, workflowsPath }),
    Worker.create({ ...shared, taskQueue: queues.elsewhere }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return async () => {
    for (const worker of workers) worker.shutdown();
    await running;
    await connection.close();
  };
}

/** Runs so many workflows of so many steps at the same time; gives the milliseconds it took. */
async function runHops(
  { client }: Bench,
  name: string,
  { workflows, count, taskQueue }: { workflows: number; count: number; taskQueue?: string | undefined },
): Promise<number> {
  const startedAt = nowMs();
  const order = { name, count, ...(taskQueue === undefined ? {} : { taskQueue }) };
  await Promise.all(
    Array.from({ length: workflows }, async (_, index) => {
      const options = { workflowId: `${name}-${index}`, taskQueue: queues.workflows, args: [order] as [typeof order] };
      await ended(await client.workflow.start<typeof hops>("hops", options));
    }),
  );
  return nowMs() - startedAt;
}

/** A server that is busy may be late with its answer, which is not the end of the workflow. */
async function ended(handle: { result(): Promise<void> }): Promise<void> {
  for (;;) {
    try {
      return await handle.result();
    } catch (error) {
      if (!isGrpcServiceError(error) && !(error instanceof ServiceError)) throw error;
    }
  }
}

async function oneAfterAnother(at: Bench, label: string, taskQueue: string | undefined): Promise<Figure[]> {
  await runHops(at, label, { workflows: 1, count: at.context.short ? 20 : 200, taskQueue });
  const noted = at.times.get(label) ?? [];
  return latencyFigures(
    `${label}, one after another`,
    noted.slice(1).map((time, index) => time - (noted[index] ?? time)),
  );
}

async function manyAtOnce(at: Bench): Promise<Figure[]> {
  const [workflows, count] = at.context.short ? [5, 5] : [50, 20];
  const perSecond = async (label: string, taskQueue?: string): Promise<Figure[]> => {
    const usedBefore = at.usedMs();
    const ms = await runHops(at, label, { workflows, count, taskQueue });
    return [
      { label: `${label}, ${workflows} workflows at once`, value: (workflows * count) / (ms / 1000), unit: "/s" },
      ...usedFigure(`${label}, server's processor time each`, (at.usedMs() - usedBefore) / (workflows * count)),
    ];
  };
  return [
    ...(await perSecond("steps of the same worker")),
    ...(await perSecond("steps of another queue", queues.elsewhere)),
  ];
}

/** Beside how long it takes, which other work on the machine changes, what it costs. */
const usedFigure = (label: string, value: number): Figure[] => (value > 0 ? [{ label, value, unit: "ms" }] : []);

async function signals({ client, times, context, usedMs }: Bench): Promise<Figure[]> {
  const workflows = context.short ? 5 : 50;
  const flood = context.short ? 100 : 2_000;
  const steady = context.short ? 100 : 1_000;
  const handles = await Promise.all(
    Array.from({ length: workflows }, (_, index) =>
      client.workflow.start<typeof listener>("listener", {
        workflowId: `listener-${index}`,
        taskQueue: queues.workflows,
        args: [(flood + steady) / workflows],
      }),
    ),
  );
  const send = (index: number, name: string) => handles[index % workflows]?.signal("tick", name);
  const heard = (of: string) => [...times.keys()].filter((name) => name.startsWith(of)).length;

  const startedAt = nowMs();
  const usedBefore = usedMs();
  let next = 0;
  const sender = async () => {
    for (let index = next++; index < flood; index = next++) await send(index, `flood ${index}`);
  };
  await Promise.all(Array.from({ length: signalsAtOnce }, sender));
  const takenMs = nowMs() - startedAt;
  await insist("All signals are heard", () => Promise.resolve(heard("flood") === flood), 120_000);
  const heardMs = nowMs() - startedAt;
  const used = usedMs() - usedBefore;

  const due = new Map<string, number>();
  await atRate({ count: steady, perSecond: steadyPerSecond }, (index, dueAt) => {
    due.set(`steady ${index}`, dueAt);
    return send(index, `steady ${index}`);
  });
  await insist("All signals are heard", () => Promise.resolve(heard("steady") === steady), 120_000);
  await Promise.all(handles.map(ended));
  return [
    { label: `signals taken, ${signalsAtOnce} under way`, value: flood / (takenMs / 1000), unit: "/s" },
    { label: "signals heard by their workflows", value: flood / (heardMs / 1000), unit: "/s" },
    ...usedFigure("signals, server's processor time each", used / flood),
    ...latencyFigures(
      `signal due → heard, ${steadyPerSecond}/s to ${workflows} workflows`,
      [...due].map(([name, dueAt]) => (times.get(name)?.[0] ?? Number.NaN) - dueAt),
    ),
  ];
}
