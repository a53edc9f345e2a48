import { editMeeting } from "#records/meetings/meeting-edits.ts";
import { settleFor } from "../outcome.ts";
import type { ActionMessage } from "../outcome.ts";
import type { Requester } from "../recordings/recording-actions.ts";
import { parseMeetingForm } from "./meeting-form.ts";

const settle = settleFor("There is no such meeting, or your role does not allow this.");

/** Changes a meeting as its form asks. */
export async function editFromForm({ prisma, userId, id }: Requester, form: FormData): Promise<ActionMessage> {
  const parsed = parseMeetingForm(form);
  if (!parsed.ok) return { message: Object.values(parsed.problems).join(" ") };
  const { name, ...rest } = parsed.value;
  return settle(await editMeeting(prisma, { userId, id, edit: { ...rest, ...(name === "" ? {} : { name }) } }));
}
