import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { statusFilters } from "#records/runs/run-lists.ts";
import type { ListQuery } from "#records/runs/run-lists.ts";

const Query = z.object({
  status: z.enum(statusFilters).nullable().catch(null),
  text: z
    .string()
    .transform((text) => cut(cleanLine(text), textLimits.search) || null)
    .nullable(),
  cursor: z
    .string()
    .nullable()
    .transform((cursor) => (cursor !== null && isId(cursor) ? cursor : null)),
});

/** What a list page's address asks for; what it cannot mean is left out rather than refused. */
export function listQueryOf({ searchParams }: URL, limit = 25): ListQuery {
  const [status, text, cursor] = ["status", "q", "after"].map((name) => searchParams.get(name));
  return { ...Query.parse({ status, text, cursor }), limit };
}

/** Which reading of a conversation a page's address asks for; null for the newest. Greater numbers no database keeps. */
export function versionOf({ searchParams }: URL): number | null {
  const version = Number.parseInt(searchParams.get("version") ?? "", 10);
  return version > 0 && version < 2 ** 31 ? version : null;
}
