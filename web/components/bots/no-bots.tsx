import { Bot, CircleDot } from "lucide-react";
import { Link, href } from "react-router";
import { buttonClass } from "../ui/button.tsx";
import { EmptyPanel } from "../ui/empty-panel.tsx";

/** Where nobody sends bots: what a person can do instead, and what the server's operator can. */
export function NoBots({ title }: { title: string }) {
  const search = title === "" ? "" : `?${new URLSearchParams({ title })}`;
  return (
    <EmptyPanel
      icon={Bot}
      title="No recording bot is set up on this server"
      words="You can record any meeting that runs in this browser. Whoever operates the server sets bots up with the key of an account: ATTENDEE_API_KEY, RECALL_API_KEY or VEXA_API_KEY."
    >
      <Link to={`${href("/record")}${search}`} className={buttonClass("primary")}>
        <CircleDot size={16} aria-hidden="true" /> Record in this browser tab
      </Link>
    </EmptyPanel>
  );
}
