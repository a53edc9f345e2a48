import { inflateRawSync } from "node:zlib";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import * as webvtt from "webvtt-parser";
import { exportFormats, renderExport } from "#web/export/export.ts";
import type { ExportFormat, ExportSource } from "#web/export/export.ts";
import { fileNameOf } from "#web/export/file-name.ts";

const source: ExportSource = {
  title: "Budget & plans",
  createdAt: "2026-11-27T09:30:00.000Z",
  recordedOn: "2026-11-21",
  durationSeconds: 3725,
  speakers: { SPEAKER_01: "Dana" },
  segments: [
    { id: "b", sequenceNumber: 2, speaker: "SPEAKER_02", text: "I'll send it by Friday.", start: 65.5, end: 68 },
    { id: "a", sequenceNumber: 1, speaker: "SPEAKER_01", text: "We decided to ship.", start: 1.2345, end: 4 },
  ],
  summary: {
    text: "They ship.",
    bullets: [
      { kind: "decision", text: "We decided to ship.", segmentIds: ["a"], supported: true },
      { kind: "point", text: "All are happy.", segmentIds: [], supported: false },
    ],
  },
  actionItems: [{ text: "Send it", owner: "Speaker 2", due: "2026-11-27", segmentIds: ["b"] }],
  notes: ["From 0:10 to 0:20 there is no transcript."],
};
const hostileText =
  'a --> b <script>alert(1)</script> & </v><i>x</i> {\\an8} ![x](https://evil.example) **bold** | `code` \n\n2\n00:00:00,000 --> 00:00:09,000\nforged\u0000\u202E"\uD800';
const hostile: ExportSource = {
  ...source,
  title: `${hostileText}\r\nSet-Cookie: a=b`,
  speakers: { SPEAKER_01: hostileText },
  segments: [{ id: "a", sequenceNumber: 1, speaker: "SPEAKER_01", text: hostileText, start: 0, end: 9 }],
  summary: { text: hostileText, bullets: [{ kind: "point", text: hostileText, segmentIds: ["a"], supported: true }] },
  actionItems: [{ text: hostileText, owner: hostileText, due: null, segmentIds: ["a"] }],
};
const bodyOf = async (format: ExportFormat, from: ExportSource) => {
  const { body } = await renderExport(format, from);
  return typeof body === "string" ? body : documentXml(body);
};

/** `word/document.xml` of a .docx, found by the zip's own directory. */
function documentXml(bytes: Uint8Array): string {
  const zip = Buffer.from(bytes);
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from("PK\x05\x06")) + 16);
  while (zip.readUInt32LE(at) === 0x02014b50) {
    const [size, nameLength, extra, comment] = [20, 28, 30, 32].map((offset) =>
      offset === 20 ? zip.readUInt32LE(at + offset) : zip.readUInt16LE(at + offset),
    ) as [number, number, number, number];
    if (zip.toString("utf8", at + 46, at + 46 + nameLength) === "word/document.xml") {
      const local = zip.readUInt32LE(at + 42);
      const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
      return inflateRawSync(zip.subarray(start, start + size)).toString("utf8");
    }
    at += 46 + nameLength + extra + comment;
  }
  throw new Error("The zip holds no word/document.xml");
}

const parseVtt = (text: string) => new webvtt.WebVTTParser().parse(text, "subtitles");

/** The words of a parsed cue, its voice aside. */
const wordsOf = (node: webvtt.CueNode): string =>
  node.type === "text" ? (node.value ?? "") : (node.children ?? []).map(wordsOf).join("");

function parseSrt(text: string) {
  return text
    .trimEnd()
    .split(/\n\n/)
    .map((block) => {
      const [index, times = "", ...words] = block.split("\n");
      const [start, end] = times.split(" --> ").map((time) => {
        const [hours, minutes, seconds] = time.replace(",", ".").split(":").map(Number);
        return (hours ?? Number.NaN) * 3600 + (minutes ?? Number.NaN) * 60 + (seconds ?? Number.NaN);
      });
      return { index: Number(index), start, end, words };
    });
}

