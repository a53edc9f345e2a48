import { setTimeout as sleep } from "node:timers/promises";
import { ApplicationFailure, Context } from "@temporalio/activity";
import type { Logger } from "pino";
import type { GapReason } from "#domain/transcript-gap.ts";
import { isOver } from "#domain/meeting.ts";
import { isFinal } from "#domain/run.ts";
import type { RunStatus } from "#domain/run.ts";
import { closeGap, openGap } from "#records/meetings/transcript-gaps.ts";
import type { PrismaClient } from "#records/db.ts";
import { factsOf, progressOf, saveAgentState } from "#records/meetings/meetings.ts";
import { markHeard } from "#records/meetings/not-heard.ts";
import type { AgentState } from "#records/meetings/meetings.ts";
import { planSessions } from "#domain/plan.ts";
import type { ProgressEntry } from "#domain/plan.ts";
import { timing } from "#domain/timing.ts";
import { segmentsOf } from "#records/conversations/segments.ts";
import { openGoals, describeSession } from "./clients/analyst/plan/plan-report.ts";
import type { AgentLink, AgentSeat, CallProvider, CallProviderId } from "./clients/calls/call-provider.ts";
import { failure } from "./clients/child.ts";
import { holdLink } from "./held-links.ts";
import type { HeldLinks } from "./held-links.ts";
import { createTranscriptCollector } from "./transcript-collector.ts";

interface Deps {
  prisma: PrismaClient;
  log: Logger;
  /** The providers that are set up here. */
  calls: Partial<Record<CallProviderId, CallProvider>>;
  /** After this long a link is rolled over, before the provider cuts it (60 minutes at OpenAI). */
  linkLimitMs: number;
  /** Tells a meeting's workflow which segments are stored. */
  signalTranscript(meetingId: string, toSequence: number): Promise<void>;
  /** Tells it that the agent has given up its last words. */
  signalAgentLeft(meetingId: string): Promise<void>;
  callEnds: CallEnds;
  /** Where links stay that another worker is to take over. */
  heldLinks: HeldLinks;
  /** Whether what is said in this meeting's call is kept as it is said. */
  collectsLive(meeting: { id: string; provider: string }): boolean;
}

/**
 * Hears that calls are over sooner than a heartbeat's answer, which brings the cancellation a second later. A hint: it
 * may never come.
 */
export interface CallEnds {
  /** Resolves when this meeting's call is over; never, where the signal comes first. */
  wait(meetingId: string, signal: AbortSignal): Promise<void>;
}

const heartbeatEveryMs = 1_000;
/** A link that stood so long was none that the provider cuts as soon as it is made. */
const steadyMs = 30_000;

/** What an attempt leaves to the next one: when it last heard the call, in milliseconds since the epoch. */
interface SignOfLife {
  heardAt: number | null;
  /** The link goes on until somebody takes the seat. */
  isHeld?: boolean;
}

const genericInstructions = "You are a helpful assistant in a conversation. Be brief, clear and friendly.";

