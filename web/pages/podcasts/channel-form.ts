import { ChannelChange, NewChannel } from "#domain/inputs/channel.ts";
import { cut, withoutControls } from "#domain/text.ts";
import { parseFields } from "../forms.ts";

/** A form that makes a channel. What a feed is called, it says itself; the form's field is of other sources. */
export function parseNewChannel(form: FormData) {
  const { title, ...fields } = Object.fromEntries(form);
  const source = fields["source"] ?? "feed";
  const named = source === "feed" ? {} : { title };
  return parseFields(NewChannel, { ...fields, ...named, source, rights: form.get("rights") === "on" });
}

/** What was typed into a form that was not taken, to be shown in it again. */
export function typedIn(form: FormData): Record<string, string> {
  const texts = [...form].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return Object.fromEntries(texts.map(([name, text]) => [name, cut(withoutControls(text), 2_000)]));
}

/** A form of a channel's settings. An address that is the present one is no change: it would be read anew. */
export function parseSettings(form: FormData, { url }: { url: string | null }) {
  const fields = Object.fromEntries(form);
  const said = fields["url"];
  return parseFields(ChannelChange, { ...fields, url: said === url ? undefined : said });
}
