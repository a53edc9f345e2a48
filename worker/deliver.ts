import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError, type Client } from "@temporalio/client";
import type { WorkflowHandle } from "@temporalio/client";
import type { Logger } from "pino";
import type { Pool } from "pg";
import { createCallStateReader } from "#activities/call-state.ts";
import type { Bots } from "#activities/clients/bots/bots.ts";
import type { CallProvider, CallProviderId } from "#activities/clients/calls/call-provider.ts";
import type { Accounts } from "#activities/clients/accounts/accounts.ts";
import type { PrismaClient } from "#records/db.ts";
import { createInboxNotifier } from "#records/queues/inbox.ts";
import { channelFileKey, channelPrefix, mediaPrefix } from "#records/media/media-store.ts";
import type { MediaStore } from "#records/media/media-store.ts";
import type { OutboxPayloads } from "#records/queues/outbox.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import type { RunKind } from "#domain/stages.ts";
import { timing } from "#domain/timing.ts";
import { calendarSyncWorkflowId, channelCheckWorkflowId, meetingWorkflowId, recorderWorkflowId } from "#domain/ids.ts";
import type { calendarSync } from "#workflows/calendars.ts";
import type { channelCheck } from "#workflows/channels.ts";
import { botChanged, cancel, jobsChanged, leaveRequested, rename } from "#workflows/messages.ts";
import type { TaskQueues } from "#workflows/messages.ts";
import type { RunWorkflows } from "#workflows/runs.ts";
import { deleteAccount } from "./delete-account.ts";
import { eraseBot } from "./erase-bot.ts";
import { callAgent } from "./call-agent.ts";
import { NotYet } from "./outbox-dispatcher.ts";
import type { Deliver } from "./outbox-dispatcher.ts";
import type { Mails } from "./mail.ts";
import { startableRun, startOptions } from "./run-input.ts";
import { tellReview } from "./tell-review.ts";
import { wakeJobs } from "./wake-jobs.ts";

interface Deps {
  prisma: PrismaClient;
  pool: Pool;
  client: Client;
  media: MediaStore;
  log: Logger;
  /** Whether the cluster has our search attributes. */
  indexed: boolean;
  queues: TaskQueues;
  /** Where people find the run's page; no link is made without it. */
  publicUrl?: string | undefined;
  mails: Mails;
  bots: Bots;
  accounts: Pick<Accounts, "revoke" | "stopOrphans">;
  /** The providers that are set up here. */
  calls: Partial<Record<CallProviderId, Pick<CallProvider, "callState" | "endCall">>>;
}

/** What each kind of outbox row does. Every one may be delivered more than once. */
export function createDeliver(deps: Deps): Deliver {
  return (message) => {
    switch (message.kind) {
      case "run.start":
        return startRun(deps, message.payload);
      case "run.cancel":
        return cancelRun(deps, message.payload);
      case "meeting.leave":
        return passOnLeave(deps, message.payload);
      case "call.ask":
        return askWhetherBegun(deps, message.payload);
      case "call.end":
        return endCall(deps, message.payload);
      case "agent.again":
        return callAgent(deps, message.payload.meetingId);
      case "meeting.edited":
        return passOnEdit(deps, message.payload);
      case "mail.reminder":
        return deps.mails.sendReminder(message.payload.meetingId);
      case "mail.invite":
        return deps.mails.sendInvite(message.payload.inviteId);
      case "mail.sign-up":
        return deps.mails.sendSignUp(message.payload.userId);
      case "mail.password":
        return deps.mails.sendPasswordLink(message.payload.userId);
      case "calendar.sync":
        return syncCalendar(deps, message.payload);
      case "channel.check":
        return checkChannel(deps, message.payload);
      case "backfill.changed":
        return hintAtBackfill(deps, message.payload);
      case "source.opened":
        return wakeJobs(deps, message.payload.source);
      case "review.changed":
        return tellReview(deps, message.payload);
      case "calendar.unwatch":
        return deps.accounts.stopOrphans(message.payload.accountId);
      case "calendar.account-closed":
        return deps.accounts.revoke(message.payload.accountId);
      case "recorder.changed":
        return hintAtBot(deps, message.payload);
      case "bot.erase":
        return eraseBot(deps, message.payload);
      case "channel-file.settle":
        return settleChannelFile(deps, message.payload);
      case "channel.deleted":
        return deps.media.removeAll(channelPrefix(message.payload.channelId));
      case "conversation.deleted":
        return removeConversation(deps, message.payload);
      case "account.deleted":
        return deleteAccount(deps, message.payload);
      default:
        return message satisfies never;
    }
  };
}

