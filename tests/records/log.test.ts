import { expect, test } from "vitest";
import { testDatabase } from "#tests/setup/database.ts";
import { createLog } from "#records/log.ts";

const canary = "Canary-7f3e2b";

function told(error: unknown) {
  const lines: string[] = [];
  const log = createLog({ name: "test", level: "trace" }, { write: (line) => void lines.push(line) });
  log.error({ err: error }, "failed");
  log.child({ at: 1 }).warn({ error }, "failed");
  return lines;
}

test("an error is logged by kind, words, code and origin, its causes too", () => {
  const cause = Object.assign(new TypeError("fetch failed"), { code: "ECONNREFUSED" });
  const error = Object.assign(new Error('duplicate key value violates "user_email_key"', { cause }), { status: 500 });
  for (const line of told(error)) {
    const { err, error } = JSON.parse(line);
    expect(err ?? error).toMatchObject({
      type: "Error",
      message: 'duplicate key value violates "user_email_key"',
      status: 500,
      stack: expect.stringContaining("log.test.ts"),
      cause: { type: "TypeError", message: "fetch failed", code: "ECONNREFUSED" },
    });
  }
});

test("nothing that hangs on an error and nothing that its words quote is logged", () => {
  const carrying = Object.assign(new Error(`Unexpected token 'C', "${canary}" is not valid JSON`), {
    body: canary,
    code: `no code: ${canary}`,
    config: { headers: { authorization: canary } },
    cause: { detail: `Key (email)=(${canary}) already exists.` },
    errors: [canary],
  });
  const addresses = new Error(`GET https://ann:${canary}@example.com/join/${canary}?token=${canary} failed`);
  const circular = new Error(`type uuid: "${canary}"`);
  circular.cause = new AggregateError([circular, canary], `invalid: '${canary}'`);
  for (const error of [carrying, addresses, circular, canary, { canary }, null]) {
    expect(told(error).join("")).not.toContain(canary);
  }
  expect(told(addresses)[0]).toContain("GET https://example.com/… failed");
});

test("the database's complaints are logged without the values that they are about", async () => {
  await using db = await testDatabase();
  const failures = await Promise.all([
    db.prisma.user.findMany({ where: { id: canary } }).catch((error: unknown) => error),
    db.prisma.user.findMany({ where: { id: { equals: [canary] } } as never }).catch((error: unknown) => error),
    db.prisma.user.create({ data: { [canary]: canary } as never }).catch((error: unknown) => error),
    db.prisma.$queryRaw`SELECT ${canary}::uuid`.catch((error: unknown) => error),
    db.pool.query("SELECT $1::int", [canary]).catch((error: unknown) => error),
    db.pool.query("INSERT INTO workspace (id, name) VALUES (gen_random_uuid(), $1)", [canary]).catch(() => null),
  ]);
  for (const failure of failures) expect(told(failure).join("")).not.toContain(canary);
  expect(failures.slice(0, 5).map((failure) => failure instanceof Error)).toEqual([true, true, true, true, true]);
});
