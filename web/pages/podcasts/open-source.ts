import { data } from "react-router";
import { z } from "zod";
import { sourceKinds } from "#domain/channels/source.ts";
import { openSource } from "#records/channels/open-source.ts";
import type { PrismaClient } from "#records/db.ts";
import type { Actor } from "../context.ts";
import { mustParse } from "../forms.ts";

const Asked = z.object({ intent: z.literal("openSource"), source: z.enum(sourceKinds) });

/** Has a closed source tried again. One that is open by now is what was wanted, whoever opened it. */
export async function openSourceAsked(prisma: PrismaClient, actor: Actor, form: FormData): Promise<null> {
  if (actor.role !== "admin") throw data("Administrators of this server can do this.", { status: 403 });
  const { source } = mustParse(Asked, form);
  await openSource(prisma, { source, actorId: actor.id });
  return null;
}
