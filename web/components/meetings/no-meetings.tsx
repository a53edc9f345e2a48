import { Bot, Plus, Video } from "lucide-react";
import { Link, href } from "react-router";
import { buttonClass } from "../ui/button.tsx";
import { EmptyPanel } from "../ui/empty-panel.tsx";

/** What the meetings' places say while there is none: first an agent, then a meeting. */
export function NoMeetings({ hasAgents }: { hasAgents: boolean }) {
  if (hasAgents) {
    return (
      <EmptyPanel
        icon={Video}
        title="No meetings yet"
        words="Talk with one of your agents now, or set a time and be reminded. What is said becomes a transcript and a summary."
      >
        <NewMeeting />
      </EmptyPanel>
    );
  }
  return (
    <EmptyPanel
      icon={Video}
      title="No meetings yet"
      words="A meeting needs somebody to talk with. Make an agent first; its name is enough to begin."
    >
      <Link to={href("/agents/new")} className={buttonClass("primary")}>
        <Plus size={16} aria-hidden="true" /> Make an agent
      </Link>
    </EmptyPanel>
  );
}

/** A meeting that is held elsewhere is recorded by a bot. */
export const SendBot = () => (
  <Link to={href("/meetings/join-bot")} className={buttonClass("plain")}>
    <Bot size={16} aria-hidden="true" /> Send a bot
  </Link>
);

export const NewMeeting = () => (
  <Link to={href("/meetings/new")} className={buttonClass("primary")}>
    <Plus size={16} aria-hidden="true" /> New meeting
  </Link>
);
