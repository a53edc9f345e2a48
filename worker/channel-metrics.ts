import { sourceProblems } from "#domain/channels/source-problem.ts";
import { jobOutcomes, jobWindows, openStages, readSources } from "#records/channels/metrics.ts";
import type { ChannelMetrics } from "#records/channels/metrics.ts";
import type { DefineGauge } from "./metrics.ts";

const openStates = ["pending", "processing"] as const;
const checkProblems = [...Object.keys(sourceProblems), "internal"];

/** What is measured of channels and their jobs, by kind of source; of no single channel. */
export function measureChannels(gauge: DefineGauge): void {
  gauge("convene_channel_jobs", "Jobs that are not over, by state and stage", ["state", "stage"], (stored, set) => {
    for (const state of openStates) {
      for (const stage of openStages) {
        const rows = stored.channels.open.filter((row) => row.state === state && row.stage === stage);
        set(
          { state, stage },
          rows.reduce((sum, { count }) => sum + count, 0),
        );
      }
    }
  });
  gauge(
    "convene_channel_jobs_finished",
    "Jobs that ended within the window, by outcome",
    ["outcome", "window"],
    ({ channels: { finished } }, set) => {
      for (const window of jobWindows) {
        for (const outcome of jobOutcomes) {
          const row = finished.find((each) => each.window === window && each.outcome === outcome);
          set({ outcome, window }, row?.count ?? 0);
        }
      }
    },
  );
  gauge(
    "convene_channel_videos_found",
    "Videos that were found within the window, by kind of source",
    ["source", "window"],
    ({ channels: { found } }, set) => {
      for (const window of jobWindows) {
        for (const source of [...readSources, "upload"]) {
          const row = found.find((each) => each.window === window && each.source === source);
          set({ source, window }, row?.count ?? 0);
        }
      }
    },
  );
  const ofSource = (stored: ChannelMetrics, source: string) =>
    stored.channels.find((each) => each.source === source) ?? { fine: 0, failing: 0, paused: 0, age: 0 };
  gauge(
    "convene_channels",
    "Channels with a source, by its kind and whether it can be read",
    ["source", "state"],
    ({ channels }, set) => {
      for (const source of readSources) {
        const row = ofSource(channels, source);
        for (const state of ["fine", "failing", "paused"] as const) set({ source, state }, row[state]);
      }
    },
  );
  gauge(
    "convene_channel_check_age_seconds",
    "How long ago a source of this kind was last read well; 0 where there is none to be read",
    ["source"],
    ({ channels }, set) => {
      for (const source of readSources) set({ source }, ofSource(channels, source).age);
    },
  );
  gauge(
    "convene_channels_failing",
    "Channels that cannot be read, by why",
    ["problem"],
    ({ channels: { problems } }, set) => {
      for (const problem of checkProblems) {
        set({ problem }, problems.find((each) => each.problem === problem)?.count ?? 0);
      }
    },
  );
  const closings = (name: string, help: string, figure: "seconds" | "times") =>
    gauge(name, help, ["source"], ({ channels: { closed } }, set) => {
      for (const source of readSources) set({ source }, closed.find((each) => each.source === source)?.[figure] ?? 0);
    });
  closings("convene_source_closed_seconds", "For how long nothing more is fetched of a kind of source", "seconds");
  closings("convene_source_closings", "How often in a row a kind of source wanted no more requests", "times");
}
