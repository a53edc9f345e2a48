import { expect, test } from "vitest";
import { makeReading } from "#activities/clients/sources/make-reading.ts";
import { readFeed } from "#activities/clients/sources/read-feed.ts";
import { item, problemOf, readText, rss, signal, startFeed } from "./feed-setup.ts";

const readingOf = (text: string) =>
  makeReading({ body: Buffer.from(text), url: "https://host.test/", contentType: "" });

/** Whether this process goes on while something is read. */
function startBeat() {
  let turns = 0;
  const beat = setInterval(() => (turns += 1), 10);
  return () => {
    clearInterval(beat);
    return turns;
  };
}

const laughs = Array.from({ length: 9 }, (_, at) => `<!ENTITY l${at + 1} "${`&l${at};`.repeat(10)}">`).join("");
const declare = (entities: string) =>
  rss(item("<title>&l9;</title>")).replace("<rss", `<!DOCTYPE x [${entities}]><rss`);

test.each([
  ["entities made of entities", declare(`<!ENTITY l0 "ha">${laughs}`), "hostile"],
  ["an entity that is a file", declare(`<!ENTITY l9 SYSTEM "file:///etc/passwd">`), "hostile"],
  ["tags within tags", rss("<a>".repeat(3_000_000)), "damaged"],
  ["tags that are closed again", rss(`${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`), "damaged"],
  ["comments without end", rss("", `<title>${"<!--".repeat(2_000_000)}</title>`), "damaged"],
  ["texts without end", rss("", `<title>${"<![CDATA[".repeat(1_000_000)}</title>`), "damaged"],
  ["a feed that breaks off in an item", rss(item("<guid>1</guid>")).slice(0, -60), "damaged"],
  ["a feed that breaks off between two items", rss(item("<guid>1</guid>")).split("</channel>")[0] ?? "", "damaged"],
  ["something else", "PK\u0003\u0004", "not_a_feed"],
  ["nothing", "", "not_a_feed"],
  ["JSON of something else", `{"items":[]}`, "not_a_feed"],
  ["deep JSON", "[".repeat(5_000_000), "not_a_feed"],
])("%s is refused", (_, text, problem) => {
  expect(readingOf(text)).toMatchObject({ type: "problem", problem });
});

test("what a host appends to a feed does no harm", () => {
  const appended = `${rss(item("<guid>1</guid>"))}\n<!-- served by cache in 3 ms --><script></script>`;
  expect(readText(appended).items).toHaveLength(1);
});

test("openings without end are no more than an odd text", () => {
  expect(readingOf(rss("<".repeat(5_000_000)))).toMatchObject({ type: "feed", description: { items: [] } });
});

test("a feed that takes too long ends, and this process goes on meanwhile", async () => {
  await using feed = await startFeed({ readMs: 1_000 });
  const stopBeat = startBeat();
  expect(await problemOf(feed.read(rss("<item/>".repeat(2_000_000))))).toMatchObject({ problem: "too_slow" });
  expect(stopBeat()).toBeGreaterThan(20);
});

test("a feed that takes too much memory ends", async () => {
  const body = Buffer.from(rss(item("<guid>1</guid>").repeat(100_000)));
  const reading = readFeed(
    { body, url: "https://host.test/", contentType: "" },
    { address: "https://host.test/", deadlineMs: 20_000, heapMb: 16, signal: signal() },
  );
  expect(await problemOf(reading)).toMatchObject({ problem: "too_large" });
});

test("entities that a feed declares for itself are expanded nowhere", () => {
  const text = declare(`<!ENTITY l9 "ha">`);
  expect(readText(text).items[0]?.title).toBe("&l9;");
});

test("a reading that nobody waits for ends", async () => {
  await using feed = await startFeed();
  feed.host.state.feed = { body: rss("<item/>".repeat(2_000_000)), type: "application/rss+xml" };
  await expect(feed.source.describe(feed.host.feedUrl, AbortSignal.timeout(700))).rejects.toThrow("timeout");
});
