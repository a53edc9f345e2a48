/** What people call a source that all channels share. */
export const sharedSourceName = "YouTube";

/** What a job says that waits for its source: why, and until when. */
export const goesOnWords = (reason: string, until: Date): string => `${reason} It goes on at ${minuteOf(until)}.`;

/** A moment in sentences that are stored, of whose readers' time zones nothing is known. */
export const minuteOf = (at: Date): string => `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
