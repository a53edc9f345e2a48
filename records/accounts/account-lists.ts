import type { ServerRole } from "#domain/server-role.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import type { Db } from "../db.ts";

/** Whether an account can be signed in to: `pending` was made by a sign-up whose mail nobody has followed yet. */
export const accountStates = ["open", "pending", "deleting"] as const;
type AccountState = (typeof accountStates)[number];

/** An account as those who operate the server see it. */
export interface ListedAccount {
  id: string;
  name: string;
  email: string;
  role: ServerRole;
  state: AccountState;
  createdAt: Date;
  /** Null: not known. Sign-ins are kept for half a year, and up to a change of the password. */
  lastSignInAt: Date | null;
}

export interface AccountQuery {
  /** Null: all. */
  role: ServerRole | null;
  /** Part of a name or an e-mail address; null for all. */
  text: string | null;
  /** The id of the last account of the page before, or null for the first page. */
  cursor: string | null;
  limit: number;
}

const selected = {
  id: true,
  name: true,
  email: true,
  role: true,
  pending: true,
  deletingAt: true,
  createdAt: true,
  addresses: { select: { seenAt: true }, orderBy: { seenAt: "desc" }, take: 1 },
} satisfies Prisma.UserSelect;

function listed(user: Prisma.UserGetPayload<{ select: typeof selected }>): ListedAccount {
  const { addresses, role, pending, deletingAt, ...account } = user;
  return {
    ...account,
    role: role === "admin" ? "admin" : "user",
    state: deletingAt !== null ? "deleting" : pending ? "pending" : "open",
    lastSignInAt: addresses[0]?.seenAt ?? null,
  };
}

/** Every account of the server, the newest first, for its operators; the caller has checked that the person is one. */
export async function listAccounts(db: Db, { role, text, cursor, limit }: AccountQuery) {
  const contains = { contains: text ?? "", mode: "insensitive" } as const;
  const rows = await db.user.findMany({
    where: {
      ...(role === null ? {} : { role }),
      ...(text === null ? {} : { OR: [{ name: contains }, { email: contains }] }),
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    select: selected,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(listed);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** One account, as the list shows it; null where there is none. */
export async function listedAccount(db: Db, id: string): Promise<ListedAccount | null> {
  const user = await db.user.findUnique({ where: { id }, select: selected });
  return user && listed(user);
}
