import { expect, test } from "vitest";
import { keepChildren } from "#activities/clients/kept-children.ts";

const module = new URL("../fixtures/unruly-child.ts", import.meta.url);
const call = { deadlineMs: 30_000 };

test("a child serves one user after another, and goes when nobody has used it for a while", async () => {
  const children = keepChildren({ module, maxRssMb: 500, idleMs: 100 });
  const first = children.borrow();
  const meanwhile = children.borrow();
  expect(meanwhile.child.pid).not.toBe(first.child.pid);
  await meanwhile.child.close();
  await meanwhile.release();
  expect(await first.child.call("echo", 1, call)).toBe(1);
  await first.release();
  const second = children.borrow();
  expect(second.child.pid).toBe(first.child.pid);
  expect(await second.child.call("echo", 2, call)).toBe(2);
  await second.release();
  await expect.poll(() => second.child.isOpen()).toBe(false);
  const third = children.borrow();
  expect(third.child.pid).not.toBe(first.child.pid);
  await third.child.close();
});

test("an abort ends the child under its user's hands with the reason, and not under the next one's", async () => {
  const children = keepChildren({ module, maxRssMb: 500, idleMs: 60_000 });
  const abort = new AbortController();
  const first = children.borrow(abort.signal);
  await first.child.call("echo", 1, call);
  await first.release();
  const second = children.borrow();
  abort.abort(new Error("too late"));
  expect(second.child.pid).toBe(first.child.pid);
  expect(await second.child.call("echo", 2, call)).toBe(2);
  await second.release();
  const again = new AbortController();
  const third = children.borrow(again.signal);
  const hanging = third.child.call("hang", null, call);
  const reason = new Error("cancelled");
  again.abort(reason);
  await expect(hanging).rejects.toBe(reason);
  await third.release();
  expect(() => children.borrow(again.signal)).toThrow(reason);
  const fourth = children.borrow();
  expect(fourth.child.pid).not.toBe(third.child.pid);
  await fourth.child.close();
});

test("a child that has grown to half of what it may take does not come back", async () => {
  const children = keepChildren({ module, maxRssMb: 90, idleMs: 60_000 });
  const first = children.borrow();
  await first.child.call("echo", 1, call);
  await first.release();
  expect(first.child.isOpen()).toBe(false);
});
