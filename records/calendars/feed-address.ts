import type { Calendar } from "#prisma/generated/client.ts";
import type { PrismaClient } from "../db.ts";
import { isSealed } from "../seal.ts";
import type { Sealer } from "../seal.ts";

/** What is kept of a feed's address: all of it sealed, since it is a key to the calendar, and its host to be shown. */
export const keptAddress = (sealer: Sealer, id: string, url: string) => ({
  url: sealer.seal(url, placeOf(id)),
  host: new URL(url).host,
});

/**
 * The address of a calendar's feed; null where it has none. One that is not sealed with the present key (it was stored
 * before addresses were sealed, or the key is a new one) is sealed anew.
 */
export async function feedAddress(
  { prisma, sealer }: { prisma: PrismaClient; sealer: Sealer },
  { id, url }: Pick<Calendar, "id" | "url">,
): Promise<string | null> {
  if (url === null) return null;
  const address = isSealed(url) ? sealer.open(url, placeOf(id)) : url;
  if (!sealer.isCurrent(url)) {
    // Unless it was changed meanwhile.
    await prisma.calendar.updateMany({ where: { id, url }, data: keptAddress(sealer, id, address) });
  }
  return address;
}

const placeOf = (id: string) => ({ table: "calendar", column: "url", id });
