import { isoOf } from "#domain/recorded.ts";

/** A moment with this browser's offset: `2026-01-05T13:30:00+01:00`. */
export const isoWithOffset = (at: Date): string => isoOf({ at, offsetMinutes: -at.getTimezoneOffset() });

/** What a field of type `datetime-local` holds, with this browser's offset of that day; empty stays empty. */
export const withOffset = (local: string): string => (local === "" ? "" : isoWithOffset(new Date(local)));

/** A moment as a field of type `datetime-local` takes it, by the clock of this browser. */
export const toLocalField = (at: Date): string => isoWithOffset(at).slice(0, 16);

export const ownTimeZone = (): string => new Intl.DateTimeFormat().resolvedOptions().timeZone;
