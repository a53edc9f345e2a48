import { parseOpml } from "feedsmith";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addChannelRows, addUploadChannel } from "#tests/channels/channel-fixtures.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";
import type { TestPerson } from "./server.ts";

let pages: Awaited<ReturnType<typeof startCalendarPages>>;
beforeAll(async () => {
  pages = await startCalendarPages();
});
afterAll(() => pages[Symbol.asyncDispose]());

interface Came {
  title: string;
  url: string;
  result: string;
  channelId: string | null;
  message: string;
}

const listing = (...urls: string[]) =>
  `<opml version="2.0"><body>${urls.map((url) => `<outline text="Of ${url}" xmlUrl="${url}"/>`).join("")}</body></opml>`;

const importing = async (person: TestPerson, opml: string, more: object = {}) =>
  (
    await person.json<{ items: Came[] }>("/api/channels.opml", {
      method: "POST",
      body: { opml, rights: true, ...more },
    })
  ).items;

const channelsOf = (person: TestPerson) =>
  pages.prisma.channel.findMany({ where: { workspaceId: person.workspaceId }, orderBy: { id: "asc" } });

test("each feed of a list becomes a channel once, with the reason where it does not", async () => {
  const ada = await pages.signUp();
  const list = listing(
    "https://a.example/feed.xml",
    "http://a.example/feed.xml/",
    "https://www.youtube.com/feeds/videos.xml?channel_id=UCaaaaaaaaaaaaaaaaaaaaaa",
    "javascript:alert(1)",
    "https://user:secret@b.example/feed",
    "feed:https://c.example/feed",
  );
  const came = await importing(ada, list, { mode: "hold", language: "de" });
  expect(came.map(({ result }) => result)).toEqual(["added", "skipped", "added", "refused", "refused", "added"]);
  expect(came[1]).toMatchObject({ channelId: came[0]?.channelId, message: "The workspace has it already." });
  expect(came[3]?.message).toMatch(/This is no address/);
  expect(came[4]?.message).toMatch(/without a user and a password/);
  const rows = await channelsOf(ada);
  expect(rows).toMatchObject([
    {
      source: "feed",
      url: "https://a.example/feed.xml",
      mode: "hold",
      language: "de",
      ownerId: ada.userId,
      startsLast: 0,
    },
    { source: "youtube", url: "https://www.youtube.com/channel/UCaaaaaaaaaaaaaaaaaaaaaa" },
    { source: "feed", url: "https://c.example/feed" },
  ]);
  // Each is looked at at once.
  const looks = { kind: "channel.check", partitionKey: { in: rows.map(({ id }) => id) } };
  expect(await pages.prisma.outbox.count({ where: looks })).toBe(3);

  // Whoever was interrupted asks again, and again at once.
  const again = await Promise.all(
    [1, 2, 3].map(() => importing(ada, listing("https://a.example/feed.xml", "https://d.example/"))),
  );
  expect(again.flat().filter(({ result }) => result === "added")).toHaveLength(1);
  expect(await channelsOf(ada)).toHaveLength(4);
});

