/** A job as its function sees it; `client` is where the reference design looks for the realtime server. */
export interface Job<Data> {
  id: string;
  data: Data;
  queue: { client: { get(name: string): unknown } };
}

interface Options<Data> {
  client: { get(name: string): unknown };
  /** How often a job is tried that throws. */
  attempts: number;
  process: (job: Job<Data>) => Promise<void>;
  onStatus: (data: Data, status: "processing" | "completed" | "failed") => Promise<void>;
}

/** What the reference design uses of a queue: ids of its own, and a job that throws is run again from its beginning. */
export function createQueue<Data>({ client, attempts, process, onStatus }: Options<Data>) {
  let last = 0;
  const running = new Set<Promise<void>>();

  async function run(job: Job<Data>): Promise<void> {
    await onStatus(job.data, "processing");
    for (let attempt = 1; ; attempt += 1) {
      try {
        await process(job);
        return await onStatus(job.data, "completed");
      } catch {
        if (attempt >= attempts) return await onStatus(job.data, "failed");
      }
    }
  }

  return {
    add(data: Data): void {
      last += 1;
      const work = run({ id: String(last), data, queue: { client } }).finally(() => running.delete(work));
      running.add(work);
    },
    /** Waits for what is at work. */
    drained: () => Promise.allSettled(running),
  };
}