/** The agent's seat in a call, held by one long activity. */
export function createAgentLinkActivities(deps: Deps) {
  const { prisma, log, calls, linkLimitMs, signalTranscript, signalAgentLeft, callEnds, collectsLive, heldLinks } =
    deps;
  return {
    /**
     * Joins the agent to the call and keeps what is said, until the call is over ("over") or the link is as old as it
     * may get ("rollOver"). A lost link throws and is tried again; the newest link alone may store. As the worker stops,
     * the attempt ends at once, so that another worker begins the next, and the link is held until that one is there.
     */
    async attendCall({ meetingId }: { meetingId: string }): Promise<"over" | "rollOver"> {
      const meeting = await openSeat(prisma, meetingId, collectsLive);
      if (meeting === null) return "over";
      const provider = calls[meeting.provider as CallProviderId];
      if (provider === undefined) throw failure("provider_missing", meeting.provider);
      const { generation } = meeting;
      const seat = { meetingId, generation };
      const before = lastSignOfLife();
      let heardAt = before.isHeld === true ? Date.now() : before.heardAt;
      let isHearing = false;
      const miss = (reason: GapReason, from: number) =>
        meeting.collectsLive ? openGap(prisma, { ...seat, reason, from: new Date(from) }) : Promise.resolve();
      // Whoever held the link before has said since when it is gone, unless it could not.
      await (meeting.isHeard
        ? miss(before.isHeld === true ? "restarted" : "died", heardAt ?? Date.now())
        : miss("not_joined", meeting.startedAt));
      const note = (state: AgentState, message = "") =>
        prisma
          .$transaction((tx) => saveAgentState(tx, meetingId, { generation, state, message }))
          .catch((error: unknown) => log.warn({ err: error, meetingId }, "agent's state not stored"));
      // What cannot be noted now is known from the last sign of life.
      const missSafely = (reason: GapReason) =>
        miss(reason, Date.now()).catch((error: unknown) =>
          log.warn({ err: error, meetingId }, "transcript gap not stored"),
        );
      const sayLeft = async () => {
        if (await hasSeat(prisma, seat)) await signalAgentLeft(meetingId);
      };
      const collector = createTranscriptCollector({
        prisma,
        log,
        meetingId,
        generation,
        callStartedAt: meeting.startedAt,
        onStored: (toSequence) => signalTranscript(meetingId, toSequence),
      });
      const onEvent = meeting.collectsLive ? collector.hear : () => {};
      const context = Context.current();
      const stopping = context.cancellationSignal;
      const isRestart = () => context.cancellationDetails?.workerShutdown === true;
      let isHeld = false;
      const ended = new AbortController();
      const callEnd = callEnds.wait(meetingId, ended.signal);
      const callBack = new AbortController();
      stopping.addEventListener("abort", () => (isRestart() && isHearing ? undefined : callBack.abort()), {
        once: true,
      });
      const beating = setInterval(() => {
        if (isHearing) heardAt = Date.now();
        context.heartbeat({ heardAt } satisfies SignOfLife);
      }, heartbeatEveryMs);
      try {
        await note(generation === 1 ? "joining" : "reconnecting");
        const link = await provider.connectAgent({ ...meeting.seat, signal: callBack.signal, onEvent });
        const connectedAt = Date.now();
        isHearing = true;
        if (meeting.collectsLive) {
          await markHeard(prisma, meetingId);
          await closeGap(prisma, seat);
        }
        await note("present");
        log.info({ meetingId, generation }, "[Webhook] agent joined, transcript is collected");
        const end = await endOfLink(link, { stopping, callEnd, limitMs: linkLimitMs });
        if (end === "asked" && isRestart()) {
          isHeld = true;
          context.heartbeat({ heardAt: Date.now(), isHeld } satisfies SignOfLife);
          heldLinks.hold(holdLink({ prisma, seat, link, collector, mostMs: heldLinks.mostMs, missSafely }));
          throw againSoon("The worker is restarting", "worker_restarting", 1);
        }
        isHearing = false;
        if (end !== "asked") await missSafely(end === "old" ? "renewed" : "lost");
        if (end === "asked") await linger(collector);
        await link.close();
        if (end === "lost") {
          // One that had held begins anew; its losses an hour ago say nothing of how long to wait.
          const isFresh = Date.now() - connectedAt < steadyMs;
          throw againSoon(
            "The agent's link was lost",
            "provider_unavailable",
            isFresh ? undefined : timing.retry.link.firstMs,
          );
        }
        if (end !== "asked") return "rollOver";
        await collector.finish();
        // Its workflow says so too, two steps later, and surely.
        await sayLeft().catch((error: unknown) =>
          log.warn({ err: error, meetingId }, "the agent's leaving was not signalled"),
        );
        return "over";
      } catch (error) {
        if (stopping.aborted && !isRestart()) return "over";
        if (isHeld) throw error;
        // Also a link that stands, where what followed failed: nobody would hear it.
        callBack.abort();
        if (isRestart()) throw againSoon("The worker is restarting", "worker_restarting", 1);
        await note("reconnecting", "The agent lost its connection and is coming back.");
        throw error;
      } finally {
        clearInterval(beating);
        ended.abort();
        if (!isHeld) await collector.finish();
      }
    },
  };
}

const againSoon = (message: string, type: string, nextRetryDelay: number | undefined) =>
  ApplicationFailure.create({ message, type, ...(nextRetryDelay === undefined ? {} : { nextRetryDelay }) });

const lastSignOfLife = (): SignOfLife => {
  const told = Context.current().info.heartbeatDetails as Partial<SignOfLife> | undefined;
  return { heardAt: typeof told?.heardAt === "number" ? told.heardAt : null, isHeld: told?.isHeld === true };
};

