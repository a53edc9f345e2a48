import type { z } from "zod";
import { read } from "./attendee-api.ts";
import type { createAttendeeApi } from "./attendee-api.ts";

// At 25 a page.
const mostPages = 40;

interface Listed<Item> {
  path: string;
  page: z.ZodType<{ results: Item[]; next?: string | null | undefined }>;
  query?: Record<string, string>;
  signal: AbortSignal;
}

/** A list of Attendee's as a whole, in the order of creation; null: it has no such list, or one without end. */
export async function listOf<Item>(
  ask: ReturnType<typeof createAttendeeApi>,
  { path, page, query: filter = {}, signal }: Listed<Item>,
): Promise<Item[] | null> {
  const all: Item[] = [];
  let query = filter;
  for (let left = mostPages; left > 0; left -= 1) {
    const answer = await ask(path, { signal, query });
    if (answer.status === 404) return null;
    const { results, next } = read(page, answer);
    all.push(...results);
    // Of the next page's address only the cursor is taken: the key is sent where the operator said, nowhere else.
    const cursor = URL.parse(next ?? "")?.searchParams.get("cursor");
    if (!cursor) return all;
    query = { ...filter, cursor };
  }
  return null;
}
