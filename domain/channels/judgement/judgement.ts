import type { Judgement } from "../publication.ts";
import type { Decision } from "./decide.ts";

/** What a decision comes to, and what people read where the episode is held. */
export function judgementOf({ should_autopublish: shouldPublish, reasons }: Decision): Judgement {
  if (shouldPublish) return { shouldPublish, reason: "It waits for a person to publish it" };
  const words = reasons.filter(({ isMet }) => !isMet).map((reason) => reason.words);
  return { shouldPublish, reason: words.join(" ").replace(/\.$/, "") };
}
