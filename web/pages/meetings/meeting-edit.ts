import { editMeeting } from "#records/meetings/meeting-edits.ts";
import type { PrismaClient } from "#records/db.ts";
import { parseMeetingForm } from "./meeting-form.ts";

/** Changes a meeting as its form asks. `message` says in words why not; null: no such meeting for this person. */
export async function editFromForm(
  { prisma, userId, id }: { prisma: PrismaClient; userId: string; id: string },
  form: FormData,
): Promise<{ message: string | null } | null> {
  const parsed = parseMeetingForm(form);
  if (!parsed.ok) return { message: Object.values(parsed.problems).join(" ") };
  const { name, ...rest } = parsed.value;
  const answer = await editMeeting(prisma, { userId, id, edit: { ...rest, ...(name === "" ? {} : { name }) } });
  if (answer.ok) return { message: null };
  switch (answer.reason) {
    case "not_found":
      return null;
    case "agent_not_found":
      return { message: "This agent is not there any more. Choose another." };
    default:
      return { message: answer.message };
  }
}
