import { expect, test } from "vitest";
import { createGate } from "#activities/clients/concurrency-gate.ts";
import { runInThread } from "#activities/clients/run-in-thread.ts";

// Reports that it runs, and ends when it is told to by the shared memory it was given.
const module = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from "node:worker_threads";
    parentPort.postMessage({ type: "progress", fraction: 0 });
    Atomics.wait(new Int32Array(workerData), 0, 0);
    parentPort.postMessage({ type: "result", result: "done" });`)}`,
);

const { signal } = new AbortController();

function startMany(count: number) {
  const gate = createGate(2);
  const ends = Array.from({ length: count }, () => new SharedArrayBuffer(4));
  let running = 0;
  const results = ends.map((input) =>
    runInThread<string>({ module, input, name: "Waiting", gate }, { signal, onProgress: () => (running += 1) }),
  );
  return {
    results,
    running: () => running,
    end(at: number) {
      const place = new Int32Array(ends[at]!);
      Atomics.store(place, 0, 1);
      Atomics.notify(place, 0);
    },
  };
}

test("as much is computed at once as its gate lets in; what waits begins when something ends", async () => {
  const many = startMany(4);
  await expect.poll(many.running, { timeout: 20_000 }).toBe(2);
  many.end(0);
  expect(await many.results[0]).toBe("done");
  await expect.poll(many.running, { timeout: 20_000 }).toBe(3);
  for (const at of [1, 2, 3]) many.end(at);
  expect(await Promise.all(many.results)).toEqual(["done", "done", "done", "done"]);
});

test("what is called off while it waits never begins, and holds up nobody behind it", async () => {
  const gate = createGate(1);
  await gate.enter();
  const calledOff = new AbortController();
  let hasBegun = false;
  const waiting = runInThread(
    { module, input: new SharedArrayBuffer(4), name: "Waiting", gate },
    { signal: calledOff.signal, onProgress: () => (hasBegun = true) },
  );
  calledOff.abort(new Error("not wanted any more"));
  gate.leave();
  await expect(waiting).rejects.toThrow("not wanted any more");
  await gate.enter();
  expect(hasBegun).toBe(false);
});
