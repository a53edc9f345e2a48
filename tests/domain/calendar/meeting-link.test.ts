import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findMeeting } from "#domain/calendar/meeting-link.ts";
import { isKeepable } from "#domain/text.ts";
import { processorTime } from "#tests/setup/processor-time.ts";

const inDescription = (description: string, jitsiHosts?: string[]) =>
  findMeeting({ conferenceUrls: [], location: "", description }, jitsiHosts);
const room = (link: string) => inDescription(link)?.room ?? null;

const thread = "19:meeting_NjQ0ZTk1YWQtMWU5Yi00@thread.v2";
const teams = `https://teams.microsoft.com/l/meetup-join/${encodeURIComponent(thread)}/0?context=%7b%22Tid%22%3a%22t%22%7d`;
const webexKey = "m0123456789abcdef0123456789abcdef";

describe("each platform's links", () => {
  test.each([
    ["https://meet.google.com/abc-mnop-xyz", "google_meet", "abc-mnop-xyz"],
    ["http://meet.google.com/ABC-MNOP-XYZ?authuser=1&hs=122", "google_meet", "abc-mnop-xyz"],
    ["meet.google.com/abcmnopxyz", "google_meet", "abc-mnop-xyz"],
    ["https://meet.google.com/lookup/team.daily?authuser=0", "google_meet", "lookup/team.daily"],
    ["https://zoom.us/j/123456789", "zoom", "123456789"],
    ["https://us02web.zoom.us/j/12345678901?pwd=Zm9v.1#success", "zoom", "12345678901"],
    ["https://acme.zoom.com/w/98765432109?tk=abc", "zoom", "98765432109"],
    ["https://zoom.us/s/98765432109", "zoom", "98765432109"],
    ["https://app.zoom.us/wc/join/98765432109", "zoom", "98765432109"],
    ["https://acme.zoomgov.com/j/1612345678", "zoom", "gov/1612345678"],
    ["https://us06web.zoom.us/my/Pat.Example?pwd=x", "zoom", "my/pat.example"],
    ["https://acme.zoom.us/my/pat.example", "zoom", "my/acme/pat.example"],
    [teams, "teams", `${thread}/0`],
    [`https://teams.microsoft.com/l/meetup-join/${thread}/0`, "teams", `${thread}/0`],
    [`https://teams.microsoft.com/_#/l/meetup-join/${thread}/0`, "teams", `${thread}/0`],
    ["https://teams.microsoft.com/meet/234567890123?p=AbCd", "teams", "234567890123"],
    ["https://teams.live.com/meet/9312345678901?p=x", "teams", "live/9312345678901"],
    ["https://acme.webex.com/meet/Pat.Example", "webex", "acme/meet/pat.example"],
    ["https://acme.webex.com/join/pat.example", "webex", "acme/meet/pat.example"],
    [`https://acme.webex.com/acme/j.php?MTID=${webexKey.toUpperCase()}`, "webex", `acme/${webexKey}`],
    [
      `https://acme.webex.com/wbxmjs/joinservice/sites/acme/meeting/download/0123456789abcdef0123456789abcdef?siteurl=acme&MTID=${webexKey}`,
      "webex",
      `acme/${webexKey}`,
    ],
    ["https://meet.jit.si/ConveneDaily#config.startWithVideoMuted=true", "jitsi", "meet.jit.si/convenedaily"],
  ])("%s", (link, platform, expected) => {
    expect(inDescription(`Join here: ${link} now`)).toMatchObject({ platform, room: expected });
  });

  test("Zoom's password stays in the link that is opened and out of the room", () => {
    const meeting = inDescription("http://zoom.us/j/123456789?pwd=Secret.1");
    expect(meeting).toEqual({ platform: "zoom", room: "123456789", url: "https://zoom.us/j/123456789?pwd=Secret.1" });
  });

  test("a Jitsi of one's own is known by its host, with its port", () => {
    expect(inDescription("https://talk.example.org:8443/Daily", ["talk.example.org:8443"])?.room).toBe(
      "talk.example.org:8443/daily",
    );
    expect(inDescription("https://talk.example.org/Daily", ["talk.example.org:8443"])).toBeNull();
  });
});

test.each([
  "https://zoom.us.evil.example/j/123456789",
  "https://notzoom.us/j/123456789",
  "https://zoom.us@evil.example/j/123456789",
  "https://evil@zoom.us/j/123456789",
  "https://evil.example/?url=https%3A%2F%2Fzoom.us%2Fj%2F123456789",
  "https://evil.example/zoom.us/j/123456789",
  "https://meet.google.com.evil.example/abc-mnop-xyz",
  "https://evil-teams.microsoft.com/meet/234567890123",
  "https://webex.com.evil.example/meet/pat",
  "https://zoom.us:8443/j/123456789",
  "javascript://zoom.us/j/123456789",
])("a look-alike is no meeting: %s", (link) => expect(inDescription(link)).toBeNull());

test.each([
  "https://meet.google.com/landing",
  "https://meet.google.com/abc-mnop-xyzw",
  "https://zoom.us/u/abcdef",
  "https://zoom.us/meeting/register/abcdef",
  "https://zoom.us/j/12345678901234",
  "https://teams.microsoft.com/l/channel/19%3aabc%40thread.tacv2/General",
  "https://help.webex.com/article/nb",
  "https://meet.jit.si/",
  "https://meet.jit.si/static/dialInInfo.html?room=x",
  "https://acme.webex.com/acme/ldr.php?RCID=0123",
])("a platform's other page is no meeting: %s", (link) => expect(inDescription(link)).toBeNull());

