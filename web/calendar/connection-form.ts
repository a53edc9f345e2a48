import { textOf } from "../components/ui/form-text.ts";
import { parseFields } from "../pages/forms.ts";
import { CalendarChange, largestCalendar, NewCalendar } from "#domain/inputs/calendar.ts";

/** Most bytes of the connections' forms: a calendar, and what stands around it. */
export const largestCalendarForm = largestCalendar + 100_000;

const listOf = (text: string | null) => (text ?? "").split(/[\s,;]+/).filter(Boolean);

async function contentOf(form: FormData): Promise<string> {
  const value = form.get("content");
  return value instanceof File ? value.text() : (value ?? "");
}

/** A new calendar: by its address, or by a file. */
export async function parseConnectForm(form: FormData) {
  const kind = textOf(form, "kind");
  return parseFields(NewCalendar, {
    kind,
    name: textOf(form, "name") ?? "",
    addresses: listOf(textOf(form, "addresses")),
    workspaceId: textOf(form, "workspaceId") || undefined,
    ...(kind === "file" ? { content: await contentOf(form) } : { url: textOf(form, "url") ?? "" }),
  });
}

/** What people say of a calendar that is there: its name and their addresses in it. */
export const parseChangeForm = (form: FormData) =>
  parseFields(CalendarChange.pick({ name: true, addresses: true }).required(), {
    name: textOf(form, "name") ?? "",
    addresses: listOf(textOf(form, "addresses")),
  });

/** Another address or file in place of a calendar's own. */
export const parseReplaceForm = async (form: FormData) =>
  parseFields(
    CalendarChange.pick({ url: true, content: true }),
    form.has("content") ? { content: await contentOf(form) } : { url: textOf(form, "url") ?? "" },
  );