async function startRun(deps: Deps, { runId, attempt, lost }: OutboxPayloads["run.start"]): Promise<void> {
  const { prisma, client, log } = deps;
  const run = await startableRun(prisma, { id: runId });
  if (run === null || run.attempt !== attempt || isFinal(run.status as RunStatus)) return;
  const workflow: keyof RunWorkflows = run.kind as RunKind;
  try {
    await client.workflow.start<RunWorkflows[typeof workflow]>(workflow, {
      ...startOptions(deps, run),
      // A first start that is delivered again must not begin a second execution; a retry is meant to begin one.
      workflowIdReusePolicy: attempt === 1 && !lost ? "REJECT_DUPLICATE" : "ALLOW_DUPLICATE",
      workflowIdConflictPolicy: "FAIL",
    });
    log.info({ runId, attempt, workflowId: run.workflowId }, "run started");
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    const claimed = await prisma.runClaim.count({ where: { runId, attempt } });
    // Nobody works on this attempt yet: the execution before it has still to close.
    if (claimed === 0) throw new NotYet(`${run.workflowId} is still open`);
  }
}

async function cancelRun({ prisma, client, log }: Deps, { runId }: OutboxPayloads["run.cancel"]): Promise<void> {
  const run = await prisma.run.findUnique({ where: { id: runId } });
  if (run === null || isFinal(run.status as RunStatus) || !run.cancelRequested) return;
  try {
    await client.workflow.getHandle(run.workflowId).executeUpdate(cancel, { updateId: `cancel-${run.attempt}` });
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    // Its workflow is gone, so nobody else will ever write this end.
    await prisma.$transaction((tx) => applyRunEvent(tx, runId, { type: "cancelled" }, run.attempt));
    log.info({ runId, kind: run.kind, workflowId: run.workflowId }, "run cancelled; its workflow was gone");
  }
}

async function passOnLeave(deps: Deps, { meetingId, ...left }: OutboxPayloads["meeting.leave"]): Promise<void> {
  await signalOpenRun(deps, meetingWorkflowId(meetingId), (handle) => handle.signal(leaveRequested, left));
  deps.log.info({ meetingId }, "[Webhook] last person left");
}

const providerMs = 15_000;

// A lost or late webhook leaves people alone in their call, so nobody waits for the reconcile pass.
async function askWhetherBegun(
  { prisma, pool, log, calls }: Deps,
  { meetingId, at }: OutboxPayloads["call.ask"],
): Promise<void> {
  const meeting = await prisma.meeting.findFirst({
    where: { id: meetingId, startedAt: null, conversation: { runs: { some: { kind: "meeting", status: "pending" } } } },
    select: { id: true, provider: true },
  });
  if (meeting === null) return;
  const ask = createCallStateReader({ pool, log, calls });
  const sessions = await ask(meeting, AbortSignal.timeout(providerMs)).catch((error: unknown) => {
    log.warn({ err: error, meetingId }, "provider could not be asked about a meeting");
    return 0;
  });
  if (sessions > 0) createInboxNotifier(pool)();
  else if (Date.now() - at < timing.startTold.mostMs) {
    throw new NotYet(`the call of ${meetingId} has not begun`, timing.startTold.againMs);
  }
}

async function endCall({ prisma, calls, log }: Deps, { meetingId }: OutboxPayloads["call.end"]): Promise<void> {
  const meeting = await prisma.meeting.findUnique({ where: { id: meetingId }, select: { provider: true } });
  const provider = meeting === null ? undefined : calls[meeting.provider as CallProviderId];
  if (provider === undefined) return;
  await provider.endCall(meetingId, AbortSignal.timeout(providerMs));
  log.info({ meetingId }, "call ended at its provider");
}

