import { readFileSync } from "node:fs";
import { z } from "zod";

const optional = z.string().min(1).optional();

/** Variables that web and worker read alike. */
export const databaseVariables = {
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/, error: "not an address such as postgres://user:password@host:5432/database" })
    .describe("Postgres connection string"),
};
const bytes = z.coerce.number().int().positive();
const GIBIBYTE = 1024 ** 3;

/** What is stored, whoever brings it: a person, or a channel's source. */
export const spaceVariables = {
  MAX_UPLOAD_BYTES: bytes.default(2 * GIBIBYTE).describe("Largest file taken, in bytes"),
  USER_QUOTA_BYTES: bytes.default(50 * GIBIBYTE).describe("Bytes of audio that one person may keep"),
};
export const s3Variables = {
  S3_BUCKET: optional.describe("Keeps audio in this S3 bucket instead of MEDIA_DIR"),
  S3_REGION: z.string().min(1).default("us-east-1").describe("Region of the S3 bucket"),
  S3_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe("Address of an S3-compatible server"),
  S3_ACCESS_KEY_ID: optional.describe("S3 access key; the AWS default chain where not set"),
  S3_SECRET_ACCESS_KEY: optional.describe("S3 secret key"),
};

/** One half alone would be ignored, and the other way be taken in silence. */
const pairs = [
  ["CONVENE_ADMIN_EMAIL", "CONVENE_ADMIN_PASSWORD"],
  ["S3_ACCESS_KEY_ID", "S3_SECRET_ACCESS_KEY"],
  ["TEMPORAL_TLS_CERT", "TEMPORAL_TLS_KEY"],
] as const;

/** Settings with which a process cannot start; its message has a line for each, and no value. */
class WrongSettings extends Error {
  override name = "WrongSettings";
}

/**
 * Reads a process's variables once. An empty one counts as not set, as in a compose file; any may come as a file's path
 * in `<NAME>_FILE`, as container secrets do. Throws `WrongSettings` with every problem at once.
 */
export function readSettings<Schema extends z.ZodObject>(
  schema: Schema,
  variables: NodeJS.ProcessEnv,
  process: "web" | "worker" | "temporal:prepare" | "db:migrate" | "password-link",
): z.infer<Schema> {
  const problems: string[] = [];
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ""));
  for (const name of Object.keys(schema.shape)) {
    const path = given[`${name}_FILE`];
    if (given[name] !== undefined || path === undefined) continue;
    try {
      given[name] = readFileSync(path, "utf8").trim();
    } catch {
      problems.push(`${name}_FILE: cannot be read`);
    }
  }
  for (const [one, other] of pairs) {
    if ((given[one] === undefined) !== (given[other] === undefined) && one in schema.shape) {
      problems.push(`${one} and ${other}: set both or neither`);
    }
  }
  const parsed = schema.safeParse(given);
  if (!parsed.success) {
    problems.push(
      ...parsed.error.issues.map(({ path, message }) => {
        const isMissing = path.length === 1 && given[String(path[0])] === undefined;
        return `${path.join(".")}: ${isMissing ? "is missing" : message}`;
      }),
    );
  }
  if (problems.length > 0 || !parsed.success) {
    throw new WrongSettings(
      [`The ${process} cannot start; its settings are wrong:`, ...problems.map((each) => `  ${each}`)].join("\n"),
    );
  }
  return parsed.data;
}
