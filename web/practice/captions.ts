import { z } from "zod";
import type { AgentWord, PracticeAgent, PracticeCaption } from "#domain/practice.ts";
import { readRealtime } from "#domain/realtime-events.ts";
import type { RealtimeNews } from "#domain/realtime-events.ts";

type AgentEvent = Extract<AgentWord, { type: "event" }>;

interface StageOptions {
  agentName: string;
  /** `begunAt`: when it was first heard of here, in milliseconds since the epoch. */
  onCaption: (caption: PracticeCaption, begunAt: number) => void;
  onAgent: (agent: PracticeAgent) => void;
  /** A reply begins to be said aloud in people's browsers, or is over. */
  onReply: (itemId: string | null) => void;
  interimMs?: number;
}

/** What our agent adds to OpenAI's events; another one's captions do without. */
const Extras = z.object({
  participant_id: z.string().max(100).nullish().catch(null),
  participant_name: z.string().max(200).nullish().catch(null),
  so_far: z.string().max(20_000).nullish().catch(null),
  interrupted: z.boolean().optional().catch(false),
  item_id: z.string().max(100).nullish().catch(null),
});
type Extras = z.infer<typeof Extras>;

const mostCaptions = 300;
/** Also those that were heard to begin and never came to words. */
const mostBegun = 1_000;

/** What people see of a call: captions and how the agent is, made from the events of the agent's session. */
export function createStage({ agentName, onCaption, onAgent, onReply, interimMs = 150 }: StageOptions) {
  const captions = new Map<string, PracticeCaption>();
  const begun = new Map<string, number>();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  let agent: PracticeAgent = { name: agentName, state: "away", message: "" };

  function begin(itemId: string): number {
    const at = begun.get(itemId) ?? Date.now();
    begun.set(itemId, at);
    const [oldest] = begun.keys();
    if (begun.size > mostBegun && oldest !== undefined) begun.delete(oldest);
    return at;
  }

  function show(caption: PracticeCaption) {
    const begunAt = begin(caption.itemId);
    captions.set(caption.itemId, caption);
    const [oldest] = captions.keys();
    if (captions.size > mostCaptions && oldest !== undefined) captions.delete(oldest);
    if (caption.final) {
      waiting.delete(caption.itemId);
      return onCaption(caption, begunAt);
    }
    // Words that are still changing come many a second; people read some of them.
    waiting.add(caption.itemId);
    timer ??= setTimeout(showWaiting, interimMs);
  }

  function showWaiting() {
    timer = undefined;
    for (const itemId of waiting) {
      const caption = captions.get(itemId);
      if (caption) onCaption(caption, begin(itemId));
    }
    waiting.clear();
  }

  function become(change: Partial<PracticeAgent>) {
    const next = { ...agent, ...change };
    if (next.state === agent.state && next.message === agent.message) return;
    agent = next;
    onAgent(agent);
  }

  function heard({ time, event }: AgentEvent) {
    const extras = Extras.parse(event);
    if (event.type === "response.created") return become({ state: "thinking" });
    if (event.type === "response.output_audio.done") return wholeReply(extras.item_id);
    if (event.type === "response.done") {
      onReply(null);
      return become({ state: "listening" });
    }
    const news = readRealtime(event);
    if (news !== null) tell(news, extras, time);
  }

  function tell(news: RealtimeNews, extras: Extras, at: string) {
    if (news.kind === "problem" || news.itemId === null) return;
    begin(news.itemId);
    if (news.kind === "begun") return;
    const { itemId, speaker } = news;
    const known = captions.get(itemId);
    if (speaker === "agent" && news.kind === "interim" && known === undefined) onReply(itemId);
    if (speaker === "agent" && news.kind === "interim") become({ state: "speaking" });
    const isFinal = news.kind === "said";
    show({
      itemId,
      speaker: speaker === "agent" ? "agent" : "person",
      participantId: speaker === "agent" ? null : (extras.participant_id ?? known?.participantId ?? null),
      name: speaker === "agent" ? agentName : (extras.participant_name ?? known?.name ?? "Somebody"),
      text: (news.kind === "said" ? news.text : (extras.so_far ?? (known?.text ?? "") + news.delta)).slice(0, 20_000),
      final: isFinal,
      interrupted: isFinal && extras.interrupted === true,
      at: known?.at ?? at,
    });
  }

  function wholeReply(itemId: string | null | undefined) {
    const known = itemId == null ? undefined : captions.get(itemId);
    if (known && !known.final) show({ ...known, final: true });
  }

  return {
    heard,
    become,
    show,
    agent: () => agent,
    /** What was begun at this moment or later; all of it, if left out. */
    captions: (since = 0) => [...captions.values()].filter(({ itemId }) => begin(itemId) >= since),
    close: () => clearTimeout(timer),
  };
}
