import { ChannelFilters } from "#domain/channels/filters.ts";
import { ChannelChange, NewChannel } from "#domain/inputs/channel.ts";
import { cut, withoutControls } from "#domain/text.ts";
import { parseFields } from "../forms.ts";
import type { Parsed } from "../forms.ts";

/** The filters as a form has them: words one a line, lengths in minutes, an empty field for no limit. */
function filtersIn(form: FormData) {
  const text = (name: string) => {
    const given = form.get(name);
    return typeof given === "string" ? given.trim() : "";
  };
  const lines = (name: string) => text(name).split(/\r?\n/);
  const figure = (name: string, times = 1) =>
    text(name) === "" ? null : Math.round(Number(text(name).replace(",", ".")) * times * 1e6) / 1e6;
  const minutes = (name: string) => {
    const given = figure(name, 60);
    return given === null ? null : Math.round(given);
  };
  return parseFields(ChannelFilters, {
    includeWords: lines("includeWords"),
    excludeWords: lines("excludeWords"),
    minSeconds: minutes("minSeconds"),
    maxSeconds: minutes("maxSeconds"),
    maxAgeDays: figure("maxAgeDays"),
    keepLast: figure("keepLast"),
  });
}

/** What was said in a form and its filters, with the problems of both. A form without their fields says none. */
function withFilters<T>(form: FormData, parse: (filters: { filters?: ChannelFilters }) => Parsed<T>): Parsed<T> {
  if (!form.has("includeWords")) return parse({});
  const filters = filtersIn(form);
  if (filters.ok) return parse({ filters: filters.value });
  const rest = parse({});
  return { ok: false, problems: { ...filters.problems, ...(rest.ok ? {} : rest.problems) } };
}

/** A form that makes a channel. What a source is called, it says itself; the form's title is of own files. */
export function parseNewChannel(form: FormData) {
  const { title, channel, ...fields } = Object.fromEntries(form);
  const source = fields["source"] ?? "feed";
  const named = source === "upload" ? { title } : {};
  // Each kind of address has a field of its own, of which one is seen.
  const addressed = source === "youtube" ? { url: channel } : {};
  const said = { ...fields, ...named, ...addressed, source, rights: form.get("rights") === "on" };
  if (source === "upload") return parseFields(NewChannel, said);
  return withFilters(form, (filters) => parseFields(NewChannel, { ...said, ...filters }));
}

/** What was typed into a form that was not taken, to be shown in it again. */
export function typedIn(form: FormData): Record<string, string> {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, cut(withoutControls(text), 2_000)]));
}

/** What a field says that offers both; anything else is left to be refused. */
const yesOrNo = (said: unknown) => (said === "yes" ? true : said === "no" ? false : said);

/** A form of a channel's settings. An address that is the present one is no change: it would be read anew. */
export function parseSettings(form: FormData, { url }: { url: string | null }) {
  const fields = Object.fromEntries(form);
  const said = fields["url"];
  const changed = {
    ...fields,
    url: said === url ? undefined : said,
    withdrawsDeleted: yesOrNo(fields["withdrawsDeleted"]),
  };
  return withFilters(form, (filters) => parseFields(ChannelChange, { ...changed, ...filters }));
}
