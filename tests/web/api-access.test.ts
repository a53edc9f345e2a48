import { randomBytes, randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { openApiDocument } from "#web/api/openapi.ts";
import { routes } from "#web/api/routes.ts";
import { createInvite } from "#records/accounts/invites.ts";
import { changeEpisode } from "#records/channels/episodes.ts";
import { openAnalysis } from "#records/conversations/analyses.ts";
import { storeSegments } from "#records/conversations/segments.ts";
import { testDatabase } from "#tests/setup/database.ts";
import { table } from "./access-table.ts";
import type { Row } from "./access-table.ts";
import { addCalendar } from "#tests/calendars/calendar-fixtures.ts";
import { addChannelRows, addFileRows, addUploadChannel } from "#tests/channels/channel-fixtures.ts";
import { addRecorder } from "#tests/bot-visits/recorder-fixtures.ts";
import { addMerge } from "./add-merge.ts";
import { addMeeting } from "./meeting-fixtures.ts";
import { upload } from "./requests.ts";
import { joinWorkspace } from "./join-workspace.ts";
import type { TestPerson } from "./server.ts";
import { startWeb } from "./server.ts";

const keyOf = ({ method, path }: { method: string; path: string }) => `${method.toUpperCase()} ${path}`;

test("every route stands in the access table and in the docs, and nothing else does", () => {
  expect(Object.keys(table).toSorted()).toEqual(routes.map(keyOf).toSorted());
  const paths = openApiDocument().paths ?? {};
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => keyOf({ method, path: path.slice(4).replace(/\{(\w+)\}/g, ":$1") })),
  );
  for (const key of Object.keys(table)) expect(described).toContain(key);
  const outside = described.filter((key) => !(key in table));
  expect(outside.filter((key) => !/^\w+ \/(auth|uploads|calendar\/auto-join\/worker)(\/|$)/.test(key))).toEqual([]);
});

