import { data } from "react-router";
import { z } from "zod";
import { policyOf } from "#domain/calendar/policy.ts";
import { createCalendar, deleteCalendar, requestSync } from "#records/calendars/calendars.ts";
import { changeCalendar } from "#records/calendars/changes.ts";
import type { WebDeps } from "../deps.ts";
import { mustParse } from "../pages/forms.ts";
import { parseChangeForm, parseConnectForm, parseReplaceForm } from "./connection-form.ts";
import { bytesOf, draftOf, tooManyCalendars } from "./draft.ts";
import { writableWorkspace } from "./writable-workspace.ts";

interface Asked {
  deps: WebDeps;
  userId: string;
  form: FormData;
}

/** What came of a form: which one, and what is wrong with its fields or what was done. */
export interface ConnectionAnswer {
  intent: Intent;
  /** Null for a new calendar. */
  id: string | null;
  problems: Record<string, string>;
  done: string | null;
}

const intents = ["connect", "sync", "include", "change", "replace", "disconnect"] as const;
type Intent = (typeof intents)[number];
const Fields = z.object({ intent: z.enum(intents), id: z.uuid().nullable().default(null) });

const unknown = () => data("There is no such calendar, or it is not yours.", { status: 404 });

export async function actOnCalendars(asked: Asked) {
  const { intent, id } = mustParse(Fields, asked.form);
  const done = (words: string) => data<ConnectionAnswer>({ intent, id, problems: {}, done: words });
  const refused = (problems: Record<string, string>, status = 400) =>
    data<ConnectionAnswer>({ intent, id, problems, done: null }, { status });
  if (intent === "connect") return connect(asked, { done, refused });
  if (id === null) throw unknown();
  const { prisma, env } = asked.deps;
  const change = async (fields: Parameters<typeof changeCalendar>[3], words: string) => {
    if (!(await changeCalendar(asked.deps, asked.userId, id, fields, policyOf(env)))) throw unknown();
    return done(words);
  };
  switch (intent) {
    case "sync":
      if (!(await requestSync(prisma, asked.userId, id))) throw unknown();
      return done("It is being read.");
    case "include": {
      const included = asked.form.get("included") === "true";
      return change({ included }, included ? "Your rules look at it again." : "Your rules leave it out.");
    }
    case "change": {
      const parsed = parseChangeForm(asked.form);
      return parsed.ok ? change(parsed.value, "Saved.") : refused(parsed.problems);
    }
    case "replace": {
      const parsed = await parseReplaceForm(asked.form);
      if (!parsed.ok) return refused(parsed.problems);
      const { url, content } = parsed.value;
      return change(
        content === undefined ? { url: url ?? null } : { content: bytesOf(content) },
        "Replaced. It is being read.",
      );
    }
    case "disconnect":
      if (!(await deleteCalendar(prisma, asked.userId, id))) throw unknown();
      return done("Disconnected.");
    default:
      return intent satisfies never;
  }
}

interface Answers {
  done: (words: string) => ReturnType<typeof data<ConnectionAnswer>>;
  refused: (problems: Record<string, string>, status?: number) => ReturnType<typeof data<ConnectionAnswer>>;
}

async function connect({ deps, userId, form }: Asked, { done, refused }: Answers) {
  const parsed = await parseConnectForm(form);
  if (!parsed.ok) return refused(parsed.problems);
  const workspaceId = await writableWorkspace(deps, userId, parsed.value.workspaceId);
  const id = await createCalendar(deps, { ...draftOf(parsed.value), userId, workspaceId });
  return id === null
    ? refused({ form: tooManyCalendars }, 409)
    : done("Connected. Its events are here once it has been read.");
}
