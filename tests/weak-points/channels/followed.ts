import type { JobsClient } from "#bench/naive/channels/client.ts";
import { expectSoon } from "../expect.ts";
import type { JobsSystem, Step } from "./system.ts";

interface JobRow {
  id: string;
  videoId: string;
  status: string;
  stage: string;
  progress: number;
}

/** A channel that its owner watches, and ways to wait for what becomes of its jobs. */
export async function followed(system: JobsSystem) {
  const withinMs = system.patienceMs;
  const agentId = await system.addAgent();
  const client = system.watch(agentId);
  const jobs = async () => ((await system.ask(`/agents/${agentId}/jobs`)).body as { jobs: JobRow[] }).jobs;
  const job = async (): Promise<JobRow> => {
    const [only] = await jobs();
    return only ?? { id: "", videoId: "", status: "none", stage: "none", progress: 0 };
  };
  const connected = (who: JobsClient) =>
    expectSoon(() => who.isConnected(), true, { what: "whether a watcher is connected", withinMs });
  await connected(client);
  return {
    agentId,
    client,
    jobs,
    job,
    connected,
    begun: (step: Step, times = 1) =>
      expectSoon(() => system.timesOf(step) >= times, true, { what: `whether ${step} has begun`, withinMs }),
    ended: (status: string) =>
      expectSoon(async () => (await job()).status, status, { what: "the status of the job", withinMs }),
  };
}
