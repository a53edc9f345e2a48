import { meetingWorkflowId } from "./ids.ts";

/** Who puts deliveries into the inbox. */
export const senders = ["stream", "practice", "reconcile"] as const;
export type Sender = (typeof senders)[number];

/** What a delivery is about: one workflow is told of all deliveries of one subject, in their order. */
type SubjectKind = "meeting";
export interface Subject {
  kind: SubjectKind;
  id: string;
}

const workflowIds: Record<SubjectKind, (id: string) => string> = { meeting: meetingWorkflowId };

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
