import { useState } from "react";
import { Form, useNavigation } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { AgentChoice } from "#records/meeting-lists.ts";
import { Button } from "../button.tsx";
import { Field, Select } from "../field.tsx";
import { TextArea } from "../text-area.tsx";
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
      <Field
        label="Name (optional)"
        name="name"
        maxLength={textLimits.title}
        placeholder={agent === undefined ? "" : usualName(agent)}
        hint={
          agent?.firstSession
            ? `It is for the plan's first session, “${agent.firstSession}”; later ones are made as the plan goes on.`
            : "Left empty, it is named after whom you talk with."
        }
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

/** What a meeting is called that nobody has named. */
export const usualName = ({ name, firstSession }: Pick<AgentChoice, "name" | "firstSession">) =>
  firstSession ?? `Talk with ${name}`;

/** Agents as a select's options; where two are called the same, or live in several workspaces, the workspace tells. */
export function choicesOf(agents: readonly AgentChoice[]) {
  const isOneWorkspace = new Set(agents.map(({ workspace }) => workspace.id)).size < 2;
  return agents.map(({ id, name, workspace }) => ({
    value: id,
    words: isOneWorkspace ? name : `${name} (${workspace.name})`,
  }));
}
