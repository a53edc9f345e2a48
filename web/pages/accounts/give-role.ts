import { changeRole } from "#records/accounts/administrators.ts";
import type { RoleChange } from "#records/accounts/administrators.ts";
import type { WebDeps } from "../../deps.ts";

/** `changeRole`, told in the log: for pages and the API alike. */
export async function giveRole({ prisma, log }: Pick<WebDeps, "prisma" | "log">, change: RoleChange) {
  const outcome = await changeRole(prisma, change);
  if (outcome.ok && outcome.isNew) log.info({ ...change }, "changed who administers the server");
  return outcome;
}
