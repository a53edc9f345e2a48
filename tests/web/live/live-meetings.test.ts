import { expect, test } from "vitest";
import { listMeetings } from "#records/meetings/meeting-lists.ts";
import { readEvents } from "#records/live/feed.ts";
import { renameConversation } from "#records/conversations/conversations.ts";
import { deleteConversation } from "#records/conversations/delete-conversation.ts";
import { editMeeting } from "#records/meetings/meeting-edits.ts";
import { workspaceHeads } from "#records/live/workspace-heads.ts";
import { addPerson } from "#tests/records/people.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { liveEvent, runData } from "#tests/live-event.ts";
import { applyToRuns } from "#web/components/runs/live-runs.ts";
import type { RunListItem } from "#web/components/runs/run-list.tsx";
import { applyToMeetings } from "#web/components/meetings/live-meetings.ts";
import { startsIn } from "#web/components/meetings/starts-in.tsx";
import { addMeeting } from "../meeting-fixtures.ts";

const everything = { status: null, text: null, cursor: null, limit: 50 };

test("a list that hears the feed shows what a reload would show, but for what is new", async () => {
  await using db = await testDatabase();
  const person = await addPerson(db.prisma);
  const { userId } = person;
  const [held, edited, gone] = [
    await addMeeting(db.prisma, person, { name: "held" }),
    await addMeeting(db.prisma, person, { name: "edited" }),
    await addMeeting(db.prisma, person, { name: "gone" }),
  ];
  const load = async () => ({
    ...(await listMeetings(db.prisma, userId, everything)),
    feeds: await workspaceHeads(db.prisma, userId),
  });
  const before = await load();
  await held.begin();
  await held.say();
  await held.end();
  await held.fail("Broken");
  await renameConversation(db.prisma, { userId, id: held.id, title: "renamed" });
  const edit = { name: "moved", scheduledAt: new Date(Date.now() + 3_600_000) };
  await editMeeting(db.prisma, { userId, id: edited.id, edit });
  await deleteConversation(db.prisma, { userId, id: gone.id });
  const added = await addMeeting(db.prisma, person, { name: "new" });
  const [feed] = before.feeds;
  const told = await readEvents(db.prisma, feed?.topic ?? "", feed?.seq ?? 0, 100);
  const live = told.reduce(applyToMeetings, before);
  const after = await load();
  expect(live.items).toEqual(after.items.filter(({ id }) => id !== added.id));
  expect("unseen" in live && live.unseen).toEqual([added.runId]);
});

test("news of recordings change nothing in a list of meetings", () => {
  const state = { items: [], feeds: [] };
  expect(applyToMeetings(state, liveEvent("run.created", runData({ kind: "recording" })))).toBe(state);
  const segment = { id: "s", sequenceNumber: 1, speaker: "user", text: "Yes.", start: 0, end: 1 };
  expect(applyToMeetings(state, liveEvent("segment.added", segment))).toBe(state);
});

test("how long it is until a meeting is said in words that fit", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const said = (time: string) => startsIn(new Date(time), now);
  expect([
    said("2026-11-24T12:00:00Z"),
    said("2026-11-21T14:30:00Z"),
    said("2026-11-21T12:00:45Z"),
    said("2026-11-21T11:59:40Z"),
    said("2026-11-21T11:30:00Z"),
  ]).toEqual([
    "starts in 3 days",
    "starts in 2 h 30 min",
    "starts in 45 s",
    "starts now",
    "was to start 30 minutes ago",
  ]);
});

test("a recording that was given its day keeps its title in lists", () => {
  const row = { id: "r", conversationId: "c", title: "Talk" } as RunListItem;
  const state = { items: [row], feeds: [] };
  const dated = liveEvent("conversation.changed", { conversationId: "c", recordedAt: "2026-11-21T12:00:00Z" });
  expect(applyToRuns(state, dated).items[0]?.title).toBe("Talk");
  const renamed = liveEvent("conversation.changed", { conversationId: "c", title: "A talk" });
  expect(applyToRuns(state, renamed).items[0]?.title).toBe("A talk");
});