test(
  "each route answers each role as the table says: 401 nobody, 404 not yours, 403 not your role",
  { timeout: 300_000 },
  async () => {
    await using db = await testDatabase();
    await using web = await startWeb(db, { settings: { ATTENDEE_API_KEY: "key" } });
    const owner = await web.signUp();
    const people = {
      stranger: await web.signUp(),
      viewer: await web.signUp(),
      member: await web.signUp(),
      admin: await web.signUp(),
    };
    const other = await web.signUp();
    const { id: workspace } = await owner.json<{ id: string }>("/api/workspaces", {
      method: "POST",
      body: { name: "W" },
    });
    await owner.json("/api/keys", { method: "POST", body: { name: "mine" } });
    const {
      items: [key],
    } = await owner.json<{ items: { id: string }[] }>("/api/keys");
    for (const role of ["viewer", "member", "admin"] as const) {
      await joinWorkspace({ inviter: owner, workspaceId: workspace }, people[role], role);
    }

    /** A fresh meeting, done or failed where the route asks for that. */
    const prepareMeeting = async (route: string) => {
      const made = await addMeeting(db.prisma, { userId: owner.userId, workspaceId: workspace });
      const { id: meeting, agentId: agent } = made;
      if (route.endsWith("retry")) await made.fail("Broken");
      if (route.endsWith("next-session")) await made.complete();
      if (route.endsWith("call-agent")) await made.begin();
      await web.deps.media.putText(`conversations/${meeting}/call`, "sound");
      const audioKey = `conversations/${meeting}/call`;
      await db.prisma.meeting.update({
        where: { id: meeting },
        data: { audioKey, scheduledAt: new Date(), agentState: "failed" },
      });
      return { meeting, agent };
    };

    /** A fresh recording, whose run has failed where the route tries it again. */
    const prepareRecording = async (route: string) => {
      const { body } = await upload(web, owner, randomBytes(20), { workspaceId: workspace });
      const { id } = body;
      const run = await db.prisma.run.findFirstOrThrow({ where: { conversationId: id } });
      if (route.endsWith("retry")) {
        await db.prisma.run.update({
          where: { id: run.id },
          data: { status: "failed", errorCode: "internal", errorStage: "upload" },
        });
      }
      await web.deps.media.putText(`conversations/${id}/peaks.json`, "{}");
      await db.prisma.recording.update({ where: { id }, data: { peaksKey: `conversations/${id}/peaks.json` } });
      const { id: analysisId } = await openAnalysis(db.prisma, { conversationId: id, version: 1 });
      const item = randomUUID();
      await db.prisma.actionItem.create({ data: { id: item, conversationId: id, analysisId, position: 0, text: "x" } });
      await db.prisma.speaker.create({ data: { conversationId: id, label: "SPEAKER_02" } });
      const said = { sourceKey: "1", speaker: "SPEAKER_01", text: "One.", start: 0, end: 1 };
      await db.prisma.$transaction((tx) => storeSegments(tx, id, [said]));
      const { id: segment } = await db.prisma.transcriptSegment.findFirstOrThrow({ where: { conversationId: id } });
      const merge = await addMerge(db.prisma, { userId: owner.userId, id });
      return { id, run: run.id, item, segment, merge };
    };

    const members = { userId: owner.userId, workspaceId: workspace };
    let readChannel: string | undefined;
    const prepareChannel = async (route: string) => {
      // A workspace has room for so many channels; the first is what is read, and of the others only the newest is asked for.
      await db.prisma.channel.deleteMany({ where: { workspaceId: workspace, NOT: { id: readChannel } } });
      const rows = await addChannelRows(db.prisma, members);
      readChannel ??= rows.channel;
      const files = await addFileRows(db.prisma, members, rows.channel);
      for (const key of files) await web.deps.media.putText(key, "sound");
      await web.deps.media.putText(`conversations/${rows.queued}/episode-1.mp3`, "sound");
      if (route.endsWith("withdraw")) {
        await changeEpisode(db.prisma, { userId: owner.userId, id: rows.episode }, "publish");
      }
      const uploads = route === "POST /channels/:id/videos" ? await addUploadChannel(db.prisma, members) : "";
      if (route.endsWith("backfills/:backfillId/retry")) {
        await db.prisma.run.update({ where: { id: rows.backfill }, data: { status: "cancelled" } });
      }
      if (route.endsWith("jobs/:jobId/retry")) {
        await db.prisma.run.update({
          where: { id: rows.job },
          data: { status: "failed", errorCode: "internal", errorStage: "downloading" },
        });
      }
      return { ...rows, uploads };
    };

    const prepareRecorder = async () => ({ recorder: await addRecorder(db.prisma, members) });
    const prepareOther = async () => {
      await joinWorkspace({ inviter: owner, workspaceId: workspace }, other);
      return { other: other.userId };
    };

    const prepareInvite = async () => {
      const invite = { actorId: owner.userId, workspaceId: workspace, role: "member", email: null } as const;
      return { invite: (await createInvite(db.prisma, invite)).id };
    };

    const { calendar, event } = await addCalendar(db.prisma, owner);
    const makers = [prepareRecording, prepareMeeting, prepareChannel, prepareRecorder, prepareOther, prepareInvite];
    const made = await Promise.all(makers.map((make) => make("")));
    const shared: Record<string, string> = Object.assign({ workspace, key: key?.id ?? "", calendar, event }, ...made);
    /** What a route names, made anew; it finds everything else as it is. */
    const prepare = async (route: string, row: Row) => {
      const text = `${row.path ?? route} ${JSON.stringify(row.body ?? {})}`;
      const named = new Set([...text.matchAll(/:([a-z]+)/gi)].map(([, name]) => name));
      const names = { ...shared };
      for (const [index, make] of makers.entries()) {
        if (Object.keys(made[index] ?? {}).some((name) => named.has(name))) Object.assign(names, await make(route));
      }
      return names;
    };
    const ask = async (route: string, row: Row, names: Record<string, string>, person: TestPerson | null) => {
      const [method = "", pattern = ""] = route.split(" ");
      const named = (text: string) => text.replace(/:([a-z]+)/gi, (whole, name: string) => names[name] ?? whole);
      const path = named(row.path ?? pattern);
      const headers = person?.headers ?? {};
      if (route === "POST /recordings") {
        const form = new FormData();
        form.set("workspaceId", workspace);
        form.set("file", new Blob([randomBytes(20)]), "a.wav");
        return fetch(`${web.url}/api${path}`, { method, headers, body: form });
      }
      return fetch(`${web.url}/api${path}`, {
        method,
        headers: { ...headers, ...(row.body === undefined ? {} : { "content-type": "application/json" }) },
        ...(row.body === undefined ? {} : { body: named(JSON.stringify(row.body)) }),
      });
    };

    const found: Record<string, unknown> = {};
    const expected: Record<string, unknown> = {};
    for (const [route, row] of Object.entries(table)) {
      let names = route.startsWith("GET") ? shared : await prepare(route, row);
      const statuses: Record<string, number> = { nobody: (await ask(route, row, names, null)).status };
      for (const [name, person] of Object.entries(people)) {
        // Whoever is refused has changed nothing; a success may have used up what it worked on.
        if ((statuses[name === "admin" ? "member" : "nobody"] ?? 0) < 400 && names !== shared)
          names = await prepare(route, row);
        const answer = await ask(route, row, names, person);
        statuses[name] = answer.status;
        const text = await answer.text();
        if (answer.status < 400 || row.plainErrors) continue;
        expect(answer.headers.get("content-type")).toBe("application/problem+json; charset=utf-8");
        expect(JSON.parse(text)).toMatchObject({
          status: answer.status,
          requestId: answer.headers.get("x-request-id"),
        });
      }
      found[route] = statuses;
      const { stranger, viewer, member, admin } = row;
      expected[route] = { nobody: 401, stranger, viewer, member, admin };
    }
    expect(found).toEqual(expected);
  },
);

