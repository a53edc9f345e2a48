import type { z } from "zod";
import type { BotApi } from "./bot-api.ts";

const mostPages = 40;

interface Listed<Item> {
  path: string;
  page: z.ZodType<{ results: Item[]; next?: string | null | undefined }>;
  query?: Record<string, string>;
  signal: AbortSignal;
}

/** A list as a whole, page by page, in its order; null: there is no such list, or it is one without end. */
export async function listOf<Item>(
  { ask, read }: BotApi,
  { path, page, query: filter = {}, signal }: Listed<Item>,
): Promise<Item[] | null> {
  const all: Item[] = [];
  let query = filter;
  for (let left = mostPages; left > 0; left -= 1) {
    const answer = await ask(path, { signal, query });
    if (answer.status === 404) return null;
    const { results, next } = read(page, answer);
    all.push(...results);
    // Of the next page's address only the place in the list is taken: the key is sent where the operator said.
    const place = URL.parse(next ?? "")?.searchParams;
    const at = ["cursor", "page"].find((name) => place?.get(name));
    if (at === undefined) return all;
    query = { ...filter, [at]: place?.get(at) ?? "" };
  }
  return null;
}
