import type { SignalDefinition } from "@temporalio/common";
import type { SubjectEvent, SubjectKind } from "#domain/inbox.ts";
import { botChanged, inbox } from "#workflows/messages.ts";
import type { InboxItem } from "#workflows/messages.ts";
import type { RunWorkflows } from "#workflows/runs.ts";

/** The workflow that waits for what is told of a subject, and the signal by which it hears it. */
interface Recipient {
  workflow: keyof RunWorkflows;
  signal: SignalDefinition<[InboxItem<SubjectEvent>[]]>;
}

export const recipients: Record<SubjectKind, Recipient> = {
  meeting: { workflow: "meeting", signal: inbox },
  recorder: { workflow: "recorder", signal: botChanged },
};