test("lists show a stranger nothing, and an administrator of the server the runs but not the recordings", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const administrator = await web.signUp();
  const [owner, stranger] = [await web.signUp(), await web.signUp()];
  const { body } = await upload(web, owner, randomBytes(20));
  type List = { items: { conversationId?: string; id: string }[] };
  expect((await stranger.json<List>("/api/recordings")).items).toEqual([]);
  expect((await stranger.json<List>("/api/runs")).items).toEqual([]);
  expect((await administrator.json<List>("/api/runs")).items[0]?.conversationId).toBe(body.id);
  expect((await administrator.json<List>("/api/recordings")).items).toEqual([]);
  const seen = await fetch(`${web.url}/api/recordings/${body.id}`, { headers: administrator.headers });
  expect(seen.status).toBe(404);
});

test("ids that are no ids are not found, whatever they hold", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const person = await web.signUp();
  for (const id of ["1", "..%2f..", "%00", "' OR 1=1 --", randomUUID(), "0".repeat(5000)]) {
    const answer = await fetch(`${web.url}/api/recordings/${id}`, { headers: person.headers });
    expect([id.slice(0, 20), answer.status]).toEqual([id.slice(0, 20), 404]);
  }
});

test("roles: a removed member loses everything at once and their pages hear of it; the owner stays", async () => {
  await using db = await testDatabase();
  await using web = await startWeb(db);
  const [owner, member] = [await web.signUp(), await web.signUp()];
  const { id: workspace } = await owner.json<{ id: string }>("/api/workspaces", {
    method: "POST",
    body: { name: "W" },
  });
  const members = `/api/workspaces/${workspace}/members`;
  const { invite } = await owner.json<{ invite: { url: string } }>(members, {
    method: "POST",
    body: { role: "admin" },
  });
  const accept = `/api/invites/${invite.url.split("/").at(-1)}/accept`;
  expect(await member.json(accept, { method: "POST" })).toEqual({ workspaceId: workspace });
  await expect(member.json(accept, { method: "POST" })).rejects.toThrow("404");
  const { body } = await upload(web, owner, randomBytes(20), { workspaceId: workspace });
  await member.json(`/api/recordings/${body.id}`);
  const change = (person: TestPerson, userId: string, method: string, role = "member") =>
    fetch(`${web.url}${members}/${userId}`, {
      method,
      headers: { ...person.headers, "content-type": "application/json" },
      ...(method === "PATCH" ? { body: JSON.stringify({ role }) } : {}),
    }).then(({ status }) => status);
  // Nobody takes the workspace from its owner, and nobody can be made owner.
  expect(await change(member, owner.userId, "DELETE")).toBe(409);
  expect(await change(member, owner.userId, "PATCH")).toBe(409);
  expect(await change(member, member.userId, "PATCH", "owner")).toBe(400);
  expect(await change(owner, member.userId, "DELETE")).toBe(204);
  expect((await fetch(`${web.url}/api/recordings/${body.id}`, { headers: member.headers })).status).toBe(404);
  expect((await fetch(`${web.url}${members}`, { headers: member.headers })).status).toBe(404);
  const told = await db.prisma.liveEvent.findMany({
    where: { topic: `user:${member.userId}` },
    orderBy: { seq: "asc" },
  });
  expect(told.map(({ type, data }) => [type, data])).toEqual([
    ["access.changed", { workspaceId: workspace, role: "admin" }],
    ["access.changed", { workspaceId: workspace, role: null }],
  ]);
});
