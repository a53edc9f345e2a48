import type { RunStatus } from "#domain/run.ts";
import { runStatuses } from "#domain/run.ts";
import type { Prisma } from "#prisma/generated/client.ts";
import { readableBy } from "../accounts/access.ts";
import type { Db } from "../db.ts";

/** Runs that are not over. */
export const runningStatuses: readonly RunStatus[] = ["pending", "starting", "active", "processing"];

/** What lists may be narrowed to: every status, or the four of a run under way as one. */
export const statusFilters = ["running", "completed", "failed", "cancelled"] as const;
export type StatusFilter = (typeof statusFilters)[number];

const statusesOf = (filter: StatusFilter): RunStatus[] =>
  filter === "running" ? [...runningStatuses] : runStatuses.filter((status) => status === filter);

export const runSelect = {
  id: true,
  kind: true,
  conversationId: true,
  title: true,
  status: true,
  stage: true,
  percent: true,
  message: true,
  attempt: true,
  errorMessage: true,
  cancelRequested: true,
  createdAt: true,
  startedAt: true,
  finishedAt: true,
  owner: { select: { name: true } },
  conversation: { select: { recording: { select: { durationMs: true } } } },
  workspace: { select: { id: true, name: true } },
} satisfies Prisma.RunSelect;

type SelectedRun = Prisma.RunGetPayload<{ select: typeof runSelect }>;

/** A run as a list shows it: the run, what it works on, how long that is. */
export function runRow({ conversation, owner, ...run }: SelectedRun) {
  const durationMs = conversation?.recording?.durationMs;
  return {
    ...run,
    owner: owner?.name ?? null,
    durationSeconds: durationMs ? durationMs / 1000 : null,
  };
}

export interface ListQuery {
  status: StatusFilter | null;
  /** Part of a title or of what was said; null for all. */
  text: string | null;
  /** The id of the last run of the page before, or null for the first page. */
  cursor: string | null;
  limit: number;
}

const page = async (db: Db, where: Prisma.RunWhereInput, { status, cursor, limit }: ListQuery) => {
  // Ids are made in order of time, so they are both the order of the list and its cursor.
  const rows = await db.run.findMany({
    where: {
      ...where,
      ...(status === null ? {} : { status: { in: statusesOf(status) } }),
      ...(cursor === null ? {} : { id: { lt: cursor } }),
    },
    select: runSelect,
    orderBy: { id: "desc" },
    take: limit + 1,
  });
  const items = rows.slice(0, limit).map(runRow);
  return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
};

/** Conversations with a text in their title or among their words: what any search looks for. */
export function holdingText(text: string): Prisma.ConversationWhereInput {
  const contains = { contains: text, mode: "insensitive" } as const;
  return { OR: [{ title: contains }, { segments: { some: { text: contains } } }] };
}

/** Runs of such conversations; of one that works on none, those with the text in their title. */
export const runsHolding = (text: string | null): Prisma.RunWhereInput => {
  if (text === null) return {};
  return { OR: [{ title: { contains: text, mode: "insensitive" } }, { conversation: holdingText(text) }] };
};

/** A person's recordings, newest first. */
export const listRecordings = (db: Db, userId: string, query: ListQuery) =>
  page(db, { ...readableBy(userId), kind: "recording", ...runsHolding(query.text) }, query);

/** Every run of the server, for its operators; the caller has checked that the person is one. */
export const listAllRuns = (db: Db, query: ListQuery) => page(db, runsHolding(query.text), query);

/** How many runs of the whole server are in each state. */
export async function countRuns(db: Db): Promise<Record<StatusFilter, number>> {
  const groups = await db.run.groupBy({ by: ["status"], _count: { _all: true } });
  const count = (filter: StatusFilter) => {
    const statuses = statusesOf(filter);
    return groups.reduce(
      (sum, group) => sum + (statuses.includes(group.status as RunStatus) ? group._count._all : 0),
      0,
    );
  };
  return {
    running: count("running"),
    completed: count("completed"),
    failed: count("failed"),
    cancelled: count("cancelled"),
  };
}
