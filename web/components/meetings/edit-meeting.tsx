import { useEffect, useEffectEvent, useRef, useState } from "react";
import { href, useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { MeetingData } from "../../pages/meetings/meeting-data.ts";
import type { loader as newMeeting } from "../../routes/meeting-new.tsx";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { choicesOf } from "./meeting-form.tsx";
import { WhenFields } from "./when-fields.tsx";

/** A coming meeting's details to be changed where they stand; Escape or Cancel drops the change. */
export function EditMeeting({ meeting, onEnd }: { meeting: MeetingData; onEnd: () => void }) {
  const { agent, scheduledAt, durationMinutes, prompt } = meeting;
  const fetcher = useFetcher<{ message: string | null }>();
  const isKept = fetcher.state === "idle" && fetcher.data?.message === null;
  const end = useEffectEvent(onEnd);
  useEffect(() => {
    if (isKept) end();
  }, [isKept]);
  return (
    <fetcher.Form
      method="post"
      aria-label="Change the meeting"
      className="space-y-6"
      onKeyDown={(event) => {
        if (event.key === "Escape") onEnd();
      }}
    >
      <input type="hidden" name="intent" value="edit" />
      <input type="hidden" name="name" value="" />
      <AgentSelect meetingId={meeting.id} agent={agent} />
      <WhenFields scheduledAt={scheduledAt} durationMinutes={durationMinutes} problems={{}} />
      <TextArea
        label="For this meeting only (optional)"
        name="prompt"
        maxLength={textLimits.prompt}
        defaultValue={prompt}
      />
      {fetcher.data?.message ? (
        <Notice kind="bad" role="alert">
          {fetcher.data.message}
        </Notice>
      ) : null}
      <div className="flex flex-wrap gap-3">
        <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
          Save
        </Button>
        <Button onClick={onEnd}>Cancel</Button>
      </div>
    </fetcher.Form>
  );
}

// Whom else one could talk with is asked for only once somebody edits.
function AgentSelect({ meetingId, agent }: { meetingId: string; agent: MeetingData["agent"] }) {
  const choices = useFetcher<typeof newMeeting>();
  const [chosen, setChosen] = useState(agent?.id ?? "");
  const select = useRef<HTMLSelectElement>(null);
  const begin = useEffectEvent(() => {
    select.current?.focus();
    void choices.load(`${href("/meetings/new")}?for=${meetingId}`);
  });
  useEffect(() => begin(), []);
  const loaded = choicesOf(choices.data?.agents ?? []);
  const isThere = loaded.some(({ value }) => value === agent?.id);
  const present = agent === null ? { value: "", words: "Choose an agent" } : { value: agent.id, words: agent.name };
  return (
    <Select
      label="Talk with"
      name="agentId"
      value={chosen}
      onChange={(event) => setChosen(event.target.value)}
      required
      options={isThere ? loaded : [present, ...loaded]}
      ref={select}
    />
  );
}