test("where a call was not heard, documents say so between the words, and subtitles stay empty", async () => {
  const away: ExportSource = { ...source, absences: [{ start: 10, end: 24, reason: "lost" }] };
  const words = "Not heard for 14 s: the connection was lost";
  for (const format of ["md", "txt", "docx"] as const) {
    const body = await bodyOf(format, away);
    const transcript = body.slice(body.search(/Transcript|TRANSCRIPT/));
    const order = ["We decided to ship.", words, "send it by Friday."].map((each) => transcript.indexOf(each));
    expect([format, order.includes(-1), order]).toEqual([format, false, order.toSorted((a, b) => a - b)]);
  }
  expect(await bodyOf("srt", away)).toBe(await bodyOf("srt", source));
  expect(JSON.parse(await bodyOf("json", away))).toMatchObject({ absences: away.absences });
});

test("Markdown shows facts, summary, tasks with owner and due date, and the transcript in order of time", async () => {
  expect(await bodyOf("md", source)).toBe(`# Budget &amp; plans

- Recorded: 2026-11-21
- Length: 1:02:05
- Speakers: Dana, Speaker 2

## Summary

They ship.

### Key points

- All are happy. (not supported by the transcript)

### Decisions

- We decided to ship. (0:01)

## Action items

- [ ] Send it — **Speaker 2**, due 2026-11-27 (1:05)

## Notes

- From 0:10 to 0:20 there is no transcript.

## Transcript

**Dana** 0:01\\
We decided to ship.

**Speaker 2** 1:05\\
I'll send it by Friday.
`);
});

test("plain text shows the same", async () => {
  const text = await bodyOf("txt", source);
  expect(text).toContain("Budget & plans\nRecorded: 2026-11-21\nLength: 1:02:05\nSpeakers: Dana, Speaker 2\n");
  expect(text).toContain("DECISIONS\n- We decided to ship. (0:01)\n");
  expect(text).toContain("- Send it [Speaker 2, due 2026-11-27] (1:05)");
  expect(text.endsWith("[0:01] Dana: We decided to ship.\n[1:05] Speaker 2: I'll send it by Friday.\n")).toBe(true);
});

test("JSON is the source itself", async () => {
  expect(JSON.parse(await bodyOf("json", source))).toEqual(source);
});

test("Word documents hold the same words", async () => {
  const xml = await bodyOf("docx", source);
  for (const words of [
    "Budget &amp; plans",
    "They ship.",
    "We decided to ship.",
    " — Speaker 2, due 2026-11-27",
    "Dana",
  ])
    expect(xml).toContain(words);
});

test("WebVTT has one voice a cue and is taken without an error", async () => {
  const text = await bodyOf("vtt", source);
  expect(text).toBe(
    "WEBVTT\n\n00:00:01.235 --> 00:00:04.000\n<v Dana>We decided to ship.\n\n00:01:05.500 --> 00:01:08.000\n<v Speaker 2>I'll send it by Friday.\n",
  );
  expect(parseVtt(text).errors).toEqual([]);
});

test("a subtitle longer than two lines of a screen is cut, and its pieces share the time", async () => {
  const words = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
  const segments = [{ id: "a", sequenceNumber: 1, speaker: "SPEAKER_01", text: words, start: 10, end: 40 }];
  const cues = parseSrt(await bodyOf("srt", { ...source, segments }));
  expect(cues.length).toBeGreaterThan(3);
  expect(cues[0]?.start).toBe(10);
  expect(cues.at(-1)?.end).toBe(40);
  expect(cues.map((cue) => cue.words.join(" ").replace("Dana: ", "")).join(" ")).toBe(words);
});

test("of two who talk at the same time, cues come in order of time", async () => {
  const long = Array.from({ length: 60 }, (_, index) => `word${index}`).join(" ");
  const segments = [
    { id: "a", sequenceNumber: 1, speaker: "SPEAKER_01", text: long, start: 0, end: 30 },
    { id: "b", sequenceNumber: 2, speaker: "SPEAKER_02", text: "Wait a moment!", start: 5, end: 7 },
  ];
  const { cues, errors } = parseVtt(await bodyOf("vtt", { ...source, segments }));
  expect(errors).toEqual([]);
  const starts = cues.map(({ startTime }) => startTime);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
});