test("messages of one Teams channel are rooms of their own, and threads that differ by case alone too", () => {
  const channel = "https://teams.microsoft.com/l/meetup-join/19%3aabc%40thread.tacv2";
  expect(room(`${channel}/1700000000001`)).not.toBe(room(`${channel}/1700000000002`));
  expect(room(`${channel}/1700000000001`)).not.toBe(room(`${channel.replace("abc", "aBc")}/1700000000001`));
});

describe("wrapped links", () => {
  const target = "https://us02web.zoom.us/j/12345678901?pwd=a1";
  const encoded = encodeURIComponent(target);
  const safe = `https://eur01.safelinks.protection.outlook.com/?url=${encoded}&data=05%7C02%7C&reserved=0`;
  test.each([
    safe,
    `https://eur01.safelinks.protection.outlook.com/ap/t-59584e83/?url=${encoded}&data=x`,
    `https://www.google.com/url?q=${encoded}&sa=D&source=calendar`,
    `https://www.google.com/url?sa=t&url=${encoded}`,
    `https://www.google.com/url?q=${encodeURIComponent(safe)}&sa=D`,
    "https://urldefense.proofpoint.com/v2/url?u=https-3A__us02web.zoom.us_j_12345678901-3Fpwd-3Da1&d=Dw&c=x",
    `https://urldefense.com/v3/__${target}__;!!abc!xyz$`,
    `https://urldefense.com/v3/__${target.replace("?", "*")}__;Pw!!abc!xyz$`,
    `https://linkprotect.cudasvc.com/url?a=${encoded}&c=E,1,x`,
  ])("%s", (link) => expect(inDescription(`<a href="${link.replaceAll("&", "&amp;")}">`)?.url).toBe(target));

  test("a wrapper around a look-alike is no meeting, and one around itself comes to an end", () => {
    expect(inDescription("https://www.google.com/url?q=https%3A%2F%2Fzoom.us.evil.example%2Fj%2F123456789")).toBeNull();
    let link = target;
    for (let layer = 0; layer < 8; layer += 1) link = `https://www.google.com/url?q=${encodeURIComponent(link)}`;
    expect(inDescription(link)).toBeNull();
  });

  test("the page that asks for the Teams app leads to its meeting", () => {
    const page = `https://teams.microsoft.com/dl/launcher/launcher.html?url=${encodeURIComponent(`/_#/l/meetup-join/${thread}/0?context=x`)}&type=meetup-join`;
    expect(room(page)).toBe(`${thread}/0`);
  });
});

describe("links within text", () => {
  test.each([
    "(https://zoom.us/j/123456789)",
    "Link:https://zoom.us/j/123456789.",
    "[join](https://zoom.us/j/123456789)",
    "**https://zoom.us/j/123456789**",
    "“https://zoom.us/j/123456789”",
    "参加：https://zoom.us/j/123456789。",
    "<p>https://zoom.us/j/123456789</p>",
    "&lt;https://zoom.us/j/123456789&gt;",
    "https://zoom.us/j/123456789&nbsp;or by phone",
    "https://example.com/agenda,https://zoom.us/j/123456789;https://example.com",
    "https://zoom.us/j/12345\r\n 6789",
    "Join Zoom Meeting\nhttps://zoom.us/j/123456789\n\nDial by your location",
  ])("%s", (text) => expect(room(text)).toBe("123456789"));

  test("a link between angle brackets goes over lines, and is whole", () => {
    const [head, tail] = [teams.slice(0, 60), teams.slice(60)];
    expect(inDescription(`Click here<${head}\r\n  ${tail}>`)?.url).toBe(teams);
  });
});

test("conference data goes before the location, the location before the description", () => {
  const texts = {
    conferenceUrls: ["tel:+1-555-0100", "https://meet.google.com/aaa-aaaa-aaa"],
    location: "https://zoom.us/j/222222222",
    description: "https://zoom.us/j/333333333",
  };
  expect(findMeeting(texts)?.room).toBe("aaa-aaaa-aaa");
  expect(findMeeting({ ...texts, conferenceUrls: [] })?.room).toBe("222222222");
  expect(findMeeting({ ...texts, conferenceUrls: [], location: "Room 4" })?.room).toBe("333333333");
});

test("a link behind a long description is found", () => {
  expect(room(`${"We talk about many things. ".repeat(2_000)}\nhttps://zoom.us/j/123456789`)).toBe("123456789");
});

test.each([
  ["schemes", "https://"],
  ["marks", "."],
  ["brackets", "<http:"],
  ["entities", "&amp;"],
  ["labels", "a."],
  ["hyphens", "https://a-"],
  ["percent signs", "https://zoom.us/%25"],
  ["stars", "https://urldefense.com/v3/__*"],
  ["folds", "\n "],
  ["halves of characters", "https://meet.jit.si/\ud800"],
])("hostile text of many %s takes no time", (_, piece) => {
  const used = processorTime();
  inDescription(piece.repeat(Math.ceil(100_000 / piece.length)));
  expect(used()).toBeLessThan(1_000);
});

test("any text at all is read, and gives a room that can be kept", () => {
  const pieces = fc.constantFrom("https://", "zoom.us/j/", "meet.jit.si/", "%", "&amp;", "__;", "\0", "/url?q=", "1");
  const texts = fc.array(fc.oneof(pieces, fc.string({ unit: "binary" }))).map((words) => words.join(""));
  expect(fc.check(fc.property(texts, (text) => isKeepable(inDescription(text)?.room ?? ""))).failed).toBe(false);
});
