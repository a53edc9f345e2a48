import { z } from "zod";
import { name } from "#domain/text.ts";

/** What lets a browser into a meeting's call, at whoever carries it. */
export const JoinAnswer = z
  .discriminatedUnion("provider", [
    z.object({
      provider: z.literal("practice"),
      ticket: z.string().meta({ description: "Lets this participant into the practice room" }),
      url: z.url().meta({ description: "The room's socket, with the ticket" }),
    }),
    z.object({
      provider: z.literal("stream"),
      apiKey: z.string(),
      token: z.string().meta({ description: "Stream's user token, for this call only" }),
      userId: z.string(),
      callId: z.string().meta({ description: "Of call type `default`" }),
      baseUrl: z.url().optional(),
    }),
  ])
  .meta({ id: "JoinAnswer" });
export type JoinAnswer = z.infer<typeof JoinAnswer>;

/** What people are called in a call. */
export const JoinName = name("Say what you are called.");
