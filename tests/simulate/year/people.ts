import { setTimeout as wait } from "node:timers/promises";
import { inParallel } from "#domain/in-parallel.ts";
import { createPrisma } from "#prisma/client.ts";
import { createApiKey } from "#records/accounts/api-keys.ts";
import { newId } from "#records/ids.ts";
import type { Convene } from "#tests/faults/convene.ts";
import type { Feeds } from "./feeds.ts";
import type { Plan } from "./model.ts";

/** A person's way to Convene: by its API and a key of their own, as programs have it. */
export interface Voice {
  /** Says it until it is heard: parts get killed. Null: it was refused. */
  ask<Answer>(method: string, path: string, body?: object): Promise<Answer | null>;
}

/** Signs everybody up, with their teams' workspaces, rules and calendars. */
export async function invitePeople(convene: Convene, plan: Plan, feeds: Feeds): Promise<Voice[]> {
  const database = createPrisma({ url: await convene.databaseUrl() });
  const keys: string[] = [];
  const workspaceOf: string[] = [];
  const { prisma } = database;
  for (const [team, { members }] of plan.teams.entries()) {
    const ids = members.map(() => newId());
    workspaceOf[team] = newId();
    const users = members.map((index, at) => ({
      id: ids[at]!,
      name: `Person ${index}`,
      email: plan.people[index]!.email,
    }));
    await prisma.user.createMany({ data: users });
    await prisma.workspace.create({ data: { id: workspaceOf[team], name: `Team ${team}` } });
    const rows = ids.map((userId, at) => ({
      workspaceId: workspaceOf[team]!,
      userId,
      role: at === 0 ? "owner" : "member",
    }));
    await prisma.membership.createMany({ data: rows });
    for (const [at, index] of members.entries()) {
      keys[index] = (await createApiKey(prisma, { userId: ids[at]!, name: "Year", expiresAt: null })).key;
    }
  }
  await database.close();
  const voices = keys.map((key) => voiceOf(convene.url, key));
  await inParallel(plan.people, 6, async ({ index, team, isOn, excluded }) => {
    const { ask } = voices[index]!;
    await ask("PATCH", "/api/calendar/preferences", {
      auto_record_enabled: isOn,
      excluded_keywords: excluded,
      join_buffer_minutes: plan.teams[team]!.bufferMinutes,
      notify_of: index % 5 === 0 ? ["bot_in_call", "bot_failed"] : [],
    });
    const workspaceId = workspaceOf[team]!;
    const made = await ask("POST", "/api/calendars", { kind: "ics", url: feeds.urlOf(index), workspaceId });
    if (made === null) throw new Error(`The calendar of person ${index} was refused`);
  });
  return voices;
}

const patienceMs = 60_000;

function voiceOf(url: string, key: string): Voice {
  const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
  return {
    async ask<Answer>(method: string, path: string, body?: object): Promise<Answer | null> {
      const until = Date.now() + patienceMs;
      for (;;) {
        const response = await fetch(`${url}${path}`, {
          method,
          headers,
          signal: AbortSignal.timeout(15_000),
          ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        }).catch(() => null);
        const text = await response?.text().catch(() => null);
        if (response?.ok && typeof text === "string") return (text === "" ? {} : JSON.parse(text)) as Answer;
        if (response !== null && response.status >= 400 && response.status < 500 && response.status !== 429)
          return null;
        if (Date.now() > until) throw new Error(`${method} ${path}: ${response?.status} ${text}`);
        await wait(500);
      }
    },
  };
}
