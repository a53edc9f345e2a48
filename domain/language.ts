/** Codes of ISO 639 that name no language: not known, several, none of the list, nothing spoken (RFC 5646, 4.1). */
const noLanguages: readonly string[] = ["und", "mul", "mis", "zxx"];

/** Whether a language's tag names one. Where a tag may be left out, one that does not is to be left out. */
export const namesLanguage = (tag: string): boolean => !noLanguages.includes(tag.toLowerCase().split("-")[0] ?? "");

const longestTag = 35;

/** A language as feeds say it (`en-us`, `EN_us`, `deu`), as BCP 47 has it. Null: it names none. */
export function languageTagOf(said: string): string | null {
  const tag = said.trim().replaceAll("_", "-");
  // A longer first part would be a language's name, which the form of tags allows.
  if (!/^[a-z]{2,3}(?:-|$)/i.test(tag) || tag.length > longestTag || !namesLanguage(tag)) return null;
  try {
    return Intl.getCanonicalLocales(tag)[0] ?? null;
  } catch {
    return null;
  }
}
