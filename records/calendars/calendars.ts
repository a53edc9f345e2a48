import { isSyncProblem, syncProblems } from "#domain/calendar/sync-problem.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { AccountProvider } from "#domain/calendar/account.ts";
import { audit } from "../accounts/audit.ts";
import type { Db, PrismaClient, Tx } from "../db.ts";
import { announce } from "../live/feed.ts";
import { newId } from "../ids.ts";
import type { Sealer } from "../seal.ts";
import { accountView, leaveAccount } from "./accounts.ts";
import type { AccountView } from "./accounts.ts";
import { sha256 } from "./content.ts";
import { lockRules } from "./decide.ts";
import { keptAddress } from "./feed-address.ts";
import { calendarChanged } from "./change-events.ts";
import { orderSync } from "./order-sync.ts";

export const mostCalendars = 20;

/** What a person says of a calendar. */
export interface CalendarDraft {
  kind: "ics" | "file" | AccountProvider;
  name: string;
  /** Of kind `ics`. */
  url: string | null;
  /** Of kind `file`: the calendar's text. */
  content: Uint8Array<ArrayBuffer> | null;
  addresses: string[];
  /** Of an account's calendar. */
  remote?: { accountId: string; remoteId: string; timeZone: string | null };
}

export interface CalendarView {
  id: string;
  workspaceId: string;
  kind: string;
  name: string;
  /** The feed's host; its whole address is a secret. */
  host: string | null;
  /** The account that it comes from. */
  account: AccountView | null;
  addresses: string[];
  included: boolean;
  timeZone: string | null;
  createdAt: Date;
  sync: {
    state: "waiting" | "running" | "ok" | "failed";
    lastSyncAt: Date | null;
    nextSyncAt: Date | null;
    failures: number;
    failingSince: Date | null;
    problem: { code: string; message: string } | null;
  };
  /** Events from now on. */
  upcoming: number;
  /** What was left out, by reason. */
  skipped: { reason: string; count: number }[];
}

/** Keeps a new calendar, whose first sync starts at once. Null: the person has as many as they may. */
export async function createCalendar(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  { userId, workspaceId, ...draft }: CalendarDraft & { userId: string; workspaceId: string },
): Promise<string | null> {
  const id = newId();
  return prisma.$transaction(async (tx) => {
    // One at a time, so that the count holds.
    await lockRules(tx, userId);
    if ((await tx.calendar.count({ where: { ownerId: userId } })) >= mostCalendars) return null;
    const { kind, name, url, addresses, content, remote = {} } = draft;
    const address = url === null ? {} : keptAddress(sealer, id, url);
    await tx.calendar.create({
      data: { id, ownerId: userId, workspaceId, kind, name, addresses, ...address, ...remote },
    });
    if (content !== null) {
      await tx.calendarContent.create({ data: { calendarId: id, body: content, sha256: sha256(content) } });
    }
    await orderSync(tx, id);
    await audit(tx, { workspaceId, actorId: userId, action: "calendar.connect", subject: id });
    return id;
  });
}

/** Asks for a sync that begins from now on. False: no such calendar. */
export async function requestSync(prisma: PrismaClient, userId: string, id: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    const isTheirs = (await tx.calendar.count({ where: { id, ownerId: userId } })) > 0;
    if (isTheirs) await orderSync(tx, id);
    return isTheirs;
  });
}

/** Changes a calendar. A new address or content is read at once; `included` is for the caller to decide anew by. */
export async function updateCalendar(
  { tx, sealer }: { tx: Tx; sealer: Sealer },
  userId: string,
  id: string,
  { content, url, ...change }: Partial<Omit<CalendarDraft, "kind">> & { included?: boolean },
): Promise<boolean> {
  const isNew = typeof url === "string" || (content !== undefined && content !== null);
  const { count } = await tx.calendar.updateMany({
    where: {
      id,
      ownerId: userId,
      ...(typeof url === "string" ? { kind: "ics" } : {}),
      ...(content ? { kind: "file" } : {}),
    },
    data: {
      ...change,
      ...(typeof url === "string" ? keptAddress(sealer, id, url) : {}),
      ...(isNew ? { etag: null, lastModified: null, expandedAt: null } : {}),
    },
  });
  if (count === 0) return false;
  if (content) {
    const data = { body: content, sha256: sha256(content) };
    await tx.calendarContent.upsert({ where: { calendarId: id }, create: { calendarId: id, ...data }, update: data });
  }
  if (isNew) await orderSync(tx, id);
  return true;
}

/** Removes a calendar with all that is known of it; recordings of its meetings stay. */
export async function deleteCalendar(prisma: PrismaClient, userId: string, id: string): Promise<boolean> {
  return prisma.$transaction(async (tx) => {
    // Of two that are disconnected at once, one is the last of their account.
    await lockRules(tx, userId);
    const row = await tx.calendar.findFirst({ where: { id, ownerId: userId } });
    if (row === null) return false;
    await tx.calendar.delete({ where: { id } });
    if (row.accountId !== null) await leaveAccount(tx, row.accountId);
    await audit(tx, { workspaceId: row.workspaceId, actorId: userId, action: "calendar.disconnect", subject: id });
    await announce(tx, [calendarChanged(userId, id)]);
    return true;
  });
}

const counted = () =>
  ({
    account: true,
    _count: { select: { events: { where: { removedAt: null, endsAt: { gt: new Date() } } } } },
  }) satisfies Prisma.CalendarInclude;

export async function calendarsOf(db: Db, userId: string): Promise<CalendarView[]> {
  const rows = await db.calendar.findMany({
    where: { ownerId: userId },
    include: counted(),
    orderBy: { id: "asc" },
  });
  return rows.map(viewOf);
}

export async function calendarOf(db: Db, userId: string, id: string): Promise<CalendarView | null> {
  const row = await db.calendar.findFirst({ where: { id, ownerId: userId }, include: counted() });
  return row === null ? null : viewOf(row);
}

type Row = Prisma.CalendarGetPayload<{ include: ReturnType<typeof counted> }>;

function viewOf(row: Row): CalendarView {
  const { id, workspaceId, kind, name, included, timeZone, createdAt, host } = row;
  return {
    id,
    workspaceId,
    kind,
    name,
    included,
    timeZone,
    createdAt,
    host,
    account: row.account === null ? null : accountView(row.account),
    addresses: row.addresses as string[],
    sync: {
      state: stateOf(row),
      lastSyncAt: row.syncedAt,
      nextSyncAt: kind === "file" ? null : row.nextSyncAt,
      failures: row.failures,
      failingSince: row.failingSince,
      problem: problemOf(row.problem),
    },
    upcoming: row._count.events,
    skipped: row.skipped as CalendarView["skipped"],
  };
}

function stateOf({ leaseUntil, startedAt, requestedAt, problem }: Row): CalendarView["sync"]["state"] {
  if (leaseUntil !== null && leaseUntil > new Date()) return "running";
  if (startedAt === null || startedAt < requestedAt) return "waiting";
  return problem === null ? "ok" : "failed";
}

const problemOf = (code: string | null) =>
  code === null ? null : { code, message: syncProblems[isSyncProblem(code) ? code : "internal"] };