// Takes the seat for a new link: from here on no older link of this meeting can store.
async function openSeat(prisma: PrismaClient, meetingId: string, collectsLive: Deps["collectsLive"]) {
  const row = await prisma.meeting.findUnique({
    where: { id: meetingId },
    include: {
      agent: true,
      conversation: { select: { ownerId: true, runs: { where: { kind: "meeting" }, select: { status: true } } } },
    },
  });
  const status = row?.conversation.runs[0]?.status as RunStatus | undefined;
  if (row === null || status === undefined || isFinal(status) || isOver(factsOf(row))) return null;
  if (row.agent === null) throw failure("agent_missing");
  const settled = await prisma.meeting.update({
    where: { id: meetingId },
    // Settled once: a call whose first half only was collected would leave the other half to nobody.
    data: { agentGeneration: { increment: 1 }, collectsLive: row.collectsLive ?? collectsLive(row) },
    select: { agentGeneration: true, collectsLive: true },
  });
  const segments = await segmentsOf(prisma, meetingId);
  const { agent } = row;
  // Also what the person's other meetings with this agent have covered since this one was made.
  const progress = await progressOf(prisma, {
    userId: row.conversation.ownerId,
    agentId: agent.id,
    sessions: planSessions(agent.blueprintSnapshot),
    own: row.progress,
  });
  const session = progress.find(({ session_name }) => session_name === row.sessionName);
  const seat: Omit<AgentSeat, "signal" | "onEvent"> = {
    meetingId,
    agentId: agent.id,
    agentName: agent.name,
    instructions: instructionsFor(row.prompt, agent.instructions, session),
    voice: agent.voice,
    goals: session === undefined ? [] : goalsOf(session),
    soFar: segments.map(({ speaker, text }) => ({ speaker: speaker === "agent" ? "agent" : "user", text })),
  };
  return {
    provider: row.provider,
    generation: settled.agentGeneration,
    collectsLive: settled.collectsLive === true,
    /** Whether somebody of ours heard the call before. */
    isHeard: row.heardAt !== null,
    startedAt: row.startedAt?.getTime() ?? Date.now(),
    seat,
  };
}

// the meeting's own prompt leads; without any words at all the agent is a helpful assistant. The plan comes last,
// as it stands now: a prompt was written when the session before ended, or by a person who does not repeat the plan.
function instructionsFor(prompt: string, own: string, session: ProgressEntry | undefined): string {
  const told = [prompt, own].filter((text) => text.trim() !== "").join("\n\n") || genericInstructions;
  const words = session === undefined ? "" : describeSession(session).join("\n");
  return words === "" || told.includes(words) ? told : `${told}\n\n${words}`;
}

// A session that is held again is gone through from its beginning.
function goalsOf(session: ProgressEntry): string[] {
  const open = openGoals(session);
  return open.length > 0 ? open : session.goals.map(({ text }) => text);
}

// An older link that still lives somewhere does not know what the newer one has yet to store.
async function hasSeat(prisma: PrismaClient, { meetingId, generation }: { meetingId: string; generation: number }) {
  const row = await prisma.meeting.findUnique({ where: { id: meetingId }, select: { agentGeneration: true } });
  return row?.agentGeneration === generation;
}

interface LinkEnds {
  stopping: AbortSignal;
  callEnd: Promise<void>;
  limitMs: number;
}

async function endOfLink(link: AgentLink, { stopping, callEnd, limitMs }: LinkEnds): Promise<"asked" | "lost" | "old"> {
  const timer = new AbortController();
  try {
    return await Promise.race([
      link.closed.then(({ askedFor }) => (askedFor ? ("asked" as const) : ("lost" as const))),
      sleep(limitMs, "old" as const, { signal: timer.signal }),
      callEnd.then(() => "asked" as const),
      new Promise<"asked">((resolve) => {
        if (stopping.aborted) resolve("asked");
        stopping.addEventListener("abort", () => resolve("asked"), { once: true });
      }),
    ]);
  } finally {
    timer.abort();
  }
}

// Words may be on their way as the call ends, and somebody who was heard to begin is worth a longer wait.
async function linger(collector: { isWaiting: boolean }): Promise<void> {
  await sleep(timing.shortLingerMs);
  for (const until = Date.now() + timing.lingerMs; collector.isWaiting && Date.now() < until;) await sleep(100);
}
