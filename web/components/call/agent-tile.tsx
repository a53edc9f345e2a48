import type { PracticeAgent } from "#domain/practice.ts";

const words: Record<PracticeAgent["state"], string> = {
  away: "On its way",
  joining: "Joining…",
  listening: "Listening",
  thinking: "Thinking…",
  speaking: "Speaking",
  failed: "Not available",
};

const rings: Record<PracticeAgent["state"], string> = {
  away: "border-line",
  joining: "border-warn animate-breathe",
  listening: "border-accent",
  thinking: "border-warn animate-breathe",
  speaking: "border-voice-3 animate-breathe",
  failed: "border-danger",
};

/** The agent, and what it is doing: in words, with a ring for the eye. */
export function AgentTile({ agent, isMuted, isHeard }: { agent: PracticeAgent; isMuted: boolean; isHeard: boolean }) {
  const name = agent.name || "The agent";
  const listening = isHeard
    ? isMuted
      ? "Listening, but you are muted"
      : words.listening
    : "Waiting for what you type";
  const state = agent.state === "listening" ? listening : words[agent.state];
  return (
    <section
      aria-label={name}
      data-agent={agent.state}
      className="panel flex items-center gap-4 p-4 lg:flex-col lg:justify-center lg:gap-5 lg:px-6 lg:py-10 lg:text-center"
    >
      <div
        aria-hidden="true"
        className={`grid size-14 shrink-0 place-items-center rounded-full border-4 bg-accent-wash lg:size-28 lg:border-[6px] ${rings[agent.state]}`}
      >
        <span className="font-serif text-2xl font-semibold text-accent-strong lg:text-5xl">{initialOf(name)}</span>
      </div>
      <div className="min-w-0">
        <p className="font-serif text-lg font-semibold lg:text-2xl">{name}</p>
        <p role="status" className="text-sm text-soft">
          {state}
        </p>
        {agent.message === "" ? null : <p className="mt-2 text-sm text-warn">{agent.message}</p>}
      </div>
    </section>
  );
}

const initialOf = (name: string) => String.fromCodePoint(name.trim().codePointAt(0) ?? 63).toUpperCase();
