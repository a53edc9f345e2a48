import { z } from "zod";
import { isId } from "#domain/ids.ts";
import { cleanLine, cut, textLimits } from "#domain/text.ts";
import { statusFilters } from "#records/runs/run-lists.ts";
import type { ListQuery } from "#records/runs/run-lists.ts";

const Place = z.object({
  text: z
    .string()
    .transform((text) => cut(cleanLine(text), textLimits.search) || null)
    .nullable(),
  cursor: z
    .string()
    .nullable()
    .transform((cursor) => (cursor !== null && isId(cursor) ? cursor : null)),
});
const Status = z.enum(statusFilters).nullable().catch(null);

/** What a list page's address searches for and where in the list it is; what it cannot mean is left out rather than refused. */
export const listPlaceOf = ({ searchParams }: URL) =>
  Place.parse({ text: searchParams.get("q"), cursor: searchParams.get("after") });

/** As `listPlaceOf`, of a list that is narrowed by the state of runs. */
export const listQueryOf = (url: URL, limit = 25): ListQuery => ({
  ...listPlaceOf(url),
  status: Status.parse(url.searchParams.get("status")),
  limit,
});

/** Which reading of a conversation a page's address asks for; null for the newest. Greater numbers no database keeps. */
export function versionOf({ searchParams }: URL): number | null {
  const version = Number.parseInt(searchParams.get("version") ?? "", 10);
  return version > 0 && version < 2 ** 31 ? version : null;
}
