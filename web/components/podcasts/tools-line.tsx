import type { WorkerTools } from "#records/channels/worker-tools.ts";
import { plural } from "../ui/format.ts";

export interface ShownTools extends WorkerTools {
  /** How old this yt-dlp is, as its version says. */
  days: number | null;
}

/** YouTube changes; a yt-dlp that is older may not know how. */
const oldDays = 90;

/** For administrators: with what videos of YouTube are fetched where the worker runs. */
export function ToolsLine({ tools: { node, python, ytdlp, days } }: { tools: ShownTools }) {
  const versions = [python === null ? null : `Python ${python}`, `Node ${node}`].filter((each) => each !== null);
  return (
    <p className="mt-8 text-sm text-soft">
      {ytdlp === null
        ? "Where the worker runs there is no yt-dlp, which videos of YouTube are fetched by: install Python 3.11 or newer with pip there, or set YTDLP_PATH."
        : `Videos of YouTube are fetched by yt-dlp ${ytdlp}${days === null ? "" : ` (${plural(days, "day")} old)`}.`}{" "}
      {days !== null && days > oldDays ? "A newer one may be needed: set YTDLP_PATH to it. " : ""}
      {`The worker has ${versions.join(" and ")}.`}
    </p>
  );
}
