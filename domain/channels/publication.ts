import type { channelModes } from "./channel.ts";

export type ChannelMode = (typeof channelModes)[number];

/** What becomes of an episode. Only `published` is out to listeners; what was discarded can still be taken back. */
export const episodeStates = ["held", "published", "withdrawn", "discarded"] as const;
export type EpisodeState = (typeof episodeStates)[number];

/** What was found about a whole episode: whether it may go out by itself, and the reason in words. */
export interface Judgement {
  shouldPublish: boolean;
  reason: string;
}

/** Said of what became of it without a person. */
export const undecidedWords = "Nobody decided on it in time";

/** Said of what its source does not want to be there any more. */
export const takenBackReason = "Its source took it back";

export interface Publication {
  state: Extract<EpisodeState, "held" | "published">;
  /** Why it is held, in words; empty where it is not. */
  reason: string;
}

/** Whether an episode goes out as soon as it is made. Null: nobody and nothing has judged it. */
export function publicationOf(mode: ChannelMode, judgement: Judgement | null): Publication {
  if (mode === "all") return { state: "published", reason: "" };
  if (judgement === null) return { state: "held", reason: "Nobody has listened to it yet" };
  if (mode === "sure" && judgement.shouldPublish) return { state: "published", reason: "" };
  return { state: "held", reason: judgement.reason };
}

/** What becomes of a held episode on which nobody has decided in time. */
export const reviewEnds = ["wait", "publish", "discard"] as const;
export type ReviewEnd = (typeof reviewEnds)[number];

/** Longest that a channel can give a person to decide. */
export const mostReviewDays = 90;

/** The same of one episode: what its source took back is given to nobody without a person. */
export const reviewEndOf = (channelSays: ReviewEnd, isTakenBack: boolean): ReviewEnd =>
  channelSays === "publish" && isTakenBack ? "wait" : channelSays;

/** What a person can ask to become of an episode. */
export const episodeAsks = ["publish", "withdraw", "discard"] as const;
export type EpisodeAsk = (typeof episodeAsks)[number];

type Change = { ok: true; state: EpisodeState } | { ok: false; message: string };

/** What an episode becomes by what a person asks, or why its state does not allow that. */
export function changeOf(state: EpisodeState, ask: EpisodeAsk): Change {
  switch (ask) {
    case "publish":
      return state === "published" ? refused("It is published already.") : { ok: true, state: "published" };
    case "withdraw":
      return state === "published" ? { ok: true, state: "withdrawn" } : refused("It is not published.");
    case "discard":
      if (state === "discarded") return refused("It is discarded already.");
      return state === "published" ? refused("It is published. Withdraw it first.") : { ok: true, state: "discarded" };
    default:
      return ask satisfies never;
  }
}

const refused = (message: string): Change => ({ ok: false, message });
