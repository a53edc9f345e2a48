import { condition, defineSignal, proxyActivities, proxyLocalActivities, setHandler } from "@temporalio/workflow";

export interface EngineActivities {
  /** Notes the time under this name. */
  note(name: string): Promise<void>;
}

export const tick = defineSignal<[name: string]>("tick");

/** One activity after the other, of the worker that runs the workflow or of another queue's. */
export async function hops({ name, count, taskQueue }: { name: string; count: number; taskQueue?: string }) {
  const { note } = proxyActivities<EngineActivities>({
    startToCloseTimeout: "1 minute",
    ...(taskQueue === undefined ? {} : { taskQueue }),
  });
  for (let done = 0; done < count; done += 1) await note(name);
}

/** Notes each signal as soon as it has it, until it has had so many. */
export async function listener(count: number): Promise<void> {
  const { note } = proxyLocalActivities<EngineActivities>({ startToCloseTimeout: "1 minute" });
  let heard = 0;
  setHandler(tick, async (name) => {
    await note(name);
    heard += 1;
  });
  await condition(() => heard === count);
}
