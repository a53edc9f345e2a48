import { randomBytes } from "node:crypto";
import type { PrismaClient } from "#records/db.ts";
import { newId } from "#records/ids.ts";
import { mediaKeys } from "#records/media/media-store.ts";
import { createRecording } from "#records/conversations/recordings.ts";

/** A person with a workspace of their own. */
export async function addPerson(prisma: PrismaClient) {
  const userId = newId();
  const workspaceId = newId();
  await prisma.user.create({ data: { id: userId, name: "Test person", email: `${userId}@example.org` } });
  await prisma.workspace.create({
    data: {
      id: workspaceId,
      name: "Personal",
      personalOfId: userId,
      memberships: { create: { userId, role: "owner" } },
    },
  });
  return { userId, workspaceId };
}

/** A recording whose file is said to have arrived; give `sha256` to make copies of the same bytes. */
export async function addRecording(
  prisma: PrismaClient,
  person: { userId: string; workspaceId: string },
  given: { sha256?: string; allowDuplicate?: boolean; title?: string } = {},
) {
  const id = newId();
  const created = await createRecording(prisma, {
    id,
    ownerId: person.userId,
    workspaceId: person.workspaceId,
    title: given.title ?? "A talk",
    language: "en",
    fileName: "talk.wav",
    mediaKey: mediaKeys(id).original,
    sha256: given.sha256 ?? randomBytes(32).toString("hex"),
    sizeBytes: 1000,
    speakerCount: null,
    allowDuplicate: given.allowDuplicate ?? false,
  });
  const run = await prisma.run.findFirstOrThrow({ where: { conversationId: created.id, kind: "recording" } });
  return { ...created, runId: run.id };
}
