import { useState } from "react";
import { Form, useNavigation } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { AgentChoice } from "#records/meetings/meeting-lists.ts";
import { Button } from "../ui/button.tsx";
import { Field, Select } from "../ui/field.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { WhenFields } from "./when-fields.tsx";

interface MeetingFormProps {
  agents: readonly AgentChoice[];
  /** Whom the address asks to meet. */
  chosen: string | null;
  problems: Record<string, string>;
}

/** A new meeting: with whom, for now or for later. */
export function MeetingForm({ agents, chosen, problems }: MeetingFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  const [agentId, setAgentId] = useState(agents.find(({ id }) => id === chosen)?.id ?? agents[0]?.id ?? "");
  const agent = agents.find(({ id }) => id === agentId);
  return (
    <Form method="post" className="panel space-y-6 p-5 sm:p-6">
      <Select
        label="Talk with"
        name="agentId"
        value={agentId}
        onChange={(event) => setAgentId(event.target.value)}
        options={choicesOf(agents)}
      />
      {agent === undefined || agent.sessions.length === 0 ? null : <SessionField key={agent.id} agent={agent} />}
      <Field
        label="Name (optional)"
        name="name"
        maxLength={textLimits.title}
        placeholder={agent === undefined ? "" : usualName(agent, agent.nextSession)}
        hint="Left empty, it is named after the session, or after whom you talk with."
        problem={problems["name"]}
      />
      <WhenFields scheduledAt={null} durationMinutes={30} problems={problems} />
      <TextArea
        label="For this meeting only (optional)"
        name="prompt"
        maxLength={textLimits.prompt}
        hint="What the agent should know or do in this meeting, besides its own instructions."
        problem={problems["prompt"]}
      />
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? "One moment…" : "Make the meeting"}
      </Button>
    </Form>
  );
}

/** Which session of the plan it is for: the person's next one, unless they choose another. */
function SessionField({ agent: { sessions, nextSession } }: { agent: AgentChoice }) {
  const options = sessions.map(({ name, isDone }) => ({ value: name, words: isDone ? `${name} (done)` : name }));
  return (
    <div className="space-y-2">
      <Select
        label="Session of the plan"
        name="sessionName"
        defaultValue={nextSession ?? ""}
        options={[...options, { value: "", words: "None: talk freely" }]}
      />
      {nextSession === null ? (
        <p className="text-sm text-soft">You have done every session of this plan. Choose one to hold it again.</p>
      ) : null}
    </div>
  );
}

/** What a meeting is called that nobody has named. */
export const usualName = ({ name }: Pick<AgentChoice, "name">, sessionName: string | null) =>
  sessionName ?? `Talk with ${name}`;

/** Agents as a select's options; where two are called the same, or live in several workspaces, the workspace tells. */
export function choicesOf(agents: readonly AgentChoice[]) {
  const isOneWorkspace = new Set(agents.map(({ workspace }) => workspace.id)).size < 2;
  return agents.map(({ id, name, workspace }) => ({
    value: id,
    words: isOneWorkspace ? name : `${name} (${workspace.name})`,
  }));
}
