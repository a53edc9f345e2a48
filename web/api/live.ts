import { z } from "zod";
import { route } from "./route.ts";

const longestWaitSeconds = 20;
const mostTopics = 100;

const watch = "[a-z]{1,20}:[0-9A-Za-z-]{1,64}@[0-9]{1,15}";
const Watches = z
  .string()
  .max(mostTopics * 102)
  .regex(new RegExp(`^${watch}(,${watch}){0,${mostTopics - 1}}$`));

const Event = z
  .object({
    topic: z.string(),
    seq: z.number().int(),
    prev: z.number().int().meta({ description: "The number of the event before it" }),
    type: z.string(),
    data: z.record(z.string(), z.unknown()),
    at: z.string(),
  })
  .meta({ id: "LiveEvent" });

export const liveRoute = route({
  method: "get",
  path: "/live",
  summary: "The live feed without a WebSocket: all events after the numbers you have, as soon as there are any",
  tag: "Live",
  access: "user",
  query: z.object({
    watch: Watches.meta({
      description: "Topics with the last number you have of each, such as conversation:ID@41, by commas",
    }),
    wait: z.coerce
      .number()
      .int()
      .min(0)
      .max(longestWaitSeconds)
      .default(0)
      .meta({ description: "Seconds to wait for an event where there is none yet" }),
  }),
  answers: {
    200: {
      description: "Events in each topic's order, and topics that ended: `gap` (read anew) or `not_found` (not yours)",
      body: z.object({
        events: z.array(Event),
        ended: z.array(z.object({ topic: z.string(), code: z.enum(["gap", "not_found"]) })),
      }),
    },
  },
  async handle({ deps: { live }, actor, query: { watch: text, wait }, response }) {
    const asked = new Map(text.split(",").map(parseWatch));
    const leaving = new AbortController();
    response.once("close", () => leaving.abort());
    const watches = [...asked].map(([topic, after]) => ({ topic, after }));
    const answer = await live.poll({ grant: actor, watches, waitMs: wait * 1_000, signal: leaving.signal });
    return { status: 200, body: answer, headers: { "Cache-Control": "no-store" } };
  },
});

function parseWatch(text: string): [topic: string, after: number] {
  const [topic = "", after = ""] = text.split("@");
  return [topic, Number(after)];
}
