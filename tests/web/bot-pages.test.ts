import { afterAll, beforeAll, expect, test } from "vitest";
import type { BotReason, BotState } from "#domain/bot.ts";
import type { RunEvent } from "#domain/run.ts";
import { keepBot } from "#records/bot-visits/bot.ts";
import { applyRunEvent } from "#records/runs/runs.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";
import type { TestPerson } from "./server.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages({ ATTENDEE_API_KEY: "key" });
});
afterAll(() => pages[Symbol.asyncDispose]());

const link = "https://meet.google.com/abc-defg-hij";

/** A visit of a person's workspace, and what then happens to it. */
async function visitOf(person: TestPerson) {
  const id = await addRecorder(pages.prisma, person);
  const { runId } = await pages.prisma.recorder.findUniqueOrThrow({ where: { id } });
  return {
    id,
    runId,
    path: `/runs/${runId}`,
    bot: (state: BotState, reason: BotReason | null = null) =>
      keepBot(pages.prisma, { runId, recorderId: id, attempt: 1 }, "attendee", {
        id: "bot-1",
        state,
        reason,
        detail: "",
        at: new Date(),
        joinedAt: state === "recording" ? new Date() : null,
        leftAt: null,
      }),
    move: (event: RunEvent) => pages.prisma.$transaction((tx) => applyRunEvent(tx, runId, event)),
    fail: (message: string) =>
      pages.prisma.$transaction((tx) =>
        applyRunEvent(tx, runId, {
          type: "failed",
          error: { code: "not_recorded", message, stage: "call", attempt: 1 },
        }),
      ),
    watchedBy: (eventId: string) => pages.prisma.recorderWatch.create({ data: { recorderId: id, eventId } }),
  };
}

async function colleague(of: TestPerson, role: "viewer" | "member") {
  const person = await pages.signUp();
  await pages.prisma.membership.create({ data: { workspaceId: of.workspaceId, userId: person.userId, role } });
  return person;
}

test("a bot is sent by a pasted link, and the run's page shows it", async () => {
  const ada = await pages.signUp();
  const form = await pages.html(`/meetings/join-bot?link=${encodeURIComponent(link)}&title=Planning`, ada);
  expect(form).toContain(`value="${link}"`);
  expect(form).toContain('value="Planning"');
  const fields = { meetingUrl: ` ${link} `, title: "Planning", language: "de", botName: "Notes" };
  const answer = await pages.act("/meetings/join-bot", fields, ada);
  const [visit] = await pages.prisma.recorder.findMany({ where: { ownerId: ada.userId } });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, `/runs/${visit?.runId}`]);
  expect(visit).toMatchObject({ title: "Planning", language: "de", botName: "Notes", endsAt: null });
  const page = await pages.html(`/runs/${visit?.runId}`, ada);
  expect(page).toContain("The bot waits to be sent.");
  expect(page).toContain("abc-defg-hij");
  expect(page).toContain("Do not send the bot");
  expect(page).not.toContain("Send the bot again");
  // The same meeting again is the same visit.
  const again = await pages.act("/meetings/join-bot", { meetingUrl: link }, ada);
  expect(again.headers.get("location")).toBe(`/runs/${visit?.runId}`);
});

test.each([
  ["meetingUrl", "", "This is no link to a meeting"],
  ["meetingUrl", "https://example.com/abc", "This is no link to a meeting"],
  ["meetingUrl", `${link}\u0000`, "This is no link"],
  ["title", "x".repeat(301), "Use 300 characters at most."],
  ["language", "?", "This is no language such as en or de-CH."],
  ["botName", "x".repeat(101), "Use 100 characters at most."],
  ["workspaceId", "00000000-0000-7000-8000-000000000000", "You cannot add to this workspace."],
])("no bot is sent with a wrong %s (%s), and the form says why", async (field, value, words) => {
  const ada = await pages.signUp();
  const answer = await pages.act("/meetings/join-bot.data", { meetingUrl: link, [field]: value }, ada);
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining(words)]);
  expect(await pages.prisma.recorder.count({ where: { ownerId: ada.userId } })).toBe(0);
});

