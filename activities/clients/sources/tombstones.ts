import { Parser } from "htmlparser2";

const mostTombstones = 5_000;

/** The ids of entries that a feed tells to be deleted (RFC 6721, `at:deleted-entry`). */
export function tombstonesOf(xml: string): string[] {
  if (!xml.includes("deleted-entry")) return [];
  const found = new Set<string>();
  const parser = new Parser(
    {
      onopentag(name, { ref }) {
        const isTombstone = name === "deleted-entry" || name.endsWith(":deleted-entry");
        if (isTombstone && ref && found.size < mostTombstones) found.add(ref);
      },
    },
    { xmlMode: true },
  );
  parser.end(xml);
  return [...found];
}
