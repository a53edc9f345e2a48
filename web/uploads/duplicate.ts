import type { ExistingRecording, FileMetadata } from "#records/conversations/existing-recording.ts";
import { languageName } from "../components/uploads/languages.ts";

const words: Record<keyof FileMetadata, string> = {
  title: "its title",
  language: "its language",
  speakers: "its number of speakers",
  recordedAt: "when it was recorded",
};

/** For a program's user: what the same bytes are here already, and the way to what was said of them this time. */
export function describeDuplicate({ title, language, differs }: ExistingRecording, self: string): string {
  const there = `This file is already here, as “${title}”${language === null ? "" : ` in ${languageName(language)}`}.`;
  if (differs.length === 0) return there;
  const ways = [
    differs.some((field) => field === "title" || field === "recordedAt") ? [`change it with PATCH ${self}`] : [],
    differs.some((field) => field === "language" || field === "speakers")
      ? [`have it transcribed again with POST ${self}/transcribe`]
      : [],
  ].flat();
  const list = new Intl.ListFormat("en").format(differs.map((field) => words[field]));
  return `${there} What you said of ${list} was not taken: ${ways.join(", or ")}.`;
}

/** The same for uploads by tus, whose answers have no body. */
export const duplicateHeaders = (there: ExistingRecording | null): Record<string, string> =>
  there === null
    ? {}
    : {
        "X-Duplicate-Title": encodeURIComponent(there.title.toWellFormed()),
        "X-Duplicate-Language": there.language ?? "",
        "X-Duplicate-Differs": there.differs.join(", "),
      };
