import { commandLine } from "#local/command-line.ts";
import { autoJoin } from "./auto-join.ts";
import { besideLong } from "./beside-long.ts";
import { bots } from "./bots.ts";
import { engine } from "./engine/engine.ts";
import { http } from "./http.ts";
import { liveLatency } from "./live-latency.ts";
import { meetingScenarios } from "./meetings/scenarios.ts";
import { memory } from "./memory.ts";
import { pipeline } from "./pipeline.ts";
import { podcast } from "./podcast.ts";
import { polling } from "./polling.ts";
import { reconnect } from "./reconnect.ts";
import { isMet, newReport, saveReport, tableOf } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { sockets } from "./sockets.ts";
import { startStack } from "./stack/stack.ts";
import type { Stack } from "./stack/stack.ts";
import { startup } from "./startup.ts";

const ofRecordings: Scenario[] = [
  startup,
  liveLatency,
  reconnect,
  polling,
  sockets,
  http,
  podcast,
  pipeline,
  besideLong,
  memory,
  autoJoin,
];
// Those that start a program of their own.
const ownPrograms = [engine, bots, ...meetingScenarios];
const scenarios = [...ofRecordings, ...ownPrograms];

const names = scenarios.map(({ name }) => name).join(", ");
const usage = `npm run bench [-- SCENARIO… --short --long --out FILE --verbose]   Scenarios: ${names}`;
const { values, positionals } = commandLine(usage, {
  allowPositionals: true,
  options: {
    short: { type: "boolean", default: false },
    long: { type: "boolean", default: false },
    out: { type: "string", default: "bench/results/latest.json" },
    verbose: { type: "boolean", default: false },
  },
});
const unknown = positionals.filter((name) => !scenarios.some((scenario) => scenario.name === name));
if (unknown.length > 0) {
  console.error(`No such scenario: ${unknown.join(", ")}. There are: ${names}`);
  process.exit(2);
}

let started: Promise<Stack> | undefined;
const report = newReport(values.short);
for (const scenario of scenarios) {
  if (positionals.length > 0 && !positionals.includes(scenario.name)) continue;
  // One more program beside them would be measured along with them.
  if (ownPrograms.includes(scenario)) await stop();
  report.scenarios.push(await measure(scenario));
}
await stop();

await saveReport(report, values.out);
console.log(`${tableOf(report)}\n\nwritten to ${values.out}`);
const good = report.scenarios.every(({ figures, error }) => error === null && figures.every(isMet));
process.exitCode = good ? 0 : 1;

async function stop() {
  const stack = await started?.catch(() => undefined);
  started = undefined;
  await stack?.[Symbol.asyncDispose]();
}

async function measure({ name, title, run }: Scenario) {
  const say = (line: string) => console.error(`${name}: ${line}`);
  const detail = values.verbose ? say : () => {};
  try {
    const { short, long } = values;
    const figures = await run({ short, long, say, detail, stack: () => (started ??= startStack(detail)) });
    return { name, title, figures, error: null };
  } catch (error) {
    return { name, title, figures: [], error: error instanceof Error ? error.message : String(error) };
  }
}
