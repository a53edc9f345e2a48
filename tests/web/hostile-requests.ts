import { randomBytes } from "node:crypto";
import fc from "fast-check";
import { head, upgradeHeaders } from "./raw-http.ts";
import type { Ending } from "./raw-http.ts";

/** A request as bytes, and how its connection ends. */
export interface HostileRequest {
  kind: "plain" | "upgrade" | "multipart";
  parts: string[];
  ending: Ending;
}

interface Caller {
  host: string;
  origin: string;
  cookie: string;
  /** Gives a live token and the id of a conversation that it opens. */
  live: { token: string; meetingId: string };
}

type Header = readonly [string, string];

interface Body {
  framing: Header[];
  bytes: string;
}

const odd = [
  "//[", "http://[/", "//a:99999999/x", "*", "", "/", "?", "/%", "/%00", "/%ED%A0%80", "/..%2f..", "/\\", "/a b", "http://x/y",
  "https://u:p@h/", "/ws/meeting/", "/ws/practice/x", "/ws", "/socket.io/", "/socket.io/?EIO=4&transport=polling",
  "/socket.io/?EIO=4&transport=polling&sid=constructor", "/socket.io/?EIO=x&transport=websocket", "/api", "/api/", "/api/recordings",
  "/api/recordings?limit=x&cursor=%00", "/api/recordings/0190a5d0-0000-7000-8000-000000000000", "/api/auth/get-session",
  "/api/auth/sign-in/email", "/api/auth/%00", "/api/uploads", "/api/uploads/", "/api/uploads/x", "/api/webhook", "/api/webhook/attendee", "/api/webhook/recall", "/api/webhook/vexa", "/api/keys", "/healthz",
  "/readyz", "/sign-in", "/sign-in.data", "/sign-up?next=//x", "/meetings.data?_routes=x", "/recordings/new", "/assets/x.js", "/assets/%00",
  "/__manifest?p=%00", "/__manifest", "/invite/%F0%9F", "/join/x/y", "/theme", "/icon.svg", `/${"a".repeat(4000)}`, `/${"a/".repeat(2000)}`,
]; // prettier-ignore

const methods = "GET GET POST POST PUT PATCH DELETE HEAD OPTIONS TRACE CONNECT PROPFIND get FOO".split(" ");

const target = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...odd) },
  { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true }) },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...odd), fc.webQueryParameters()).map(([path, query]) => `${path}?${query}`),
  },
  // Bytes beyond ASCII and controls, as no client would send them.
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCodePoint(code)) })
      .map((text) => `/${text.replace(/[\r\n ]/g, "")}`),
  },
);

const hostOf = ({ host }: Caller) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant<Header[]>([["Host", host]]) },
    {
      weight: 2,
      arbitrary: fc.constantFrom<Header[]>(
        [], [["Host", ""]], [["Host", "["]], [["Host", "a b"]], [["Host", "x:99999999"]], [["Host", host], ["Host", "y"]], [["Host", "é"]],
        [["Host", host], ["X-Forwarded-Host", "[:::"]], [["Host", host], ["X-Forwarded-Proto", "javascript"]],
      ),
    },
  ); // prettier-ignore