test("without the word that one may republish, or of what is no list, nothing is added", async () => {
  const ada = await pages.signUp();
  const ask = (body: object) =>
    fetch(`${pages.deps.env.PUBLIC_URL}/api/channels.opml`, {
      method: "POST",
      headers: { ...ada.headers, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const opml = listing("https://a.example/feed.xml");
  for (const body of [
    { opml },
    { opml, rights: false },
    { opml: "", rights: true },
    { opml: "<rss/>", rights: true },
  ]) {
    const answer = await ask(body);
    expect(answer.status).toBe(400);
  }
  expect((await ask({ opml: "x".repeat(1_000_001), rights: true })).status).toBe(400);
  expect((await ask({ opml: "x".repeat(2_100_000), rights: true })).status).toBe(413);
  const bomb = `<!DOCTYPE opml [<!ENTITY a "b">]>${opml}`;
  const refused = await ask({ opml: bomb, rights: true });
  expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining("entities of its own")]);
  expect(await channelsOf(ada)).toEqual([]);
});

test("a list of more than the workspace may have fills it, and says of the rest that there is no room", async () => {
  const ada = await pages.signUp();
  const urls = Array.from({ length: 103 }, (_, at) => `https://a.example/${at}`);
  const came = await importing(ada, listing(...urls));
  expect(came.filter(({ result }) => result === "added")).toHaveLength(100);
  const noRoom = { result: "refused", channelId: null, message: expect.stringMatching(/as many channels as it may/) };
  expect(came.slice(100)).toMatchObject([noRoom, noRoom, noRoom]);
});

test("podcasts are exported for any app: those of one's workspaces whose address works; what comes back is skipped", async () => {
  const ada = await pages.signUp();
  const bo = await pages.signUp();
  const owner = { userId: ada.userId, workspaceId: ada.workspaceId };
  const { channel } = await addChannelRows(pages.prisma, owner);
  const hidden = await addUploadChannel(pages.prisma, owner);
  await ada.json(`/api/channels/${hidden}`, { method: "PATCH", body: { visibility: "private" } });
  const get = (person: TestPerson) =>
    fetch(`${pages.deps.env.PUBLIC_URL}/api/channels.opml`, { headers: person.headers });
  const answer = await get(ada);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/x-opml; charset=utf-8"]);
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="podcasts.opml"');
  const text = await answer.text();
  const { feedUrl, title } = await ada.json<{ feedUrl: string; title: string }>(`/api/channels/${channel}`);
  expect(parseOpml(text).body?.outlines).toEqual([
    expect.objectContaining({ type: "rss", text: title, xmlUrl: feedUrl }),
  ]);
  const { key } = await pages.prisma.channel.findUniqueOrThrow({ where: { id: hidden } });
  expect(text).not.toContain(key);
  // The source's address may hold a listener's key of there.
  expect(text).not.toContain("https://podcast.example.com");
  expect(await (await get(bo)).text()).not.toContain("outline");

  expect(await importing(ada, text)).toMatchObject([{ result: "skipped", message: "It is a podcast of this server." }]);
});

test("a file is imported by the page, which tells what came of each feed; a viewer's workspace is refused", async () => {
  const ada = await pages.signUp();
  const file = (text: string) => new File([text], "mine.opml", { type: "text/x-opml" });
  const said = { rights: "on", mode: "sure", language: "" };
  // Larger than what usual forms may have.
  const many = `${" ".repeat(200_000)}${listing("https://a.example/feed.xml", "nowhere")}`;
  const answer = await pages.act("/podcasts/import", { ...said, opml: file(many) }, ada);
  const text = (await answer.text()).replaceAll("<!-- -->", "");
  expect(answer.status).toBe(200);
  expect(text).toContain("1 channel added; 1 feed not, for the reasons below.");
  expect(text).toContain("Of https://a.example/feed.xml");
  expect(text).toContain("This is no address");
  expect(await channelsOf(ada)).toHaveLength(1);
  for (const [fields, words] of [
    [{ mode: "sure", opml: file(many) }, "Say that you may republish"],
    [{ ...said, opml: file("") }, "Choose a file."],
    [said, "Choose a file."],
    [{ ...said, opml: file("<html></html>") }, "This is no OPML file."],
  ] as const) {
    const refused = await pages.act("/podcasts/import", fields, ada);
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(words)]);
  }
  const bo = await pages.signUp();
  await pages.prisma.membership.create({ data: { userId: bo.userId, workspaceId: ada.workspaceId, role: "viewer" } });
  const fields = { ...said, opml: file(listing("https://b.example/")), workspaceId: ada.workspaceId };
  const refused = await pages.act("/podcasts/import", fields, bo);
  expect([refused.status, await refused.text()]).toEqual([
    400,
    expect.stringContaining("You cannot add to this workspace"),
  ]);
  expect(await channelsOf(ada)).toHaveLength(1);
  const page = await pages.html("/podcasts", ada);
  expect(page).toContain("Import OPML");
  expect(page).toContain('href="/api/channels.opml"');
});
