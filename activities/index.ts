import type { WatchLimits } from "#domain/bot-watch.ts";
import type { Logger } from "pino";
import type { Pool } from "pg";
import type { AutoJoinPolicy } from "#domain/calendar/policy.ts";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import type { Sealer } from "#records/seal.ts";
import { createAgentLinkActivities } from "./agent-link.ts";
import type { CallEnds } from "./agent-link.ts";
import { createAnalysisActivities } from "./analysis.ts";
import type { ChooseAnalyst } from "./analysis.ts";
import { createCalendarActivities } from "./calendars.ts";
import { createBackfillActivities } from "./channels/backfill.ts";
import { createCutActivities } from "./channels/cut.ts";
import { createRetentionActivities } from "./channels/retention.ts";
import { createReviewActivities } from "./channels/review.ts";
import { createChannelCheckActivities } from "./channels/check.ts";
import type { DownloadLimits } from "./channels/fetch-file.ts";
import { createVideoActivities } from "./channels/video.ts";
import { createCallArtefactActivities } from "./call-artefacts.ts";
import type { Bots } from "./clients/bots/bots.ts";
import type { Accounts } from "./clients/accounts/accounts.ts";
import type { CallProvider, CallProviderId } from "./clients/calls/call-provider.ts";
import type { GuardedFetch } from "./clients/guarded-fetch.ts";
import type { Sources } from "./clients/sources/sources.ts";
import type { ContentReader } from "./clients/analyst/content/content-reader.ts";
import type { PlanReader } from "./clients/analyst/plan/plan-reader.ts";
import type { HeldLinks } from "./held-links.ts";
import { createMediaActivities } from "./media.ts";
import type { MediaLimits } from "./media.ts";
import { createMeetingActivities } from "./meetings.ts";
import { createReconcileActivities } from "./reconcile.ts";
import { createRecorderActivities } from "./bot-visit.ts";
import { createRunActivities } from "./runs.ts";
import { createSpeechDetectionActivities } from "./speech-detection.ts";
import { createSpeechActivities } from "./speech.ts";
import type { SpeechTools } from "./speech.ts";
import { createUpkeepActivities } from "./upkeep.ts";

/** Everything the activities work with. Built once in `worker/main.ts`. */
export interface ActivityDeps {
  prisma: PrismaClient;
  pool: Pool;
  sealer: Sealer;
  /** The accounts whose calendars are read by consent. */
  accounts: Accounts;
  media: MediaStore;
  log: Logger;
  /** A folder for files of a stage under way; each stage makes and removes its own below it. */
  scratchDir: string;
  mediaLimits: MediaLimits;
  speech: SpeechTools;
  chooseAnalyst: ChooseAnalyst;
  choosePlanReader: (model: string) => PlanReader;
  /** Reads where a video's content begins and ends. Not given: that is judged by how the file is built alone. */
  contentReader?: ContentReader | null;
  /** The language model of meetings where a person named none. */
  meetingModel: string;
  /** The providers of calls that are set up here. */
  calls: Partial<Record<CallProviderId, CallProvider>>;
  /** Who sends recording bots. */
  bots: Bots;
  /** For addresses that come from outside. */
  guardedFetch: GuardedFetch;
  /** Where Stream is reached, if not at its own address. */
  streamBaseUrl: string | undefined;
  /** Longest a call may last, and an agent's link to it before it is renewed; milliseconds. */
  longestCallMs: number;
  botHoursPerDay: number;
  botEraseAfterDays: number;
  botWatch: WatchLimits;
  linkLimitMs: number;
  /** Agents' links that wait for another worker as this one stops. */
  heldLinks: HeldLinks;
  /** Whether what is said in this meeting's call is kept as it is said, or comes from its provider after the end. */
  collectsLive(meeting: { id: string; provider: string }): boolean;
  /** Tells a meeting's workflow which segments are stored. */
  signalTranscript(meetingId: string, toSequence: number): Promise<void>;
  /** Tells it that its agent has given up its last words. */
  signalAgentLeft(meetingId: string): Promise<void>;
  /** Hears that calls are over. */
  callEnds: CallEnds;
  /** Whether meetings are joined at all, and for whom. */
  autoJoin: AutoJoinPolicy;
  /** Hosts of Jitsi servers of one's own. */
  jitsiHosts?: readonly string[];
  /** Between two syncs of a calendar, in milliseconds. */
  calendarSyncMs: number;
  /** Where channels' items come from. */
  sources: Sources;
  /** Between two looks at a channel, in milliseconds. */
  channelCheckMs: number;
  /** Where this server is reached from outside. */
  publicUrl: string | undefined;
  downloadLimits: DownloadLimits;
  /** What paid models may cost in a day (UTC), in cents; null for no limit. */
  spendLimitCents: number | null;
  /** Whether an execution of this workflow id is open at the Temporal server. */
  isWorkflowOpen(workflowId: string): Promise<boolean>;
  /** Whether this very execution still goes on there. */
  isExecutionOpen(workflowId: string, temporalRunId: string): Promise<boolean>;
}

export function createActivities(deps: ActivityDeps) {
  return {
    ...createRunActivities(deps),
    ...createMediaActivities(deps),
    ...createSpeechDetectionActivities(deps),
    ...createSpeechActivities(deps),
    ...createAnalysisActivities(deps),
    ...createMeetingActivities(deps),
    ...createAgentLinkActivities(deps),
    ...createCallArtefactActivities(deps),
    ...createReconcileActivities(deps),
    ...createCalendarActivities(deps),
    ...createRecorderActivities(deps),
    ...createChannelCheckActivities(deps),
    ...createVideoActivities(deps),
    ...createCutActivities(deps),
    ...createReviewActivities(deps),
    ...createRetentionActivities(deps),
    ...createBackfillActivities(deps),
    ...createUpkeepActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