const headers = (caller: Caller) =>
  fc.array(
    fc.constantFrom<Header>(
      ["Origin", caller.origin], ["Origin", "null"], ["Origin", "http://["], ["Cookie", caller.cookie], ["Cookie", `${caller.cookie}x`],
      ["Cookie", "=;;=%00; a=%E0%A4%A"], ["Authorization", "Bearer "], ["Authorization", "Bearer \u00ff"], ["Content-Type", "application/json"],
      ["Content-Type", "multipart/form-data"], ["Content-Type", "application/x-www-form-urlencoded; charset=x"], ["Content-Type", "\u00e9/x;;"],
      ["Content-Encoding", "gzip"], ["Content-Encoding", "x"], ["Expect", "100-continue"], ["Expect", "x"], ["Range", "bytes=-1-"],
      ["If-None-Match", "\""], ["If-Modified-Since", "x"], ["Accept", "*/*;q=x"], ["Accept-Encoding", "br, \u00ff"], ["Accept-Language", "\0"],
      ["Connection", "close"], ["Connection", "Upgrade"], ["Upgrade", "h2c"], ["Upgrade", "websocket"], ["X-Request-Id", "../../x"],
      ["Tus-Resumable", "1.0.0"], ["Tus-Resumable", "9"], ["Upload-Length", "10"], ["Upload-Length", "-1"], ["Upload-Length", "1e99"],
      ["Upload-Metadata", "filename \u00ff,,"], ["Upload-Offset", "x"], ["Upload-Concat", "partial"], ["Upload-Concat", "final;/x /y"],
      ["Upload-Defer-Length", "1"], ["X-HTTP-Method-Override", "PATCH"], ["X-Forwarded-For", "x, \u00ff"], ["X-Convene-Address", "1"],
      ["X-Signature", "0".repeat(64)], ["Sec-WebSocket-Key", "x"], ["Sec-Fetch-Site", "cross-site"], ["X-Long", "a".repeat(9_000)],
    ),
    { maxLength: 6 },
  ); // prettier-ignore

const text = fc.oneof(
  fc.constantFrom(
    "",
    "{}",
    "[]",
    "{",
    "null",
    '"\\ud800"',
    '{"email":"\\u0000","password":1}',
    '{"name":"\\ud800"}',
    "a=%00&b=%ED%A0%80",
  ),
  fc.json(),
  fc.string({ maxLength: 200 }),
  fc.integer({ min: 1, max: 300_000 }).map((length) => "x".repeat(length)),
);

/** A body with its framing: right, lying or broken. */
const body: fc.Arbitrary<Body> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Body>({ framing: [], bytes: "" }) },
  { weight: 4, arbitrary: text.map((bytes) => ({ framing: [["Content-Length", String(Buffer.byteLength(bytes))] as const], bytes })) },
  {
    weight: 3,
    arbitrary: text.map((bytes) => ({
      framing: [["Transfer-Encoding", "chunked"] as const],
      bytes: `${Buffer.byteLength(bytes).toString(16)}\r\n${bytes}\r\n0\r\n\r\n`,
    })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(
      fc.constantFrom<Header[]>(
        [["Content-Length", "-1"]], [["Content-Length", "99999999999999999999"]], [["Content-Length", "5"], ["Content-Length", "6"]],
        [["Content-Length", "1000000"]], [["Transfer-Encoding", "chunked"], ["Content-Length", "3"]], [["Transfer-Encoding", "x"]],
        [["Transfer-Encoding", "gzip, chunked"]],
      ),
      fc.constantFrom("", "abc", "zz\r\nabc", "ffffffffffffffff\r\na", "3\r\nabc\r\n0\r\nX: y\r\n\r\n", "3\r\nabcdef"),
    ).map(([framing, bytes]) => ({ framing, bytes })),
  },
); // prettier-ignore

const ending = fc.constantFrom<Ending>("wait", "wait", "reset", "half-close");

/** Cuts bytes at some point, so that a reset falls into their middle. */
const cut = (bytes: string, at: number) => [
  bytes.slice(0, Math.floor(bytes.length * at)),
  bytes.slice(Math.floor(bytes.length * at)),
];

const plain = (caller: Caller): fc.Arbitrary<HostileRequest> =>
  fc.tuple(fc.constantFrom(...methods), target, fc.constantFrom("HTTP/1.1", "HTTP/1.1", "HTTP/1.0", "HTTP/9"), hostOf(caller), headers(caller), body, fc.double({ min: 0, max: 1, noNaN: true }), ending)
    .map(([method, path, version, host, more, { framing, bytes }, at, end]) => ({
      kind: "plain",
      parts: cut(head(`${method} ${path} ${version}`, [...host, ...more, ...framing]) + bytes, at),
      ending: end,
    })); // prettier-ignore

