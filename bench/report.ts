import { mkdir, writeFile } from "node:fs/promises";
import { cpus, totalmem } from "node:os";
import { dirname } from "node:path";
import type { Figure } from "./scenario.ts";

export interface ScenarioReport {
  name: string;
  title: string;
  figures: Figure[];
  /** Why there are no figures, or null. */
  error: string | null;
}

export interface Report {
  at: string;
  short: boolean;
  machine: { processors: number; model: string; memoryMb: number; node: string };
  scenarios: ScenarioReport[];
}

export const newReport = (short: boolean): Report => ({
  at: new Date().toISOString(),
  short,
  machine: {
    processors: cpus().length,
    model: cpus()[0]?.model ?? "unknown",
    memoryMb: Math.round(totalmem() / 2 ** 20),
    node: process.version,
  },
  scenarios: [],
});

export const isMet = ({ value, target }: Figure) => target === undefined || value <= target;

/** The report as a table for a terminal of about 100 columns. */
export function tableOf(report: Report): string {
  return report.scenarios.map((scenario) => `\n${scenario.title} (${scenario.name})\n${rowsOf(scenario)}`).join("\n");
}

function rowsOf({ figures, error }: ScenarioReport): string {
  const rows = figures.map((figure) => {
    const target = figure.target === undefined ? "" : `  ${isMet(figure) ? "met" : "MISSED"} (≤ ${figure.target})`;
    return `  ${figure.label.padEnd(58)}${numberOf(figure).padStart(12)}${target}`;
  });
  return [...rows, ...(error === null ? [] : [`  failed: ${error}`])].join("\n");
}

function numberOf({ value, unit }: Figure): string {
  const digits = unit === "count" || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return unit === "count" ? value.toFixed(0) : `${value.toFixed(digits)} ${unit}`;
}

export async function saveReport(report: Report, path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}
