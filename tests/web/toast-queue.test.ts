import { expect, test } from "vitest";
import { createToastQueue } from "#web/components/shell/toast-queue.ts";

const notice = (id: string) => ({ id, type: "run.completed", title: id, body: "", link: null });

test("B-50 notices are shown in their order, a few at a time, each when one before it is gone", () => {
  const shown: string[] = [];
  const gone = new Map<string, () => void>();
  const add = createToastQueue(({ id }, done) => {
    shown.push(id);
    gone.set(id, done);
  }, 2);
  for (const id of ["a", "b", "c", "d"]) add(notice(id));
  expect(shown).toEqual(["a", "b"]);
  gone.get("b")!();
  expect(shown).toEqual(["a", "b", "c"]);
  // Told twice that it is gone, which makes no room for two.
  gone.get("b")!();
  expect(shown).toEqual(["a", "b", "c"]);
  gone.get("a")!();
  gone.get("c")!();
  gone.get("d")!();
  add(notice("e"));
  expect(shown).toEqual(["a", "b", "c", "d", "e"]);
});
