import { expect, test } from "vitest";
import { startFakeRecall } from "./recall.ts";
import type { FakeRecall } from "./recall.ts";

const order = {
  meeting_url: "https://meet.google.com/abc-defg-hij",
  bot_name: "Convene",
  metadata: { key: "k1" },
};

const client = (fake: FakeRecall) =>
  async function ask(path: string, body?: object, headers: Record<string, string> = {}) {
    const response = await fetch(`${fake.baseUrl}/api/v1/bot/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { authorization: `Token ${fake.apiKey}`, "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };

test("only its key is let in, and a bot is what `reference/bot_retrieve` shows", async () => {
  await using fake = await startFakeRecall();
  const ask = client(fake);
  expect((await ask("", order, { authorization: "Token another" })).status).toBe(401);
  const made = await ask("", order);
  expect(made).toMatchObject({
    status: 201,
    body: { metadata: { key: "k1" }, status_changes: [{ code: "ready", sub_code: null }], recordings: [] },
  });
  expect(await ask(`${String(made.body["id"])}/`)).toMatchObject({ status: 200, body: { id: made.body["id"] } });
  expect(await ask("unknown/")).toMatchObject({ status: 404, body: { detail: "Not found." } });
});

test("a creation's name is answered as it was before, a refusal too, and another name is another creation", async () => {
  await using fake = await startFakeRecall({ pool: 0 });
  const ask = client(fake);
  const named = (name: string) => ask("", order, { "idempotency-key": name });
  const empty = await named("a");
  expect([empty.status, empty.headers.get("retry-after")]).toEqual([507, "30"]);
  fake.workspace.pool = 5;
  expect((await named("a")).status).toBe(507);
  const made = await named("b");
  expect(made.status).toBe(201);
  expect((await named("b")).body["id"]).toBe(made.body["id"]);
  expect((await ask("", order)).body["id"]).not.toBe(made.body["id"]);
  expect(fake.bots).toHaveLength(2);
});

test("bots are listed by their metadata, page by page", async () => {
  await using fake = await startFakeRecall({ pageSize: 2 });
  const ask = client(fake);
  for (const key of ["k1", "k2", "k1", "k1"]) await ask("", { ...order, metadata: { key } });
  const first = await ask("?metadata__key=k1");
  expect(first.body["results"]).toHaveLength(2);
  const next = new URL(String(first.body["next"]));
  expect((await ask(next.search)).body).toMatchObject({ next: null, results: [{ metadata: { key: "k1" } }] });
});

test("orders are refused by field, and a workspace without credit takes none", async () => {
  await using fake = await startFakeRecall();
  const ask = client(fake);
  const refused = async (more: object) => (await ask("", { ...order, ...more })).body;
  expect(await refused({ meeting_url: "https://meet.jit.si/x" })).toHaveProperty("meeting_url");
  expect(await refused({ bot_name: "n".repeat(101) })).toHaveProperty("bot_name");
  expect(await refused({ metadata: { key: 7 } })).toHaveProperty("metadata");
  const message = "m".repeat(501);
  expect(await refused({ chat: { on_bot_join: { send_to: "everyone", message } } })).toHaveProperty("chat");
  fake.workspace.hasCredit = false;
  expect((await ask("", order)).status).toBe(402);
  expect(fake.bots).toHaveLength(0);
});

test("a bot goes some time after it was told to, and its files are there when it is done", async () => {
  await using fake = await startFakeRecall({ stepMs: 1 });
  const ask = client(fake);
  const id = String((await ask("", order)).body["id"]);
  const bot = fake.bot("k1");
  bot.join();
  bot.say("Ada", "Good morning", [0, 1]);
  expect((await ask(`${id}/leave_call/`, {})).status).toBe(200);
  await expect.poll(() => bot.state()).toBe("done");
  expect(await ask(`${id}/leave_call/`, {})).toMatchObject({
    status: 400,
    body: { code: "cannot_command_completed_bot" },
  });
  const [recording] = (await ask(`${id}/`)).body["recordings"] as {
    media_shortcuts: Record<string, { data: { download_url: string } } | null>;
  }[];
  const { audio_mixed: audio, transcript, video_mixed: video } = recording?.media_shortcuts ?? {};
  expect(video).toBeNull();
  expect((await fetch(audio?.data.download_url ?? "")).status).toBe(200);
  const said = await (await fetch(transcript?.data.download_url ?? "")).json();
  expect(said).toMatchObject([
    { participant: { name: "Ada" }, words: [{ text: "Good" }, { text: "morning", end_timestamp: { relative: 1 } }] },
  ]);
  fake.expireLinks();
  expect((await fetch(audio?.data.download_url ?? "")).status).toBe(403);
});
