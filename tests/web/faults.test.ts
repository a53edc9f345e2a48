import { spawn } from "node:child_process";
import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { hostileWeb } from "./hostile-web.ts";

test("an error that nothing caught is logged, and a young process serves on and says so", async () => {
  await using db = await testDatabase();
  const web = await hostileWeb(db, { preload: new URL("./throw-on-signal.ts", import.meta.url) });
  expect(await web.health()).toEqual({ status: "ok" });
  for (const faults of [1, 2]) {
    web.child.kill("SIGUSR2");
    await expect.poll(web.health).toEqual({ status: "degraded", faults });
  }
  expect((await fetch(`${web.url}/api/recordings`)).status).toBe(401);
  expect(web.child.exitCode).toBe(null);
  expect(web.output().match(/"an error that nothing caught"/g)).toHaveLength(2);
  expect(web.output()).toContain("nobody catches this");
  await web.stop();
});

test("once it has lived for the least time, a faulty process is replaced, once; its log names the request", async () => {
  const script = `
    import { pino } from "pino";
    import { replaceAfterFault } from ${JSON.stringify(new URL("../../web/http/faults.ts", import.meta.url).href)};
    import { currentRequest } from ${JSON.stringify(new URL("../../web/http/current-request.ts", import.meta.url).href)};
    const lifecycle = { isStopping: false, faults: 0 };
    const replace = () => {
      console.log("replaced at " + process.uptime() + " after " + lifecycle.faults);
      process.exitCode = 7;
      clearInterval(life);
    };
    const life = setInterval(() => {}, 1000);
    replaceAfterFault({ log: pino(), lifecycle, replace, minimumLifeMs: 1500 });
    const fail = () => setTimeout(() => { throw new Error("late"); });
    currentRequest.run("request-1", fail);
    currentRequest.run("request-2", () => void Promise.reject(new Error("rejected")));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script]);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise((resolve) => child.once("close", resolve));
  expect([code, output]).toEqual([7, expect.stringContaining('"reqId":"request-1"')]);
  expect(output).toContain('"reqId":"request-2"');
  const [, uptime, faults] = /replaced at ([\d.]+) after (\d)/.exec(output) ?? [];
  expect(Number(uptime)).toBeGreaterThanOrEqual(1.499);
  expect([output.match(/replaced at/g)?.length, faults]).toEqual([1, "2"]);
});
