import { APIError } from "better-auth/api";
import { z } from "zod";
import { personName } from "#domain/inputs/account.ts";
import { isKeepable } from "#domain/text.ts";
import { isOwnPath } from "../http/origin.ts";

/** What better-auth takes as it comes, and pages and lists show. */
const Profile = z.object({
  name: personName().optional(),
  image: z
    .url({ protocol: /^https$/, normalize: true, error: "This must be an https address, or none." })
    .max(2_000)
    .nullish(),
});

const invalid = (message: string) => new APIError("BAD_REQUEST", { code: "invalid_request", message });

/** A body parsed by our own rules; 400 in words where it breaks them. */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw invalid(`${issue?.path.join(".") || "The request"}: ${issue?.message ?? "not valid"}`);
}

/** A body with its name and image as our own doors take them: cleaned, of the same length, and https or none. */
export const withCleanProfile = (body: unknown) => ({ ...Object(body), ...parseBody(Profile, body) });

/** Where better-auth would lead a browser afterwards: nowhere else. */
const redirects = /URL$|^redirectTo$/;

/**
 * Addresses, tokens and ids with characters that nothing here can have: better-auth would ask the database for them,
 * which refuses them as a failure. Names are cleaned instead, and passwords are hashed, whatever they hold.
 */
export function refuseUnkeepable({ body, query, params }: { body?: unknown; query?: unknown; params?: unknown }): void {
  for (const values of [body, query, params]) {
    for (const [field, value] of Object.entries(Object(values))) {
      if (typeof value !== "string" || field === "name" || /password/i.test(field)) continue;
      if (!isKeepable(value)) throw invalid(`${field}: This must hold no control characters.`);
      if (redirects.test(field) && !isOwnPath(value)) throw invalid(`${field}: This must be a path of this server.`);
    }
  }
}
