import type { BotEvent } from "./bot-key.ts";
import type { ArtefactWorkflow, MeetingEvent } from "./call-webhook.ts";
import { meetingWorkflowId, recorderWorkflowId } from "./ids.ts";
import type { Person } from "./realtime-events.ts";

/** What a delivery is about: one workflow is told of all deliveries of one subject, in their order. */
export type SubjectKind = "meeting" | "recorder";
export interface Subject {
  kind: SubjectKind;
  id: string;
}

/** What the subjects' workflows are told: each hears its own kind of news only. */
export type SubjectEvent = MeetingEvent | BotEvent;

/** What a delivery's body says, in no sender's words. */
export interface ReceivedEvent {
  type: string;
  /** Whose it is; null where it names nobody, or somebody of whom it has no right to speak. */
  subject: Subject | null;
  /** The field without which an event of this type says nothing, where it lacks; else null. */
  missing: string | null;
  /** When it happened by the sender's clock; null where that is not told. */
  occurredAt: Date | null;
  /** Who came, where that is what it tells. */
  came?: Person | null;
  /** Which way it goes: to its subject's workflow, to a workflow of its own, or nowhere but the inbox. */
  route: "subject" | ArtefactWorkflow | "nowhere";
  /** The fact as the subject's workflow knows it; null where it moves nothing. `agentId`: whose news is no news. */
  eventAt(at: number, agentId: string | null): SubjectEvent | null;
}

const workflowIds: Record<SubjectKind, (id: string) => string> = {
  meeting: meetingWorkflowId,
  recorder: recorderWorkflowId,
};

/** The workflow that waits for what is told of a subject. */
export const workflowIdOf = ({ kind, id }: Subject): string => workflowIds[kind](id);

/** A stored subject, read from its two columns; null where the delivery has none. */
export const subjectOf = (row: { subjectKind: string | null; subjectId: string | null }): Subject | null =>
  row.subjectKind === null || row.subjectId === null
    ? null
    : { kind: row.subjectKind as SubjectKind, id: row.subjectId };

/** The meeting that a subject is; null for another kind, or none. */
export const meetingIdOfSubject = (subject: Subject | null): string | null =>
  subject?.kind === "meeting" ? subject.id : null;
