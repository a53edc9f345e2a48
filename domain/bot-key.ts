import { z } from "zod";
import { isId } from "./ids.ts";

/** What our bots carry, by which a provider's delivery is told from those about others' bots. */
export const OurMetadata = z.object({ recorderId: z.string().refine(isId) });

/** Names the bot of one attempt of a visit at its provider. */
export const botKey = (recorderId: string, attempt: number): string => `convene:${recorderId}:${attempt}`;
export const botKeyPattern = /^convene:([0-9a-f-]{36}):\d+$/;

/** That something happened to a recorder's bot. Only a hint: what the bot's provider says when asked is the truth. */
export interface BotEvent {
  type: "botChanged";
  /** Milliseconds since the epoch. */
  at: number;
}
