/** JSON as operators may see it. */
export type Masked = string | number | boolean | null | Masked[] | { [name: string]: Masked };

/** Most values shown of one body; the rest is told by its number. */
const mostValues = 2_000;
const deepest = 24;

const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
const idPattern = new RegExp(`^(?:[a-z]{1,20}[:_-])?${uuid}$`, "i");
const timePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/;
/** `call.session_started`: names of events, which their makers and not people write. */
const typePattern = /^[a-z]+(?:[._][a-z]+)*$/;
const fieldPattern = /^[a-z][a-z0-9]*(?:[A-Z_-][a-z0-9]*)*$/;

// The application's own words, whatever they are.
const isOwnWords = (name: string) => name === "custom";
// The ids of people are names here, as in `accepted_by`; an id may be an e-mail address. `created_by` is a person.
const isByPerson = (name: string) => name.endsWith("_by") && name !== "created_by";

const masked = (text: string) => `(masked, ${text.length} characters)`;

/**
 * The same structure with everything masked that somebody may have said or be called, or that opens a door. What is
 * kept is named here (ids, times, types, numbers, the names of fields); whatever else a sender may put in is not.
 */
export function maskedValue(value: unknown): Masked {
  let left = mostValues;

  /** `hidden`: below the application's own words, of which only ids are shown. */
  function mask(value: unknown, at: { name: string; depth: number; hidden: boolean }): Masked {
    left -= 1;
    if (value === null || typeof value === "boolean") return value;
    if (typeof value === "number") return at.hidden ? "(masked number)" : value;
    if (typeof value === "string") return maskText(value, at);
    if (typeof value !== "object") return null;
    if (at.depth >= deepest) return "(nested deeper)";
    return Array.isArray(value) ? maskList(value, at) : maskObject(value, at);
  }

  function maskText(text: string, { name, hidden }: { name: string; hidden: boolean }): string {
    if (idPattern.test(text)) return text;
    if (hidden) return masked(text);
    if (timePattern.test(text) || /^\d{1,3}$/.test(text)) return text;
    return name === "type" && text.length <= 60 && typePattern.test(text) ? text : masked(text);
  }

  function maskList(list: unknown[], at: { name: string; depth: number; hidden: boolean }): Masked[] {
    const shown: Masked[] = [];
    for (const item of list) {
      if (left <= 0) return [...shown, `(${list.length - shown.length} more)`];
      shown.push(mask(item, { ...at, depth: at.depth + 1 }));
    }
    return shown;
  }

  function maskObject(object: object, at: { name: string; depth: number; hidden: boolean }): Masked {
    const entries = Object.entries(object);
    const areNamesHidden = at.hidden || isByPerson(at.name);
    const shown: [string, Masked][] = [];
    for (const [name, value] of entries) {
      if (left <= 0) {
        shown.push(["(more)", entries.length - shown.length]);
        break;
      }
      const isKept =
        idPattern.test(name) ||
        name === "meetingId" ||
        (!areNamesHidden && name.length <= 40 && fieldPattern.test(name));
      shown.push([
        isKept ? name : `(masked ${shown.length + 1})`,
        mask(value, { name, depth: at.depth + 1, hidden: at.hidden || isOwnWords(name) }),
      ]);
    }
    // Not by assignment: a field may be called `__proto__`.
    return Object.fromEntries(shown);
  }

  return mask(value, { name: "", depth: 0, hidden: false });
}

/** A body's JSON, masked; null where it is none, and then nothing of it is shown. */
export function maskedBody(body: Buffer): Masked {
  try {
    return maskedValue(JSON.parse(body.toString("utf8")));
  } catch {
    return null;
  }
}
