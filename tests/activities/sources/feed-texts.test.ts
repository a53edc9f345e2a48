import { expect, test } from "vitest";
import { item, rss, readText } from "./feed-setup.ts";

/** A feed in Cyrillic; each of its letters is one byte in windows-1251. */
const cyrillic = (declared: string) =>
  `<?xml version="1.0"${declared}?><rss version="2.0"><channel><title>Утро</title></channel></rss>`;
const in1251 = (text: string) =>
  Buffer.from(Array.from(text, (letter) => letter.charCodeAt(0) - (letter > "\u0400" ? 0x350 : 0)));
const be = (text: string) => Buffer.from(text, "utf16le").swap16();

test.each([
  ["UTF-8 with a mark", "", Buffer.from(`\uFEFF${cyrillic("")}`)],
  ["UTF-8 that nothing names", "", Buffer.from(cyrillic(""))],
  ["windows-1251 by its declaration", "", in1251(cyrillic(` encoding="windows-1251"`))],
  ["windows-1251 by the header", "; charset=windows-1251", in1251(cyrillic(""))],
  ["UTF-16 with a mark", "", Buffer.from(`\uFEFF${cyrillic(` encoding="UTF-16"`)}`, "utf16le")],
  ["UTF-16 without one", "", Buffer.from(cyrillic(` encoding="UTF-16"`), "utf16le")],
  ["UTF-16 the other way round", "; charset=utf-16", be(`\uFEFF${cyrillic("")}`)],
  ["UTF-8 that the header calls Latin", "; charset=ISO-8859-1", Buffer.from(cyrillic(` encoding="utf-8"`))],
  ["UTF-8 that the file calls something unheard of", "", Buffer.from(cyrillic(` encoding="x-none"`))],
])("%s", (_, charset, body) => {
  expect(readText(body, `text/xml${charset}`).title).toBe("Утро");
});

test("Latin that calls itself UTF-8 is read as what it is", () => {
  const text = rss("", "<title>Café</title>").replace(`version="1.0"`, `version="1.0" encoding="UTF-8"`);
  expect(readText(Buffer.from(text, "latin1")).title).toBe("Café");
});

test("nothing of a text acts, or cannot be kept", () => {
  const inside = `<guid>a&#0;b\u0007</guid><title>Bell\u0007 &#0;&amp;lt;b&gt; \u001b[31mred</title><description><![CDATA[<h1>Head</h1><style>p{}</style><iframe src="x">frame</iframe><p onclick="x()">One<br>two</p><ul><li>a</li><li>b</li></ul><!-- hidden --><img src=x onerror=alert(1)>]]></description>`;
  expect(readText(rss(item(inside))).items[0]).toMatchObject({
    externalId: expect.not.stringMatching(/\p{Cc}/u),
    title: expect.not.stringMatching(/\p{Cc}/u),
    description: "Head\n\nOne\ntwo\n\n- a\n- b",
  });
});

test("a text without tags keeps its lines and its signs", () => {
  const inside = `<guid>1</guid><description><![CDATA[3 < 4 and 5 > 4\nTom &amp; Jerry]]></description>`;
  expect(readText(rss(item(inside))).items[0]?.description).toBe("3 < 4 and 5 > 4\nTom & Jerry");
});

test("texts and ids end somewhere", () => {
  const inside = `<guid>${"g".repeat(5_000)}</guid><title>${"t".repeat(5_000)}</title><description>${"d".repeat(500_000)}</description><link>https://t.test/${"l".repeat(5_000)}</link>`;
  const [found] = readText(rss(item(inside))).items;
  expect(found).toMatchObject({ externalId: expect.stringMatching(/^sha256:\w{64}$/), pageUrl: null });
  expect([found?.title.length, found?.description.length]).toEqual([300, 10_000]);
});

test("only addresses of the web are taken", () => {
  const bad = `<item><guid>1</guid><enclosure url="file:///etc/passwd" type="audio/mpeg"/></item><item><guid>2</guid><enclosure url="javascript:alert(1)" type="audio/mpeg"/></item>`;
  const inside = `<guid isPermaLink="false">3</guid><link>javascript:alert(1)</link><itunes:image href="data:image/png;base64,x"/>`;
  const described = readText(rss(bad + item(inside)));
  expect(described.items).toMatchObject([{ externalId: "3", pageUrl: null, imageUrl: null }]);
  expect(described.withoutMedia).toBe(2);
});
