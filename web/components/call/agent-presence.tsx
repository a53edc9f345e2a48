import { Bot } from "lucide-react";
import type { CallData } from "../../pages/meetings/meeting-data.ts";
import { Notice } from "../ui/notice.tsx";

type Presence = Pick<CallData, "agent" | "call">;

/** What the agent is doing, in words for the people in the call. */
function presenceWords({ agent, call }: Presence): string {
  const name = agent?.name ?? "The agent";
  switch (call.agentState) {
    case "joining":
      return `${name} is joining…`;
    case "present":
      return `${name} is in the call`;
    case "reconnecting":
      return `${name} lost the connection and is coming back…`;
    case "failed":
      return `${name} cannot take part`;
    case "left":
      return `${name} has left the call`;
    default:
      return agent === null ? "This meeting has no agent any more" : `${name} has not joined yet`;
  }
}

/** How the agent is, and what people should know of it where something is wrong. */
export function AgentPresence(presence: Presence) {
  const { agentState, agentMessage } = presence.call;
  const isTroubled = agentState === "failed" || agentState === "reconnecting";
  const words = presenceWords(presence);
  if (isTroubled) {
    return (
      <Notice kind={agentState === "failed" ? "bad" : "warn"} role="status">
        <p className="font-medium">{words}</p>
        {agentMessage === "" ? null : <p>{agentMessage}</p>}
        {agentState === "failed" ? <p>The call goes on. What the agent heard is kept; what it misses is not.</p> : null}
      </Notice>
    );
  }
  return (
    <p role="status" className="flex items-center gap-2 text-sm text-soft">
      <Bot size={17} aria-hidden="true" className={agentState === "present" ? "text-accent" : ""} />
      {words}
      {agentMessage === "" ? "" : `: ${agentMessage}`}
    </p>
  );
}
