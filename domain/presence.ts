/**
 * Who is in a call, as told person by person: the latest coming and the latest leaving of each, in milliseconds since
 * the epoch. Like the call's facts it only ever joins, so order and repeats do not matter.
 */
export type Presence = Readonly<Record<string, { in: number | null; out: number | null }>>;

export interface PersonEvent {
  type: "personJoined" | "personLeft";
  /** The carrier's id of the person's stay in the call; not a name. */
  person: string;
  at: number;
}

/** Beyond this many people nobody is counted any more: the carrier's own end has to do. */
const mostPeople = 500;

export function joinPresence(presence: Presence, { type, person, at }: PersonEvent): Presence {
  const known = presence[person] ?? { in: null, out: null };
  if (!Object.hasOwn(presence, person) && Object.keys(presence).length >= mostPeople) return presence;
  const side = type === "personJoined" ? "in" : "out";
  if (known[side] !== null && known[side] >= at) return presence;
  return { ...presence, [person]: { ...known, [side]: at } };
}

/** Since when nobody is in the call, of those known to have been there; null: somebody is, or nobody ever was. */
export function emptySince(presence: Presence): number | null {
  const stays = Object.values(presence);
  const isThere = ({ in: came, out: left }: Presence[string]) => left === null || (came !== null && came > left);
  if (stays.length === 0 || stays.some(isThere)) return null;
  return Math.max(...stays.map(({ out }) => out ?? 0));
}
