import { expect, test } from "vitest";
import { mergeSessions } from "#activities/clients/calls/stream/stream-sessions.ts";
import { setUpStream } from "./stream-setup.ts";

const at = (minute: number) => new Date(Date.UTC(2026, 10, 21, 10, minute));
const never = new AbortController().signal;

test("a call Stream has never heard of is null, one in which nobody was yet has no sessions", async () => {
  await using it = await setUpStream();
  expect(await it.calls.callState("m1", never)).toBeNull();
  it.call.create({ meetingId: "m1" });
  expect(await it.calls.callState("m1", never)).toEqual([]);
});

test("weak points 21, 25: the state tells when a session began and ended, by the provider's clock", async () => {
  await using it = await setUpStream();
  await it.call.start({ at: at(0), lost: true });
  const [id] = it.call.sessions.map((session) => session.id);
  expect(await it.calls.callState("m1", never)).toEqual([{ id, startedAt: at(0), endedAt: null }]);
  await it.call.end({ at: at(30), lost: true });
  expect(await it.calls.callState("m1", never)).toEqual([{ id, startedAt: at(0), endedAt: at(30) }]);
});

test("several sessions come the oldest first", async () => {
  await using it = await setUpStream();
  await it.call.start({ at: at(0) });
  await it.call.end({ at: at(5) });
  await it.call.start({ at: at(8) });
  const state = await it.calls.callState("m1", never);
  expect(state?.map(({ startedAt, endedAt }) => [startedAt, endedAt])).toEqual([
    [at(0), at(5)],
    [at(8), null],
  ]);
});

test("'end for all' ends the session, though its own end is not written yet", async () => {
  await using it = await setUpStream();
  await it.call.start({ at: at(0) });
  await it.call.endForAll({ at: at(9) });
  expect(await it.calls.callState("m1", never)).toMatchObject([{ endedAt: at(9) }]);
  const latest = { session: { id: "s", started_at: at(0), ended_at: undefined }, ended_at: at(9) };
  expect(mergeSessions(latest as never, [])).toEqual([{ id: "s", startedAt: at(0), endedAt: at(9) }]);
});

test("statistics that lag behind do not leave an earlier session open", () => {
  const stats = [{ call_session_id: "old", call_started_at: at(0), call_ended_at: null }];
  const call = { session: { id: "new", started_at: at(5), ended_at: null }, ended_at: null };
  expect(mergeSessions(call as never, stats as never)).toEqual([
    { id: "old", startedAt: at(0), endedAt: at(5) },
    { id: "new", startedAt: at(5), endedAt: null },
  ]);
});

test("without statistics the latest session is still known", async () => {
  await using it = await setUpStream();
  await it.call.start({ at: at(0) });
  await it.call.end({ at: at(5) });
  await it.call.start({ at: at(8) });
  // One request passes, the next meets the fault: the call is read first.
  it.fake.failNext("api", { kind: "status", status: 403 }, 1, "/api/v2/video/call_stats");
  expect(await it.calls.callState("m1", never)).toMatchObject([{ startedAt: at(8), endedAt: null }]);
  expect(it.logged).toMatchObject([{ level: 40, msg: "Stream told no earlier sessions of the call" }]);
});

test("what does not answer as Stream does is a failure, never 'no such call'", async () => {
  await using it = await setUpStream();
  await it.call.start();
  it.fake.failNext("api", { kind: "status", status: 404 });
  await expect(it.calls.callState("m1", never)).rejects.toMatchObject({ type: "provider_unavailable" });
  it.fake.failNext("api", { kind: "status", status: 500 });
  await expect(it.calls.callState("m1", never)).rejects.toMatchObject({ type: "provider_unavailable" });
  it.fake.failNext("api", { kind: "status", status: 401 });
  await expect(it.calls.callState("m1", never)).rejects.toMatchObject({ type: "key_refused", nonRetryable: true });
});

test("an abort ends the asking at once", async () => {
  await using it = await setUpStream();
  await it.call.start();
  const reason = new Error("called back");
  await expect(it.calls.callState("m1", AbortSignal.abort(reason))).rejects.toBe(reason);
  it.fake.failNext("api", { kind: "hang" });
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 100);
  await expect(it.calls.callState("m1", controller.signal)).rejects.toBe(reason);
});
