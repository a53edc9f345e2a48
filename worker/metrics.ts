import type { Client } from "@temporalio/client";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { Gauge, Histogram } from "prom-client";
import type { Registry } from "prom-client";
import { gapReasons } from "#domain/transcript-gap.ts";
import { agentStates, linkKinds, openStatuses, outcomes, windows } from "#records/meetings/meeting-metrics.ts";
import type { MeetingMetrics } from "#records/meetings/meeting-metrics.ts";
import { openRecordingStatuses, recordingOutcomes } from "#records/conversations/recording-metrics.ts";
import { botOutcomes, botStatuses, botWindows } from "#records/bot-visits/metrics.ts";
import { measureChannels } from "./channel-metrics.ts";
import { lastPass, perScrape, readMetrics } from "./gauges.ts";
import type { StoredMetrics } from "./gauges.ts";

interface Deps {
  registry: Registry;
  pool: Pool;
  client: Client;
  log: Logger;
  /** After this long an agent's link is renewed; what comes sooner is a loss. */
  linkLimitMs: number;
}

/** A gauge of stored metrics: `collect` sets each of its values, for which what was there before is forgotten. */
export type DefineGauge = <Label extends string>(
  name: string,
  help: string,
  labelNames: Label[],
  collect: (stored: StoredMetrics, set: (labels: Record<Label, string>, value: number) => void) => void,
) => void;

const processingBuckets = [0.25, 0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 900];
const shareBuckets = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 5];
const startBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300];

/**
 * What the shared rows and Temporal say, read when somebody scrapes: it outlives this process, and every worker tells
 * the same, so take the maximum of several. What cannot be read is absent; a scrape never fails and never hangs.
 */