async function passOnEdit(deps: Deps, { meetingId, edit }: OutboxPayloads["meeting.edited"]): Promise<void> {
  await signalOpenRun(deps, meetingWorkflowId(meetingId), (handle) =>
    handle.executeUpdate(rename, { args: [{ edit }], updateId: `rename-${edit}` }),
  );
}

// Tells a run's workflow something, unless the run has ended and nobody wants to know any more. One that is gone though
// its run is not over was lost, as with Temporal's data, and is begun anew: what waits behind this would wait for ever.
async function signalOpenRun(
  deps: Deps,
  workflowId: string,
  tell: (handle: WorkflowHandle) => Promise<unknown>,
): Promise<void> {
  const { prisma, client, log } = deps;
  const handle = client.workflow.getHandle(workflowId);
  try {
    await tell(handle);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    const run = await prisma.run.findUnique({ where: { workflowId } });
    if (run === null || isFinal(run.status as RunStatus)) return;
    const { id: runId, attempt } = run;
    const waiting = { kind: "run.start", partitionKey: runId, state: "new" };
    if ((await prisma.outbox.count({ where: waiting })) > 0) throw new NotYet(`${workflowId} is not open yet`);
    log.warn({ runId, workflowId }, "run has lost its workflow; starting it again");
    await startRun(deps, { runId, attempt, lost: true });
    await tell(handle);
  }
}

async function hintAtBot(deps: Deps, { recorderId }: OutboxPayloads["recorder.changed"]): Promise<void> {
  await signalOpenRun(deps, recorderWorkflowId(recorderId), (handle) => handle.signal(botChanged, []));
}

async function hintAtBackfill(deps: Deps, { backfillId }: OutboxPayloads["backfill.changed"]): Promise<void> {
  const run = await deps.prisma.run.findUnique({ where: { id: backfillId }, select: { workflowId: true } });
  if (run !== null) await signalOpenRun(deps, run.workflowId, (handle) => handle.signal(jobsChanged));
}

async function syncCalendar(deps: Deps, { calendarId, requestedAt }: OutboxPayloads["calendar.sync"]): Promise<void> {
  const calendar = await deps.prisma.calendar.findUnique({ where: { id: calendarId }, select: { startedAt: true } });
  if (calendar === null || (calendar.startedAt?.getTime() ?? 0) > requestedAt) return;
  await startReading(calendarSyncWorkflowId(calendarId), (options) =>
    deps.client.workflow.start<typeof calendarSync>("calendarSync", {
      ...options,
      taskQueue: deps.queues.light,
      args: [{ calendarId, calendarsQueue: deps.queues.calendars }],
    }),
  );
}

async function checkChannel(deps: Deps, { channelId, requestedAt }: OutboxPayloads["channel.check"]): Promise<void> {
  const channel = await deps.prisma.channel.findUnique({ where: { id: channelId }, select: { startedAt: true } });
  if (channel === null || (channel.startedAt?.getTime() ?? 0) > requestedAt) return;
  await startReading(channelCheckWorkflowId(channelId), (options) =>
    deps.client.workflow.start<typeof channelCheck>("channelCheck", {
      ...options,
      taskQueue: deps.queues.light,
      args: [{ channelId }],
    }),
  );
}

// One that goes on began before it was asked for this time, so it does not count: another one follows it.
async function startReading(
  workflowId: string,
  start: (options: { workflowId: string; workflowExecutionTimeout: "10 minutes" }) => Promise<unknown>,
): Promise<void> {
  try {
    await start({ workflowId, workflowExecutionTimeout: "10 minutes" });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    throw new NotYet(`${workflowId} is still open`);
  }
}

async function settleChannelFile(
  { prisma, media }: Deps,
  { channelId, fileId }: OutboxPayloads["channel-file.settle"],
): Promise<void> {
  const isKept = (await prisma.channelFile.count({ where: { id: fileId } })) > 0;
  if (!isKept) await media.removeAll(channelFileKey(channelId, fileId));
}

async function removeConversation(
  { client, media }: Deps,
  { conversationId, workflowIds }: OutboxPayloads["conversation.deleted"],
): Promise<void> {
  for (const workflowId of workflowIds) {
    await client.workflow
      .getHandle(workflowId)
      .terminate("The conversation was deleted")
      .catch((error: unknown) => {
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      });
  }
  await media.removeAll(mediaPrefix(conversationId));
}
