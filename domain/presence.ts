/**
 * Who is in a call, as told person by person: the latest coming and the latest leaving of each, in milliseconds since
 * the epoch. Like the call's facts it only ever joins, so order and repeats do not matter.
 */
export type Presence = Readonly<Record<string, Stay>>;

interface Stay {
  in: number | null;
  out: number | null;
  /** Whose stay it is, where the provider tells. */
  user?: string;
}

/** When people said that they were the last to leave, by who they are, in milliseconds since the epoch. */
export type Leaves = Readonly<Record<string, number>>;

export interface PersonEvent {
  type: "personJoined" | "personLeft";
  /** The provider's id of the person's stay in the call; not a name. */
  person: string;
  /** Who it is, where the provider tells. */
  user?: string;
  at: number;
}

/** Beyond this many people nobody is counted any more: the provider's own end has to do. */
const mostPeople = 500;

export function mergePresence(presence: Presence, { type, person, user, at }: PersonEvent): Presence {
  const known = presence[person] ?? { in: null, out: null };
  if (!Object.hasOwn(presence, person) && Object.keys(presence).length >= mostPeople) return presence;
  const side = type === "personJoined" ? "in" : "out";
  if (known[side] !== null && known[side] >= at) return presence;
  return { ...presence, [person]: { ...known, ...(user === undefined ? {} : { user }), [side]: at } };
}

/** Since when nobody is in the call, of those known to have been there; null: somebody is, or nobody ever was. */
export function emptySince(presence: Presence): number | null {
  const stays = Object.values(presence);
  if (stays.length === 0 || stays.some(isThere)) return null;
  return Math.max(...stays.map(({ out }) => out ?? 0));
}

const isThere = ({ in: came, out: left }: Stay) => left === null || (came !== null && came > left);

/**
 * When the last person left by what people say of themselves; null where nobody says so, or others are known to be there:
 * nobody ends a call for others by saying that they are gone. Who came back after saying so is there.
 */
export function leftByLast(presence: Presence, leaves: Leaves): number | null {
  const said = Object.values(leaves);
  const hasSaid = ({ user, in: came }: Stay) =>
    user !== undefined && Object.hasOwn(leaves, user) && (leaves[user] ?? 0) >= (came ?? 0);
  const stays = Object.values(presence);
  if (said.length === 0 || stays.some((stay) => isThere(stay) && !hasSaid(stay))) return null;
  return Math.max(...said, ...stays.map(({ out }) => out ?? 0));
}