export function measureWorker({ registry, pool, client, log, linkLimitMs }: Deps): void {
  const database = perScrape(log, "Postgres", () => readMetrics(pool, linkLimitMs));
  const pass = perScrape(log, "Temporal", () => lastPass(client, "reconcile"));
  const joinPass = perScrape(log, "Temporal", () => lastPass(client, "autoJoinSweep"));

  const gauge: DefineGauge = (name, help, labelNames, collect) => {
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames,
        registers: [],
        async collect() {
          const stored = await database();
          this.reset();
          if (stored !== null) collect(stored, (labels, value) => this.set(labels, value));
          else if (labelNames.length === 0) this.set(Number.NaN);
        },
      }),
    );
  };

  /** Filled anew at each scrape: to be read as it is, without `rate`. */
  function recent(name: string, help: string, buckets: number[], pick: (stored: StoredMetrics) => number[]): void {
    registry.registerMetric(
      new Histogram({
        name,
        help: `${help}, of the last hour; read without rate()`,
        buckets,
        registers: [],
        async collect() {
          const stored = await database();
          this.reset();
          if (stored === null) return;
          // Without it an hour without meetings would have no series at all.
          this.zero({});
          for (const value of pick(stored)) this.observe(value);
        },
      }),
    );
  }

  const isUp = (name: string, what: string, read: () => Promise<unknown>) =>
    registry.registerMetric(
      new Gauge({
        name,
        help: `Whether ${what} answered this scrape`,
        registers: [],
        async collect() {
          this.set((await read()) === null ? 0 : 1);
        },
      }),
    );
  isUp("convene_database_up", "Postgres", database);
  isUp("convene_temporal_up", "Temporal", pass);
  const passAt = (name: string, what: string, read: () => Promise<{ completedAt: Date | null } | null>) =>
    registry.registerMetric(
      new Gauge({
        name,
        help: `When the newest ${what} completed, by Temporal's clock; 0 where none is known`,
        registers: [],
        async collect() {
          const at = await read();
          this.set(at === null ? Number.NaN : at.completedAt === null ? 0 : at.completedAt.getTime() / 1000);
        },
      }),
    );
  passAt("convene_reconcile_last_pass_timestamp_seconds", "reconcile pass", pass);
  passAt("convene_auto_join_last_pass_timestamp_seconds", "pass of auto-join", joinPass);

  gauge(
    "convene_inbox_deliveries",
    "Deliveries of the inbox, by state; counting stops at 10000",
    ["state"],
    ({ inbox }, set) => {
      for (const [state, count] of Object.entries(inbox.counts)) set({ state }, count);
    },
  );
  gauge("convene_inbox_oldest_waiting_seconds", "How long the oldest waiting delivery waits", [], ({ inbox }, set) =>
    set({}, inbox.oldestWaitingSeconds ?? 0),
  );
  gauge(
    "convene_outbox_rows",
    "Orders of the outbox, by state; counting stops at 10000",
    ["state"],
    ({ outbox }, set) => {
      for (const [state, count] of Object.entries(outbox.counts)) set({ state }, count);
    },
  );
  gauge("convene_outbox_oldest_waiting_seconds", "How long the oldest order that is due waits", [], ({ outbox }, set) =>
    set({}, outbox.oldestWaitingSeconds ?? 0),
  );
  gauge("convene_meetings", "Meetings that are not over, by status", ["status"], ({ meetings }, set) => {
    for (const status of openStatuses) set({ status }, meetings.open[status] ?? 0);
  });
  gauge(
    "convene_meetings_finished",
    "Meetings that ended within the window, by outcome (A-121)",
    ["outcome", "window"],
    ({ meetings }, set) => {
      for (const window of windows) {
        for (const outcome of outcomes) set({ outcome, window }, finishedOf(meetings, window, outcome)?.count ?? 0);
      }
    },
  );
  gauge(
    "convene_meetings_without_words",
    "Completed meetings whose call took place and left no segment (A-123)",
    ["window"],
    ({ meetings }, set) => {
      for (const window of windows) set({ window }, finishedOf(meetings, window, "completed")?.wordless ?? 0);
    },
  );
  gauge("convene_meeting_segments", "Segments stored of all meetings that are kept", [], ({ meetings }, set) =>
    set({}, meetings.segments),
  );
  gauge("convene_agents", "Calls that go on, by what their agent does", ["state"], ({ meetings }, set) => {
    for (const state of agentStates) set({ state }, meetings.agents[state] ?? 0);
  });
  gauge(
    "convene_agent_links",
    "Agents' links in meetings that began within the window, by kind",
    ["kind", "window"],
    ({ meetings }, set) => {
      for (const window of windows) {
        const links = meetings.links.find((row) => row.window === window);
        for (const kind of linkKinds) set({ kind, window }, links?.[kind] ?? 0);
      }
    },
  );
  const absences = (name: string, help: string, figure: "count" | "seconds") =>
    gauge(name, help, ["reason", "window"], ({ meetings }, set) => {
      for (const window of windows) {
        for (const reason of gapReasons) {
          const row = meetings.absences.find((each) => each.window === window && each.reason === reason);
          set({ reason, window }, row?.[figure] ?? 0);
        }
      }
    });
  absences("convene_call_absences", "Stretches of calls within the window that the agent did not hear", "count");
  absences("convene_call_absence_seconds", "How long calls were not heard within the window, in all", "seconds");
  recent(
    "convene_meeting_processing_start_seconds",
    "From a call's end to the start of processing (A-114)",
    startBuckets,
    ({ meetings }) => meetings.seconds.toStart,
  );
  recent(
    "convene_meeting_processing_seconds",
    "From a call's end to the meeting's result (A-122)",
    processingBuckets,
    ({ meetings }) => meetings.seconds.toResult,
  );
  gauge("convene_recordings", "Recordings that are not done, by status", ["status"], ({ recordings }, set) => {
    for (const status of openRecordingStatuses) set({ status }, recordings.open[status] ?? 0);
  });
  gauge(
    "convene_recording_oldest_waiting_seconds",
    "How long the oldest recording waits for its first stage",
    [],
    ({ recordings }, set) => set({}, recordings.oldestWaitingSeconds),
  );
  gauge(
    "convene_recordings_finished",
    "Recordings that ended within the window, by outcome (C-68)",
    ["outcome", "window"],
    ({ recordings }, set) => {
      for (const window of windows) {
        for (const outcome of recordingOutcomes) {
          const row = recordings.finished.find((each) => each.window === window && each.outcome === outcome);
          set({ outcome, window }, row?.count ?? 0);
        }
      }
    },
  );
  recent(
    "convene_recording_processing_seconds",
    "From a recording's arrival to its result (C-68)",
    processingBuckets,
    ({ recordings }) => recordings.seconds,
  );
  recent(
    "convene_recording_processing_ratio",
    "Time of processing by the recording's own length (C-68)",
    shareBuckets,
    ({ recordings }) => recordings.ofItsLength,
  );
  gauge("convene_bots", "Bots' visits that are not over, by status", ["status"], ({ bots }, set) => {
    for (const status of botStatuses) set({ status }, bots.open[status] ?? 0);
  });
  gauge("convene_bots_overdue", "Bots that should have been sent over a minute ago", [], ({ bots }, set) =>
    set({}, bots.overdue),
  );
  gauge(
    "convene_bots_finished",
    "Bots' visits that ended within the window, by outcome (B-82)",
    ["outcome", "window"],
    ({ bots }, set) => {
      for (const window of botWindows) {
        for (const outcome of botOutcomes) {
          const row = bots.finished.find((each) => each.window === window && each.outcome === outcome);
          set({ outcome, window }, row?.count ?? 0);
        }
      }
    },
  );
  recent(
    "convene_bot_join_seconds",
    "From the moment a bot is to be sent to its being in the meeting (B-85)",
    startBuckets,
    ({ bots }) => bots.joinSeconds,
  );
  gauge("convene_calendars", "Connected calendars, by whether they can be read", ["state"], ({ bots }, set) => {
    set({ state: "fine" }, bots.calendars.fine);
    set({ state: "failing" }, bots.calendars.failing);
  });
  measureChannels(gauge);
}

const finishedOf = ({ finished }: MeetingMetrics, window: string, outcome: string) =>
  finished.find((row) => row.window === window && row.outcome === outcome);
