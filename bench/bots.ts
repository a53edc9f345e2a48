import { setTimeout as sleep } from "node:timers/promises";
import { workspaceTopic } from "#domain/live.ts";
import { newId } from "#records/ids.ts";
import { startFakeAttendee } from "#tests/fakes/attendee.ts";
import type { FakeAttendee } from "#tests/fakes/attendee.ts";
import { latencyFigures, nowMs } from "./measure.ts";
import type { Scenario } from "./scenario.ts";
import { startStack } from "./stack/stack.ts";
import type { Stack } from "./stack/stack.ts";
import { watch } from "./stack/watcher.ts";

const bufferMs = 60_000;
const passSeconds = 5;
/** So long are visits ordered and waiting before they are due. */
const aheadMs = 20_000;
// Also a machine that is far too slow gets its figures.
const patienceMs = 300_000;

/**
 * How late bots are asked for when some meetings, or many, are due in the same second; and how long the provider's word
 * of a bot takes to the browser that shows it. The provider's stand-in answers at once.
 */
export const bots: Scenario = {
  name: "bots",
  title: "Meeting due → bot asked for; provider's webhook → browser",
  async run({ short, say, detail }) {
    await using attendee = await startFakeAttendee();
    const { apiKey, baseUrl, webhookSecret } = attendee;
    await using stack = await startStack(detail, {
      ATTENDEE_API_KEY: apiKey,
      ATTENDEE_BASE_URL: baseUrl,
      ATTENDEE_WEBHOOK_SECRET: webhookSecret,
      AUTO_JOIN_INTERVAL_SECONDS: String(passSeconds),
      FETCH_ALLOW: "127.0.0.0/8",
    });
    attendee.webhook(`${stack.url}/api/webhook/attendee`);
    const calendarId = await newCalendar(stack);
    const few: number[] = [];
    for (let turn = 0; turn < (short ? 1 : 6); turn += 1) {
      say(`5 due at once, turn ${turn + 1}`);
      few.push(...(await dueTogether(stack, attendee, calendarId, 5)));
    }
    const count = short ? 20 : 100;
    say(`${count} due at once`);
    const many = await dueTogether(stack, attendee, calendarId, count);
    say("webhooks");
    const heard = await joinsSeen(stack, attendee);
    return [
      ...latencyFigures("5 due in one second, asked for after", few, 5_000),
      ...latencyFigures(`${count} due in one second, asked for after`, many, 8_000),
      ...latencyFigures("webhook sent → browser", heard, 1_000),
    ];
  },
};

async function newCalendar({ database, person }: Stack): Promise<string> {
  const { userId: ownerId, workspaceId } = person;
  const { id } = await database.prisma.calendar.create({
    data: { id: newId(), ownerId, workspaceId, kind: "file", name: "Work" },
  });
  return id;
}

/** Milliseconds from when each of so many meetings was due until its bot was asked for. */
async function dueTogether({ database, person }: Stack, attendee: FakeAttendee, calendarId: string, count: number) {
  const due = Math.ceil((Date.now() + aheadMs) / 1000) * 1000;
  const startsAt = new Date(due + bufferMs);
  const rooms = Array.from({ length: count }, () => String(Math.floor(1e9 + Math.random() * 9e9)));
  await database.prisma.calendarEvent.createMany({
    data: rooms.map((room) => ({
      id: newId(),
      calendarId,
      ownerId: person.userId,
      uid: room,
      title: "Meeting",
      startsAt,
      endsAt: new Date(startsAt.getTime() + 1_800_000),
      isAllDay: false,
      isCancelled: false,
      isTentative: false,
      platform: "zoom",
      room,
      meetingUrl: `https://zoom.us/j/${room}`,
      fingerprint: "",
      join: true,
      reason: "rules",
    })),
  });
  const asked = () => attendee.bots.filter(({ meetingUrl }) => rooms.some((room) => meetingUrl.endsWith(room)));
  const until = Date.now() + aheadMs + patienceMs;
  while (asked().length < count) {
    if (Date.now() > until) throw new Error(`${asked().length} of ${count} bots were asked for`);
    await sleep(50);
  }
  return asked().map(({ createdAt }) => createdAt.getTime() - due);
}

/** Milliseconds from the provider's saying that a bot is in its meeting until a browser shows it, one bot after another. */
async function joinsSeen({ url, person }: Stack, attendee: FakeAttendee): Promise<number[]> {
  const seen = new Map<string, (at: number) => void>();
  const topic = workspaceTopic(person.workspaceId);
  const socket = await watch({ url, person, topic }, ({ type, data }) => {
    const { runId, status } = data as { runId?: string; status?: string };
    if (type.startsWith("run.") && status === "active") seen.get(runId ?? "")?.(nowMs());
  });
  const times: number[] = [];
  for (const bot of attendee.bots) {
    const answer = await fetch(`${url}/api/recorders/${bot.metadata?.["recorderId"] ?? ""}`, {
      headers: { cookie: person.cookie },
    });
    const { runId } = (await answer.json()) as { runId: string };
    const shown = new Promise<number>((resolve) => seen.set(runId, resolve));
    const sentAt = nowMs();
    bot.join();
    times.push((await shown) - sentAt);
    seen.delete(runId);
  }
  socket.disconnect();
  return times;
}
