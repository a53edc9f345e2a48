import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { usedEvents } from "#domain/call-webhook.ts";
import { saveCallOffer } from "#records/meetings/call-offer.ts";
import { newDashboard } from "#tests/fakes/stream-api.ts";
import { startFakeStream, streamEvents } from "#tests/fakes/stream.ts";
import { unreachableBecause } from "#web/calls/reachable.ts";
import { startCalendarPages } from "./calendar/calendar-web.ts";
import { freePort } from "./free-port.ts";
import type { TestPerson } from "./server.ts";

const stream = await startFakeStream();
const port = await freePort();
const address = `http://127.0.0.1:${port}/api/webhook`;
let pages: Awaited<ReturnType<typeof startCalendarPages>>;
let admin: TestPerson;

beforeAll(async () => {
  pages = await startCalendarPages({
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    STREAM_API_KEY: stream.apiKey,
    STREAM_API_SECRET: stream.apiSecret,
    STREAM_BASE_URL: stream.baseUrl,
  });
  admin = await pages.signUp();
});
beforeEach(() => void Object.assign(stream.dashboard, newDashboard()));
afterAll(async () => {
  await pages[Symbol.asyncDispose]();
  await stream.close();
});

/** The lines of the self-test: what a reader sees of each, by its part. */
async function selfTest(person = admin, at = pages): Promise<Record<string, string>> {
  const answer = await at.act("/stream", {}, person);
  expect(answer.status).toBe(200);
  const page = (await answer.text()).replaceAll(/<script.*?<\/script>|<!-- -->|<svg.*?<\/svg>/gs, "");
  const lines = [...page.matchAll(/<dt[^>]*>([^<]+)<span[^>]*>([^<]*)<\/span><\/dt><dd[^>]*>(.*?)<\/dd>/gs)];
  return Object.fromEntries(
    lines.map(([, part, state, text]) => [part, `${state}: ${text?.replaceAll(/<[^>]+>/g, " ").trim()}`]),
  );
}

test("the page says what to enter at Stream, and is for administrators alone", async () => {
  const page = await pages.html("/stream", admin);
  expect(page).toContain(`value="${address}"`);
  for (const event of usedEvents) expect(page).toContain(`>${event}<`);
  expect(page).toContain("none has come yet");
  const member = await pages.signUp();
  expect((await pages.get("/stream", member)).status).toBe(404);
  expect((await pages.act("/stream", {}, member)).status).toBe(404);
});

test("without keys it says that nothing is configured, and asks nobody", async () => {
  await using bare = await startCalendarPages();
  const ada = await bare.signUp();
  expect(await bare.html("/stream", ada)).toContain("Not configured");
  const asked = stream.requests.length;
  const found = await selfTest(ada, bare);
  expect(found["Keys"]).toMatch(/^problem: Not configured: STREAM_API_KEY and STREAM_API_SECRET not set/);
  expect(found["Agent"]).toMatch(/^problem: No worker has started yet/);
  expect(stream.requests).toHaveLength(asked);
});

test("each line tells what is wrong at Stream, with the way out, and is ok once it is mended", async () => {
  await saveCallOffer(pages.prisma, { hasStream: true, hasOpenAi: false });
  const before = await selfTest();
  expect(before["Keys"]).toMatch(/^ok: /);
  expect(before["Webhook"]).toMatch(new RegExp(`^problem: Stream sends no webhooks\\. +Enter ${address}`));
  expect(before["Public address"]).toMatch(/^problem: .*address of this machine.* tunnel/s);
  expect(before["Agent"]).toMatch(/^problem: The worker has no OpenAI key.*OPENAI_API_KEY/s);

  stream.dashboard.callType = { isBackstage: true, userMay: ["join-call", "send-audio", "send-video"] };
  stream.dashboard.webhookUrl = "https://elsewhere.example.com/hook";
  const half = await selfTest();
  expect(half["Call type"]).toMatch(/^problem: .*backstage/);
  expect(half["Role"]).toMatch(/^problem: .*may not create-call\./);
  expect(half["Webhook"]).toMatch(/^problem: .*elsewhere: https:\/\/elsewhere\.example\.com\/hook/);

  stream.dashboard.callType.userMay.push("create-call", "end-call");
  stream.dashboard.hooks = [
    { hook_type: "webhook", enabled: true, webhook_url: address, event_types: usedEvents.slice(1) },
  ];
  expect((await selfTest())["Role"]).toMatch(/^problem: .*a guest too/);
  expect((await selfTest())["Webhook"]).toMatch(new RegExp(`^problem: Stream does not send ${usedEvents[0]}\\.`));

  Object.assign(stream.dashboard, newDashboard(), { webhookUrl: address });
  await saveCallOffer(pages.prisma, { hasStream: true, hasOpenAi: true });
  const after = await selfTest();
  for (const part of ["Keys", "Call type", "Role", "Webhook", "Agent"]) expect(after[part]).toMatch(/^ok: /);

  stream.dashboard.callType = null;
  expect((await selfTest())["Call type"]).toMatch(/^problem: There is no call type/);
});

test("keys that Stream refuses, and a Stream that is away, are told apart", async () => {
  stream.failNext("api", { kind: "status", status: 401 }, 2);
  expect((await selfTest())["Keys"]).toMatch(/^problem: Stream refused them .*dashboard/s);
  stream.mend();
  stream.failNext("api", { kind: "reset" }, 10);
  expect((await selfTest())["Keys"]).toMatch(/^problem: Stream could not be asked .*STREAM_BASE_URL/s);
  stream.mend();
});

test("the newest delivery is seen, with whether its signature was good", async () => {
  expect((await selfTest())["Deliveries"]).toMatch(/^not known yet: None has come yet/);
  const hook = stream.webhook(address);
  const unused = streamEvents.callEnded({ meetingId: crypto.randomUUID(), sessionId: "s", at: new Date() });
  await hook.send(unused, { secret: "another secret" });
  await expect.poll(async () => (await selfTest())["Deliveries"]).toMatch(/^problem: .*not signed/);
  await hook.send(unused);
  await expect.poll(async () => (await selfTest())["Deliveries"]).toMatch(/^ok: .*signed as it should be/);
  const page = await pages.html("/stream", admin);
  expect(page).toMatch(/Signature good<\/dt><dd><time.*?<\/time>, kept/);
  expect(page).toMatch(/Signature wrong<\/dt><dd><time/);
  const started = streamEvents.sessionStarted({ meetingId: crypto.randomUUID(), sessionId: "s", at: new Date() });
  await hook.send(started);
  await expect.poll(async () => (await selfTest())["Deliveries"]).toMatch(/^problem: .*not taken: Meeting not found/);
});

test.each([
  ["https://meet.example.org", /^$/],
  ["https://8.8.8.8", /^$/],
  ["http://meet.example.org", /https/],
  ["https://localhost:3000", /this machine/],
  ["https://convene", /this machine/],
  ["https://laptop.local", /this machine/],
  ["https://192.168.1.5", /this machine/],
  ["https://[::1]:3000", /this machine/],
  ["https://[fe80::1]", /this machine/],
])("whether %s looks reachable from outside", (publicUrl, reason) => {
  expect(unreachableBecause(publicUrl) ?? "").toMatch(reason);
});
