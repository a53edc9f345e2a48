/** Warnings of runs that something rests on besides people's reading. */
export const mayBeForeign =
  "This may not be English: what was understood is not sure. If it is another language, transcribe it again in that one.";

/** Ends the warning that less could be read than a file says it holds. */
export const endMayBeMissing = "Its end may be missing.";
