import { data } from "react-router";
import type { z } from "zod";
import { isOwnPath } from "../http/origin.ts";

/** A form's fields checked by a schema: the values, or a sentence for each field that is wrong. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; problems: Record<string, string> };

/** The form that a request brings. What is none, or breaks off, is the sender's mistake. */
export async function formOf(request: Request): Promise<FormData> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^(multipart\/form-data|application\/x-www-form-urlencoded)\s*(;|$)/i.test(type)) {
    throw data("Send the fields as a form.", { status: 415 });
  }
  try {
    return await request.formData();
  } catch {
    throw data("The form ended early or could not be read.", { status: 400 });
  }
}

export const parseForm = <Schema extends z.ZodType>(schema: Schema, form: FormData): Parsed<z.infer<Schema>> =>
  parseFields(schema, Object.fromEntries(form));

/** As `parseForm`, for fields that are made of a form's, such as a list of its lines. */
export function parseFields<Schema extends z.ZodType>(schema: Schema, fields: object): Parsed<z.infer<Schema>> {
  const result = schema.safeParse(fields);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map((issue) => [String(issue.path[0] ?? "form"), issue.message] as const);
  return { ok: false, problems: Object.fromEntries(problems.toReversed()) };
}

/** As `parseForm`, for forms that only our own buttons send: anything else is answered 400. */
export function mustParse<Schema extends z.ZodType>(schema: Schema, form: FormData): z.infer<Schema> {
  const parsed = parseForm(schema, form);
  if (parsed.ok) return parsed.value;
  throw data(`The form was not understood: ${Object.values(parsed.problems).join(" ")}`, { status: 400 });
}

/** Only a path of this site may be gone on to, so that a link cannot send people elsewhere. */
export const safePath = (next: unknown, otherwise = "/"): string =>
  typeof next === "string" && isOwnPath(next) ? next : otherwise;

/** Why a form was not taken: a sentence for each field that is wrong, or one for the whole. */
export const refusal = (problems: Record<string, string>, message = "") => ({ problems, message });
