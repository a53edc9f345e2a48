import { z } from "zod";
import type { PrismaClient } from "#records/db.ts";
import { stopRecorder } from "#records/bot-visits/requests.ts";
import { recorderOfRun } from "#records/bot-visits/views.ts";
import { retryRun } from "#records/runs/run-requests.ts";
import { mustParse } from "../forms.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";

/** What the buttons of a bot's visit ask for. */
const Intent = z.discriminatedUnion("intent", [
  z.object({ intent: z.literal("stopBot") }),
  z.object({ intent: z.literal("sendAgain") }),
]);

const settle = settleFor("There is no such visit of a bot, or your role does not allow this.");

/** Does what is asked of the visit that a run makes. `message` says why the state of things does not allow it. */
export async function actOnVisit(
  { prisma, userId, runId }: { prisma: PrismaClient; userId: string; runId: string },
  form: FormData,
): Promise<ActionMessage> {
  const { intent } = mustParse(Intent, form);
  const visit = await recorderOfRun(prisma, userId, runId);
  if (visit === null) return settle(false);
  if (intent === "sendAgain" && !visit.canRetry) return { message: "The meeting is over, or its recording is there." };
  return settle(
    intent === "stopBot" ? await stopRecorder(prisma, userId, visit.id) : await retryRun(prisma, userId, runId),
  );
}
