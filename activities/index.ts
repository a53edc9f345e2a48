import type { Logger } from "pino";
import type { PrismaClient } from "#records/db.ts";
import type { MediaStore } from "#records/media-store.ts";
import { createAnalysisActivities } from "./analysis.ts";
import type { ChooseAnalyst } from "./analysis.ts";
import { createMediaActivities } from "./media.ts";
import type { MediaLimits } from "./media.ts";
import { createRunActivities } from "./runs.ts";
import { createSpeechActivities } from "./speech.ts";
import type { SpeechTools } from "./speech.ts";
import { createUpkeepActivities } from "./upkeep.ts";

/** Everything the activities work with. Built once in `worker/main.ts`. */
export interface ActivityDeps {
  prisma: PrismaClient;
  media: MediaStore;
  log: Logger;
  /** A folder for files of a stage under way; each stage makes and removes its own below it. */
  scratchDir: string;
  mediaLimits: MediaLimits;
  speech: SpeechTools;
  chooseAnalyst: ChooseAnalyst;
  /** What paid models may cost in a day (UTC), in cents; null for no limit. */
  spendLimitCents: number | null;
  /** Whether an execution of this workflow id is open at the Temporal server. */
  isWorkflowOpen(workflowId: string): Promise<boolean>;
}

export function createActivities(deps: ActivityDeps) {
  return {
    ...createRunActivities(deps),
    ...createMediaActivities(deps),
    ...createSpeechActivities(deps),
    ...createAnalysisActivities(deps),
    ...createUpkeepActivities(deps),
  };
}

export type Activities = ReturnType<typeof createActivities>;