test("where nobody sends bots, the page leads to recording in the browser and tells the operator what to set", async () => {
  await using others = await startCalendarPages();
  const ada = await others.signUp();
  const text = await others.html("/meetings/join-bot?title=Planning", ada);
  expect(text).toContain("No recording bot is set up on this server");
  expect(text).toContain('href="/record?title=Planning"');
  expect(text).toContain("ATTENDEE_API_KEY");
  expect((await others.act("/meetings/join-bot", { meetingUrl: link }, ada)).status).toBe(409);
  expect(await others.prisma.recorder.count()).toBe(0);
});

test("no bot is sent where none can join, and page and API say where they can", async () => {
  const ada = await pages.signUp();
  const meetingUrl = "https://meet.jit.si/ConveneDaily";
  const words = "cannot join meetings on Jitsi, but those on Google Meet, Zoom, and Microsoft Teams.";
  const page = await pages.act("/meetings/join-bot.data", { meetingUrl }, ada);
  expect([page.status, await page.text()]).toEqual([409, expect.stringContaining(words)]);
  await expect(ada.json("/api/recorders", { method: "POST", body: { meetingUrl } })).rejects.toThrow(words);
  expect(await pages.prisma.recorder.count({ where: { ownerId: ada.userId } })).toBe(0);
});

test("a meeting on a Jitsi of one's own is known by its host, on page and API; on another's it is no meeting", async () => {
  await using others = await startCalendarPages({
    ATTENDEE_API_KEY: "key",
    JITSI_HOSTS: "Talk.example.org, b.example:8443",
  });
  const ada = await others.signUp();
  for (const [meetingUrl, words, status] of [
    ["https://talk.example.org/Daily", "cannot join meetings on Jitsi", 409],
    ["https://b.example:8443/Daily", "cannot join meetings on Jitsi", 409],
    ["https://b.example/Daily", "This is no link to a meeting", 400],
  ] as const) {
    const page = await others.act("/meetings/join-bot.data", { meetingUrl }, ada);
    expect([page.status, await page.text()]).toEqual([status, expect.stringContaining(words)]);
    await expect(ada.json("/api/recorders", { method: "POST", body: { meetingUrl } })).rejects.toThrow(words);
  }
});

test("where bots cannot write into a chat, the rules say that people must tell of the recording", async () => {
  await using mute = await startCalendarPages({ VEXA_API_KEY: "key" });
  const words = "Tell people yourself that the meeting is recorded.";
  expect(await mute.html("/calendar/rules", await mute.signUp())).toContain(words);
  expect(await pages.html("/calendar/rules", await pages.signUp())).not.toContain(words);
});

test("viewers see a visit and cannot stop it, members can, and strangers do not know of it", async () => {
  const ada = await pages.signUp();
  const visit = await visitOf(ada);
  const [viewer, member, stranger] = [
    await colleague(ada, "viewer"),
    await colleague(ada, "member"),
    await pages.signUp(),
  ];
  expect(await pages.html(visit.path, viewer)).not.toContain("Do not send the bot");
  expect((await pages.act(visit.path, { intent: "stopBot" }, viewer)).status).toBe(404);
  const sent = { meetingUrl: link, workspaceId: ada.workspaceId };
  expect((await pages.act("/meetings/join-bot", sent, viewer)).status).toBe(400);
  expect((await pages.get(visit.path, stranger)).status).toBe(404);
  for (const intent of ["stopBot", "sendAgain"]) {
    expect((await pages.act(visit.path, { intent }, stranger)).status).toBe(404);
  }
  expect(await pages.html(visit.path, member)).toContain("Do not send the bot");
  expect((await pages.act(visit.path, { intent: "stopBot" }, member)).status).toBe(200);
  const run = await pages.prisma.run.findUniqueOrThrow({ where: { id: visit.runId } });
  expect(run.status).toBe("cancelled");
  const late = await pages.act(visit.path, { intent: "stopBot" }, member);
  expect([late.status, await late.text()]).toEqual([409, expect.stringContaining("out of the meeting already")]);
});

