import type { PrismaClient } from "#records/db.ts";

/** Texts that have broken programs, by name. */
export const hostileTexts: Record<string, string> = {
  NUL: "a\0b",
  "nothing but NUL": "\0",
  "the first half of a surrogate pair": "a\ud800b",
  "the second half": "\udc00",
  ESC: "\u001b[31mred",
  "C1 controls": "a\u009bb\u0085c",
  "line ends of all kinds": "a\r\nb\rc\n\u2028d\te",
  "a megabyte": "x".repeat(1_000_000),
  "turned direction": "\u202Egnp.exe",
  emoji: "👩‍👩‍👧",
  "combining marks": `Z${"\u0351\u036b".repeat(50)}`,
  "a name of every object": "__proto__",
  "another one": "constructor",
  "SQL and LIKE": "' OR 1=1 -- %_\\",
  "a percent sign": "%ED%A0%80%",
  empty: "",
  number: "1e999",
};

const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;

/** As JSON, to be put in the place of any value. */
export const hostileJson: Record<string, string> = {
  ...Object.fromEntries(Object.entries(hostileTexts).map(([name, text]) => [name, JSON.stringify(text)])),
  "a number": "7",
  "a number without end": "1e999",
  "a list": '["a\\u0000", "\\ud800"]',
  "an object": '{"__proto__": {"a\\u0000": "\\ud800"}, "text": "\\u001b", "sessions": 1}',
  "deep lists": nested(20_000),
  "the value true": "true",
  null: "null",
};

/** Bodies that are no good JSON object. */
export const hostileBodies: Record<string, string> = {
  nothing: "",
  "half of an object": '{"name": "a',
  text: '"a\\u0000"',
  null: "null",
  "a list": "[1]",
  "deep lists": nested(20_000),
  "a prototype": '{"__proto__": {"name": "x"}, "constructor": 1}',
  "a megabyte": JSON.stringify({ name: "x".repeat(1_000_000) }),
};

/** Spelt for addresses. */
export const hostileEscapes = [
  "%00",
  "a%00b",
  "%ED%A0%80",
  "%C2%85",
  "%1B%5B31m",
  "%",
  "%E0%A4%A",
  "..%2f..%2f",
  "%5C",
  "%F0%9F%91%A9",
  "1e999",
  "9007199254740991",
  "x".repeat(5_000),
  "__proto__",
];

/** Where any row of the database holds a control character or half a character; `table.column: text`. */
export async function uncleanText(prisma: PrismaClient): Promise<string[]> {
  const tables = await prisma.$queryRaw<{ name: string }[]>`
    SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'`;
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await prisma.$queryRawUnsafe<{ row: Record<string, unknown> }[]>(
      `SELECT to_jsonb(t) AS row FROM "${name}" t`,
    );
    for (const { row } of rows) {
      for (const [column, value] of Object.entries(row)) {
        for (const text of textsIn(value)) {
          const isClean = text.isWellFormed() && !/(?![\t\n])\p{Cc}/u.test(text);
          if (!isClean) found.push(`${name}.${column}: ${JSON.stringify(text.slice(0, 100))}`);
        }
      }
    }
  }
  return found;
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [name, ...textsIn(each)]);
}
