import { z } from "zod";
import { commandLine } from "#local/command-line.ts";
import { tableOf } from "./year/report.ts";
import { playYear } from "./year/year.ts";

const usage =
  "npm run simulate -- year [--users 500] [--events 20000] [--minutes 25] [--seed 2026] [--kills 12] [--rate 2] [--grace 60] [--log FILE]";
const { values, positionals } = commandLine(usage, {
  allowPositionals: true,
  options: {
    users: { type: "string", default: "500" },
    events: { type: "string", default: "20000" },
    minutes: { type: "string", default: "25" },
    seed: { type: "string", default: "2026" },
    kills: { type: "string", default: "12" },
    rate: { type: "string", default: "2" },
    grace: { type: "string", default: "60" },
    log: { type: "string" },
  },
});
const whole = z.coerce.number().int().min(0);
const asked = z
  .object({
    users: whole.min(5),
    events: whole.min(100),
    minutes: z.coerce.number().min(1),
    seed: whole,
    kills: whole,
    rate: z.coerce.number().positive(),
    grace: whole,
  })
  .safeParse(values);
if (positionals.join() !== "year" || !asked.success) {
  console.error(usage);
  process.exit(2);
}
const { grace: graceSeconds, rate: perSecond, ...options } = asked.data;

const startedAt = Date.now();
const say = (line: string) => console.error(`${((Date.now() - startedAt) / 1000).toFixed(0).padStart(5)} s  ${line}`);
const report = await playYear({ ...options, perSecond, graceSeconds, log: values.log ?? null, say });
console.log(tableOf(report));
process.exitCode = report.problems.length === 0 ? 0 : 1;
