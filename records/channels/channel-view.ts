import { ChannelFilters } from "#domain/channels/filters.ts";
import { shownAddress } from "#domain/channels/source-problem.ts";
import type { Channel, Prisma } from "#prisma/generated/client.ts";
import { writingRoles } from "../accounts/access.ts";
import { fileView } from "./files.ts";
import type { ChannelFileView } from "./files.ts";
import { wordsOf } from "./problems.ts";

/** A channel as pages and API show it. */
export interface ChannelView {
  id: string;
  workspaceId: string;
  source: string;
  /** Often it holds a listener's key: only whoever may change it has it whole. */
  url: string | null;
  /** The same as everybody may see it. */
  shownUrl: string | null;
  title: string;
  description: string;
  imageUrl: string | null;
  siteUrl: string | null;
  language: string | null;
  mode: string;
  category: string | null;
  /** Who makes the podcast, as a person says it, and as its source does. */
  author: string | null;
  sourceAuthor: string | null;
  /** Whom other platforms ask before they take the podcast over. */
  ownerEmail: string | null;
  /** What its source says is spoken in it; nobody listens by it. */
  sourceLanguage: string | null;
  visibility: string;
  filters: ChannelFilters;
  /** Whether an episode is withdrawn whose item the source takes back. */
  withdrawsDeleted: boolean;
  /** How many days a held episode waits for a person, and what becomes of it then. */
  reviewDays: number;
  reviewThen: string;
  /** Of how many published episodes the files are kept, and how many days those that they were made from; null: all, for good. */
  keepEpisodes: number | null;
  originalsDays: number | null;
  key: string;
  intro: ChannelFileView | null;
  outro: ChannelFileView | null;
  cover: ChannelFileView | null;
  paused: boolean;
  createdAt: Date;
  check: {
    state: "none" | "waiting" | "running" | "ok" | "failed";
    checkedAt: Date | null;
    nextCheckAt: Date | null;
    problem: { code: string; message: string } | null;
  };
}

/** What `viewOf` needs of a channel. */
export const withRole = (userId: string) =>
  ({
    workspace: { select: { memberships: { where: { userId }, select: { role: true } } } },
    files: true,
  }) satisfies Prisma.ChannelInclude;

export function viewOf(row: Prisma.ChannelGetPayload<{ include: ReturnType<typeof withRole> }>): ChannelView {
  const canWrite = row.workspace.memberships.some(({ role }) => writingRoles.some((each) => each === role));
  const { source, url } = row;
  const isLookedAt = source !== "upload";
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    source,
    url: canWrite ? url : null,
    shownUrl: url === null ? null : shownAddress(url),
    title: row.title,
    description: row.description,
    imageUrl: row.imageUrl,
    siteUrl: row.siteUrl,
    language: row.language,
    mode: row.mode,
    category: row.category,
    author: row.author,
    sourceAuthor: row.sourceAuthor,
    ownerEmail: row.ownerEmail,
    sourceLanguage: row.sourceLanguage,
    visibility: row.visibility,
    filters: ChannelFilters.parse(row.filters),
    withdrawsDeleted: row.withdrawsDeleted,
    reviewDays: row.reviewDays,
    reviewThen: row.reviewThen,
    keepEpisodes: row.keepEpisodes,
    originalsDays: row.originalsDays,
    key: row.key,
    createdAt: row.createdAt,
    intro: fileView(row.files, "intro"),
    outro: fileView(row.files, "outro"),
    cover: fileView(row.files, "cover"),
    paused: row.pausedAt !== null,
    check: {
      state: isLookedAt ? stateOf(row) : "none",
      checkedAt: row.checkedAt,
      nextCheckAt: isLookedAt && row.pausedAt === null ? row.nextCheckAt : null,
      problem: row.problem === null ? null : { code: row.problem, message: wordsOf(row.problem, url) },
    },
  };
}

function stateOf({ leaseUntil, startedAt, requestedAt, problem }: Channel): ChannelView["check"]["state"] {
  if (leaseUntil !== null && leaseUntil > new Date()) return "running";
  if (startedAt === null || startedAt < requestedAt) return "waiting";
  return problem === null ? "ok" : "failed";
}
