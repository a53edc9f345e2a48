import { clock, placesOf, viewOf } from "./source.ts";
import type { ExportSource } from "./source.ts";

export function renderText(source: ExportSource): string {
  const view = viewOf(source);
  const place = (at: number[], supported = true) => {
    const places = placesOf(at, supported);
    return places && ` (${places})`;
  };
  const section = (heading: string, lines: string[]) =>
    lines.length > 0 ? [[heading.toUpperCase(), ...lines].join("\n")] : [];
  const blocks = [
    [view.title, ...view.facts].join("\n"),
    ...section("Summary", view.summary ? [view.summary] : []),
    ...view.sections.flatMap(({ heading, items }) =>
      section(
        heading,
        items.map(({ text, at, supported }) => `- ${text}${place(at, supported)}`),
      ),
    ),
    ...section(
      "Action items",
      view.actionItems.map(({ text, owner, due, at }) => {
        const facts = [owner, due && `due ${due}`].filter(Boolean).join(", ");
        return `- ${text}${facts && ` [${facts}]`}${place(at)}`;
      }),
    ),
    ...section(
      "Notes",
      view.notes.map((note) => `- ${note}`),
    ),
    ...section(
      "Transcript",
      view.lines.map(({ speaker, text, start }) =>
        speaker === null ? `[${clock(start)}] (${text})` : `[${clock(start)}] ${speaker}: ${text}`,
      ),
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}
