import { momentFrom } from "#domain/recorded.ts";
import type { PrismaClient } from "../db.ts";

/** What can be said of a file when it is sent. Left out or null: nothing was. */
export interface FileMetadata {
  title?: string | null | undefined;
  language?: string | null | undefined;
  speakers?: number | null | undefined;
  recordedAt?: string | null | undefined;
}

/** The recording that the same bytes are already, and which of what was said this time it does not have. */
export interface ExistingRecording {
  title: string;
  language: string | null;
  speakers: number | null;
  differs: (keyof FileMetadata)[];
}

/** `defaultTitle`: what a file of this name is called where nobody gives a title; pages send it unasked. */
export async function findExistingRecording(
  prisma: PrismaClient,
  id: string,
  said: FileMetadata,
  defaultTitle: string,
): Promise<ExistingRecording | null> {
  const found = await prisma.recording.findUnique({ where: { id }, include: { conversation: true } });
  if (found === null) return null;
  const { title, language } = found.conversation;
  const { speakerCount: speakers, recordedAt } = found;
  const moment = said.recordedAt ? momentFrom(said.recordedAt) : null;
  const isOther = {
    title: Boolean(said.title) && said.title !== title && said.title !== defaultTitle,
    language: Boolean(said.language) && said.language?.toLowerCase() !== language?.toLowerCase(),
    speakers: Boolean(said.speakers) && said.speakers !== speakers,
    recordedAt: moment !== null && moment.at.getTime() !== recordedAt?.getTime(),
  };
  const fields = Object.keys(isOther) as (keyof typeof isOther)[];
  return { title, language, speakers, differs: fields.filter((field) => isOther[field]) };
}
