import { Form, useNavigation } from "react-router";
import { voices } from "#domain/inputs/agent.ts";
import type { PlanSession } from "#domain/plan.ts";
import { textLimits } from "#domain/text.ts";
import { Button } from "../ui/button.tsx";
import { Field, Select } from "../ui/field.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { PlanEditor } from "./plan-editor.tsx";

interface AgentFormProps {
  agent: {
    name: string;
    instructions: string;
    voice: string;
    sessions: readonly PlanSession[];
    blueprintSnapshot: unknown;
  };
  problems: Record<string, string>;
  /** Where a new agent may live; nothing to choose for one that is there already. */
  workspaces?: readonly { id: string; name: string }[];
  submit: string;
}

const voiceOptions = voices.map((voice) => ({ value: voice, words: voice[0]?.toUpperCase() + voice.slice(1) }));

/** Everything that a person says of an agent, in one form. */
export function AgentForm({ agent, problems, workspaces = [], submit }: AgentFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  return (
    <Form method="post" className="space-y-10">
      <input type="hidden" name="intent" value="save" />
      <div className="panel space-y-5 p-5 sm:p-6">
        <Field
          label="Name"
          name="name"
          required
          maxLength={textLimits.agentName}
          defaultValue={agent.name}
          placeholder="Interview coach"
          problem={problems["name"]}
        />
        <TextArea
          label="Instructions (optional)"
          name="instructions"
          rows={6}
          maxLength={textLimits.prompt}
          defaultValue={agent.instructions}
          hint="Who the agent is and how it should talk: its role, its manner, what to leave alone."
          problem={problems["instructions"]}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <div className="space-y-1.5">
            <Select label="Voice" name="voice" options={voiceOptions} defaultValue={agent.voice} />
            <p className="text-sm text-soft">
              For calls by Stream; the practice call speaks with your browser's voice.
            </p>
          </div>
          <WorkspaceField workspaces={workspaces} />
        </div>
      </div>
      <PlanEditor
        name={agent.name}
        sessions={agent.sessions}
        blueprint={agent.blueprintSnapshot}
        problem={problems["sessions"] ?? problems["blueprint"]}
      />
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? "Saving…" : submit}
      </Button>
    </Form>
  );
}
