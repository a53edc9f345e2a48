import { parseOpml } from "feedsmith";
import { expect, test } from "vitest";
import { mostListed, readOpml, writeOpml } from "#domain/channels/opml.ts";

const opml = (body: string) =>
  `<?xml version="1.0"?><opml version="2.0"><head><title>Mine</title></head><body>${body}</body></opml>`;
const problemOf = (text: string) => {
  const read = readOpml(text);
  return read.ok ? null : read.problem;
};

test("the feeds of an OPML file are found in folders, however their attributes are written", () => {
  const text = opml(`
    <outline text="News"><outline text="Deeper">
      <outline type="rss" text="A &amp; B" xmlUrl="https://a.example/feed?x=1&amp;y=2" htmlUrl="https://a.example"/>
    </outline></outline>
    <outline title="Titled" text="Text" XMLURL="https://b.example/feed"></outline>
    <outline type="link" text="No feed" url="https://c.example"/>
    <outline xmlurl="not an address"/>`);
  expect(readOpml(text)).toEqual({
    ok: true,
    feeds: [
      { title: "A & B", url: "https://a.example/feed?x=1&y=2" },
      { title: "Titled", url: "https://b.example/feed" },
      { title: "", url: "not an address" },
    ],
  });
  expect(readOpml(`<!DOCTYPE opml>\ufeff${opml('<outline xmlUrl="https://a.example"/>')}`)).toMatchObject({ ok: true });
});

const noOpml = "This is no OPML file. Export the list from your podcast app as OPML, and give that file.";

test("what is no OPML file, breaks off, lists nothing or too much is refused with the reason", () => {
  expect(problemOf("")).toBe(noOpml);
  expect(problemOf("just words")).toBe(noOpml);
  expect(problemOf('<rss><channel><outline xmlUrl="https://a.example"/></channel></rss>')).toBe(noOpml);
  expect(problemOf(opml('<outline text="Folder"/>'))).toBe(
    "The file lists no feeds. Give the list that your podcast app exports.",
  );
  const whole = opml('<outline xmlUrl="https://a.example/1"/><outline xmlUrl="https://a.example/2"/>');
  for (const cutAt of [whole.length - 1, whole.length - 8, whole.indexOf("example/2")]) {
    expect(problemOf(whole.slice(0, cutAt))).toMatch(/breaks off/);
  }
  const many = Array.from({ length: mostListed + 1 }, (_, at) => `<outline xmlUrl="https://a.example/${at}"/>`);
  expect(problemOf(opml(many.join("")))).toMatch(/lists 501 feeds, and 500/);
});

test("a hostile file costs no more than its length, and nothing that it declares is expanded", () => {
  const bomb = `<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>${opml('<outline xmlUrl="&b;"/>')}`;
  expect(problemOf(bomb)).toMatch(/entities of its own/);
  const began = performance.now();
  expect(problemOf(`<opml>${"<outline>".repeat(100_000)}`)).toMatch(/lie deeper/);
  // Each would be looked for among all that is open.
  expect(problemOf(`<opml>${"<outline>".repeat(50_000)}${"</x>".repeat(100_000)}`)).toMatch(/lie deeper/);
  expect(problemOf(`<opml>${"<outline>".repeat(40)}${"</x>".repeat(200_000)}`)).toMatch(/breaks off/);
  expect(readOpml(opml(`<outline ${'a="b" '.repeat(100_000)} xmlUrl="https://a.example"/>`))).toMatchObject({
    ok: true,
  });
  expect(problemOf(`<opml><!--${"-".repeat(900_000)}`)).toMatch(/breaks off/);
  expect(performance.now() - began).toBeLessThan(2_000);
});

test("what is written is read by a foreign reader, and by ours, whatever a podcast is called", () => {
  const title = "Talks <b>&\"' ]]> \u0000\n& more";
  const podcasts = [
    { title, description: "About\nthem", feedUrl: "https://a.example/f.xml?a=1&b=2", siteUrl: "https://a.example" },
    { title: "Own", description: "", feedUrl: "https://a.example/own.xml", siteUrl: null },
  ];
  const text = writeOpml({ title: "Podcasts", at: new Date(0), podcasts });
  const { head, body } = parseOpml(text);
  expect(head).toMatchObject({ title: "Podcasts", dateCreated: "Thu, 01 Jan 1970 00:00:00 GMT" });
  expect(body?.outlines).toMatchObject([
    { type: "rss", xmlUrl: "https://a.example/f.xml?a=1&b=2", htmlUrl: "https://a.example" },
    { type: "rss", text: "Own", xmlUrl: "https://a.example/own.xml" },
  ]);
  const read = readOpml(text);
  expect(read.ok && read.feeds.map(({ url }) => url)).toEqual(podcasts.map(({ feedUrl }) => feedUrl));
  expect(read.ok && read.feeds[0]?.title).toBe("Talks <b>&\"' ]]> \n& more");
  expect(readOpml(writeOpml({ title: "Podcasts", at: new Date(0), podcasts: [] }))).toMatchObject({ ok: false });
});