const upgrade = (caller: Caller): fc.Arbitrary<HostileRequest> =>
  fc.tuple(
    fc.constantFrom(
      `/ws/meeting/${caller.live.meetingId}?token=${caller.live.token}`, `/ws/meeting/${caller.live.meetingId}?token=${caller.live.token}&after=0`,
      `/ws/meeting/${caller.live.meetingId}?token=x&after=-1`, "/ws/meeting/%00", `/ws/practice/${caller.live.meetingId}?ticket=x`,
      `/ws/practice/${caller.live.meetingId}/agent`, "/ws/practice/%", "/socket.io/?EIO=4&transport=websocket", "/nowhere",
    ),
    headers(caller),
    // Frames: masked and not, with lengths that lie, of types that do not exist.
    fc.ipV4(),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString("latin1")),
    ending,
  ).map(([path, more, address, frames, end]) => ({
    kind: "upgrade",
    parts: [head(`GET ${path} HTTP/1.1`, [...upgradeHeaders(caller.host), ["X-Forwarded-For", address], ...more.filter(([name]) => name === "Origin")]), frames],
    ending: end,
  })); // prettier-ignore

const multipart = (caller: Caller): fc.Arbitrary<HostileRequest> =>
  fc.tuple(
    fc.constantFrom("/api/recordings", "/api/recordings", "/sign-in", "/sign-in.data", "/agents/new", "/meetings/new", "/theme"),
    fc.array(
      fc.constantFrom(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\nRIFF\r\n", "--x\r\nContent-Disposition form-data; name=file\r\n\r\nabc\r\n",
        "--x\r\n: \r\n\r\n\r\n", "--x\r\n\0: \r\n\r\n", "--x\r\n\r\n\r\n", "--x\r\nContent-Disposition: form-data\r\n\r\n\r\n", "--x\r\n", "--", "\r\n", "--x--\r\n",
        "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n\0\ud800\r\n", "--x\r\nContent-Disposition: form-data; name=\"__proto__\"\r\n\r\nx\r\n",
        `--x\r\nContent-Disposition: form-data; name="${"n".repeat(20_000)}"\r\n\r\nx\r\n`,
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\\0\u00ff/..\"\r\nContent-Type: \u00ff\r\nContent-Transfer-Encoding: base64\r\n\r\n\u00ff\r\n",
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom("multipart/form-data; boundary=x", "multipart/form-data; boundary=x", "multipart/form-data; boundary=x", "multipart/form-data; boundary=", "multipart/form-data; boundary=\"", "multipart/mixed; boundary=x"),
    fc.constantFrom(0, 0, 0, 10),
    fc.double({ min: 0, max: 1, noNaN: true }),
    ending,
  ).map(([path, pieces, type, missing, at, end]) => {
    const bytes = pieces.join("");
    const framing: Header[] = [["Host", caller.host], ["Origin", caller.origin], ["Cookie", caller.cookie], ["Content-Type", type], ["Content-Length", String(Buffer.byteLength(bytes) + missing)]];
    return { kind: "multipart", parts: cut(head(`POST ${path} HTTP/1.1`, framing) + bytes, at), ending: end };
  }); // prettier-ignore

/** `count` requests, the same ones for the same seed: about a fifth each upgrades and forms. */
export const hostileRequests = (caller: Caller, { seed, count }: { seed: number; count: number }): HostileRequest[] =>
  fc.sample(
    fc.oneof(
      { weight: 6, arbitrary: plain(caller) },
      { weight: 2, arbitrary: upgrade(caller) },
      { weight: 2, arbitrary: multipart(caller) },
    ),
    { seed, numRuns: count },
  );

/** A seed for a run that nobody chose one for. */
export const anySeed = () => randomBytes(4).readInt32BE();
