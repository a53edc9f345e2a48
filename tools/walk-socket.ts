import { z } from "zod";

/** The messages of `/ws/meeting/{id}` by their documented shape alone: nothing here knows the code that sends them. */
const told = { timestamp: z.iso.datetime(), seq: z.int().optional() };
const segment = z.object({ id: z.uuid(), speaker: z.string(), text: z.string().min(1), timestamp: z.number().min(0) });
const Message = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("connected"), meeting_id: z.uuid(), message: z.string(), ...told }),
  z.strictObject({
    type: z.literal("status"),
    status: z.enum(["processing", "completed", "cancelled"]),
    details: z.strictObject({ message: z.string().min(1), stage: z.string() }),
    ...told,
  }),
  z.strictObject({ type: z.literal("transcript"), segment, ...told }),
  z.strictObject({ type: z.literal("summary"), summary: z.string(), action_items: z.array(z.string()), ...told }),
  z.strictObject({ type: z.literal("error"), error: z.string().min(1), ...told }),
  z.strictObject({ type: z.literal("pong"), ...told }),
]);
export type Message = z.infer<typeof Message>;
type Of<Type extends Message["type"]> = Extract<Message, { type: Type }>;

/** Nothing of a run takes longer to be told of, whatever the machine. */
const longestMs = 10 * 60_000;

/** A client of one meeting that gives its messages in the order in which they came. */
export function watchMeeting({ url, id, token }: { url: string; id: string; token: string }) {
  const address = new URL(`/ws/meeting/${id}?token=${token}`, url);
  address.protocol = address.protocol.replace("http", "ws");
  const ws = new WebSocket(address);
  const come: Message[] = [];
  let problem: Error | null = null;
  let wake = () => {};
  const end = (error: Error) => {
    problem ??= error;
    wake();
  };
  ws.addEventListener("message", ({ data }) => {
    const read = Message.safeParse(JSON.parse(String(data)));
    if (!read.success) return end(new Error(`not as documented: ${String(data)}: ${z.prettifyError(read.error)}`));
    come.push(read.data);
    return wake();
  });
  ws.addEventListener("close", ({ code }) => end(new Error(`the connection was closed with ${code}`)));
  ws.addEventListener("error", () => end(new Error("the connection was refused or lost")));

  /** The next message, which stays there. */
  async function peek(): Promise<Message> {
    const until = Date.now() + longestMs;
    for (;;) {
      const [first] = come;
      if (first !== undefined) return first;
      if (problem !== null) throw problem;
      if (Date.now() >= until) throw new Error(`nothing came for ${longestMs / 60_000} minutes`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, until - Date.now()).unref();
      });
    }
  }

  const isOf = <Type extends Message["type"]>(message: Message, type: Type): message is Of<Type> =>
    message.type === type;

  /** Takes the next message, which has to be of this type. */
  async function next<Type extends Message["type"]>(type: Type): Promise<Of<Type>> {
    const message = await peek();
    if (!isOf(message, type)) throw new Error(`${JSON.stringify(message)} came in its place`);
    come.shift();
    return message;
  }

  return {
    next,
    /** Takes all messages of one type, up to the first of another, which stays. */
    async all<Type extends Message["type"]>(type: Type, until: Message["type"]): Promise<Of<Type>[]> {
      const taken: Of<Type>[] = [];
      while ((await peek()).type !== until) taken.push(await next(type));
      return taken;
    },
    ping: () => ws.send(JSON.stringify({ type: "ping" })),
    [Symbol.dispose]: () => ws.close(),
  };
}
