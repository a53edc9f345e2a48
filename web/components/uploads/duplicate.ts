import { href } from "react-router";
import { plural } from "../ui/format.ts";
import { languageName } from "./languages.ts";

/** The recording that the same bytes are already, and what was said of them this time that it does not have. */
export interface Duplicate {
  title: string;
  language: string;
  /** What another transcript of it would be made with; null where that was said before. */
  again: { language: string; speakers: string } | null;
}

/** Reads it from the answer to an upload; null where a server does not tell. */
export function duplicateIn(
  headerOf: (name: string) => string | undefined,
  details: Record<string, string>,
): Duplicate | null {
  const title = headerOf("X-Duplicate-Title");
  if (title === undefined) return null;
  const differs = (headerOf("X-Duplicate-Differs") ?? "").split(", ");
  const isOther = differs.includes("language") || differs.includes("speakers");
  const again = isOther ? { language: details["language"] ?? "", speakers: details["speakers"] ?? "" } : null;
  return { title: decodeURIComponent(title), language: headerOf("X-Duplicate-Language") ?? "", again };
}

export const describeDuplicate = ({ title, language }: Duplicate): string =>
  `This file is already here, as “${title}”${language === "" ? "" : ` in ${languageName(language)}`}.`;

/** Where it can be transcribed again as it was said this time, and what that is. */
export function againOf(conversationId: string, { language, speakers }: NonNullable<Duplicate["again"]>) {
  const asked = new URLSearchParams({ transcribe: language, speakers });
  const words = [
    ...(language === "" ? [] : [`in ${languageName(language)}`]),
    ...(speakers === "" ? [] : [`with ${plural(Number(speakers), "speaker")}`]),
  ];
  return { to: `${href("/recordings/:id", { id: conversationId })}?${asked}`, words: words.join(" ") };
}