test("whatever people say, subtitles keep their cues and their words", async () => {
  const word = fc.oneof(
    fc.string({ unit: "binary", maxLength: 12 }),
    fc.constantFrom(
      "-->",
      "<v Eve>",
      "</v>",
      "&lt;",
      "&amp;",
      "<00:01.000>",
      "\n\n",
      "NOTE",
      "WEBVTT",
      "{\\an8}",
      "<b>",
    ),
  );
  const segment = fc.record({
    text: fc.array(word, { minLength: 1, maxLength: 40 }).map((words) => `said ${words.join(" ")}`),
    start: fc.double({ min: 0, max: 40_000, noNaN: true }),
    length: fc.double({ min: 0, max: 60, noNaN: true }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(segment, { minLength: 1, maxLength: 5 }), word, async (segments, name) => {
      const from: ExportSource = {
        ...source,
        speakers: { SPEAKER_01: name },
        segments: segments.map(({ text, start, length }, index) => ({
          id: `s${index}`,
          sequenceNumber: index,
          speaker: "SPEAKER_01",
          text,
          start,
          end: start + length,
        })),
      };
      const srt = parseSrt(await bodyOf("srt", from));
      const vtt = parseVtt(await bodyOf("vtt", from));
      expect(vtt.errors).toEqual([]);
      expect(vtt.cues).toHaveLength(srt.length);
      srt.forEach(({ index, start, end, words }, place) => {
        expect(index).toBe(place + 1);
        expect(words).toHaveLength(1);
        expect(end).toBeGreaterThan(start ?? Number.NaN);
        expect(vtt.cues[place]?.startTime).toBeCloseTo(start ?? Number.NaN, 3);
      });
      const said = vtt.cues.map(({ tree }) => wordsOf(tree)).join(" ");
      for (const { text } of segments) expect(said).toContain(text.split(/\s/)[0]);
      for (const { tree } of vtt.cues) expect(tree.children?.map(({ name }) => name)).toEqual(["v"]);
    }),
    { numRuns: 150 },
  );
});

test.for<[ExportFormat, RegExp]>([
  ["md", /(?<!\\)<|(?<!\\)!\[|(?<!\\)`|\n2\n/],
  ["txt", /\n2\n|\nforged/],
  ["srt", /<script|\{\\|\nforged|00:00:09,000\nforged/],
  ["vtt", /<script|<i>|\nforged/],
  ["docx", /<script>|<i>/],
])("hostile words stay words in %s", async ([format, forbidden]) => {
  const body = await bodyOf(format, hostile);
  expect(body).toContain("forged");
  expect(body).not.toMatch(forbidden);
  expect(body).not.toMatch(/(?!\n)\p{Cc}|\u202E/u);
  expect(body.isWellFormed()).toBe(true);
});

test.for(exportFormats)("a conversation without a word or a summary is a file too: %s", async (format) => {
  const empty: ExportSource = {
    ...source,
    segments: [],
    summary: null,
    actionItems: [],
    notes: [],
    durationSeconds: null,
  };
  const { contentType, fileName } = await renderExport(format, empty);
  expect(contentType).toMatch(/^[\w.+-]+\/[\w.+-]+/);
  expect(fileName).toBe(`Budget & plans.${format}`);
});

test.for([
  ["Budget & plans", "Budget & plans.md"],
  ["../../etc/passwd", "etc passwd.md"],
  ["a\r\nSet-Cookie: b=c", "a Set-Cookie b=c.md"],
  ["\u202Egnp.exe", "gnp.exe.md"],
  ["CON", "_CON.md"],
  ["nul.txt", "_nul.txt.md"],
  ["   ", "conversation.md"],
  ["...", "conversation.md"],
  ["פגישת תקציב", "פגישת תקציב.md"],
  ["👩‍👩‍👧 plans", "👩‍👩‍👧 plans.md"],
  ["\uD800", "conversation.md"],
])("%j becomes the file name %j", ([title = "", name]) => {
  expect(fileNameOf(title, "md")).toBe(name);
});

test("any title gives a file name of at most 190 bytes and a header that sets nothing else", async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 400 }), async (title) => {
      const { fileName, contentDisposition } = await renderExport("txt", { ...source, title, segments: [] });
      expect(Buffer.byteLength(fileName)).toBeLessThanOrEqual(190);
      expect(fileName).not.toMatch(/[\p{Cc}\\/:*?"<>|]|^\./u);
      expect(new Headers({ "content-disposition": contentDisposition }).get("content-disposition")).toBe(
        contentDisposition,
      );
      expect(contentDisposition).toMatch(/^attachment; filename="[^"\\]*"; filename\*=UTF-8''[\w!#$&+.^`|~%-]*$/);
      expect(decodeURIComponent(contentDisposition.split("''")[1] ?? "")).toBe(fileName);
    }),
  );
});