test.each(["", "nothing", "cancel"])("a visit's page refuses the form “%s”", async (intent) => {
  const ada = await pages.signUp();
  const { path } = await visitOf(ada);
  expect((await pages.act(path, { intent }, ada)).status).toBe(400);
});

test("a visit that failed says why, and is tried again while the meeting may go on", async () => {
  const ada = await pages.signUp();
  const visit = await visitOf(ada);
  await visit.bot("waiting_room");
  expect(await pages.html(visit.path, ada)).toContain("The bot waits to be let in");
  expect((await pages.act(visit.path, { intent: "sendAgain" }, ada)).status).toBe(409);
  await visit.bot("failed", "denied");
  await visit.fail("The bot was not let in.");
  const text = await pages.html(visit.path, ada);
  expect(text).toContain("The bot was not let in.");
  expect(text).toContain("Send the bot again");
  await pages.prisma.recorder.update({ where: { id: visit.id }, data: { endsAt: new Date(Date.now() - 1) } });
  expect(await pages.html(visit.path, ada)).not.toContain("Send the bot again");
  await pages.prisma.recorder.update({ where: { id: visit.id }, data: { endsAt: null } });
  expect((await pages.act(visit.path, { intent: "sendAgain" }, ada)).status).toBe(200);
  expect(await pages.prisma.run.findUnique({ where: { id: visit.runId } })).toMatchObject({
    status: "pending",
    attempt: 2,
  });
});

test("B-36 B-37 every page counts the meetings that bots are on their way to or in, with how each stands", async () => {
  const ada = await pages.signUp();
  const visit = await visitOf(ada);
  const count = async () => (/aria-label="(\d+) meetings? going on"/.exec(await pages.html("/settings", ada)) ?? [])[1];
  expect(await count()).toBe(undefined);
  await visit.bot("joining");
  expect(await count()).toBe("1");
  expect(await (await pages.get("/settings", ada)).text()).toContain("The bot is joining");
  await visit.bot("recording");
  expect(await count()).toBe("1");
  await visit.move({ type: "completed" });
  expect(await count()).toBe(undefined);
});

/** An event of a new person's calendar with its visit; `isShown` tells whether card and page hold words and a way on. */
async function visitedEvent() {
  const { ada, rows } = await pages.personWith({ title: "Planning" });
  const { id: eventId, startsAt } = rows[0] ?? { id: "", startsAt: new Date() };
  const visit = await visitOf(ada);
  await pages.prisma.recorder.update({ where: { id: visit.id }, data: { startsAt } });
  await visit.watchedBy(eventId);
  async function isShown(words: string, href: string) {
    const texts = [
      await pages.html("/calendar?view=agenda", ada),
      await pages.html(`/calendar/events/${eventId}`, ada),
    ];
    return texts.map((text) => text.includes(words) && text.includes(`href="${href}"`));
  }
  return { ...visit, isShown };
}
const onBoth = [true, true];

test("an event's card and its page show how its bot stands, and lead to what it recorded", async () => {
  const { id, path, bot, move, isShown } = await visitedEvent();
  expect(await isShown("A bot is scheduled.", path)).toEqual(onBoth);
  expect(await isShown("Will not be joined: ", path)).toEqual(onBoth);
  await bot("requested");
  expect(await isShown("Was not to be joined: ", path)).toEqual(onBoth);
  expect(await isShown("The bot was sent.", path)).toEqual(onBoth);
  await bot("recording");
  expect(await isShown("The bot is in the call.", path)).toEqual(onBoth);
  await move({ type: "completed" });
  expect(await isShown("Recorded by the bot.", `/recordings/${id}`)).toEqual(onBoth);
});

test("an event's card and its page say why its bot failed", async () => {
  const { path, fail, isShown } = await visitedEvent();
  await fail("Nobody let the bot in, so it gave up waiting.");
  expect(await isShown("The bot failed: Nobody let the bot in, so it gave up waiting.", path)).toEqual(onBoth);
});
