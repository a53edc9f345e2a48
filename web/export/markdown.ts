import { clock, placesOf, viewOf } from "./source.ts";
import type { ExportSource } from "./source.ts";

export function renderMarkdown(source: ExportSource): string {
  const view = viewOf(source);
  const list = (items: string[]) => (items.length > 0 ? [items.map((item) => `- ${item}`).join("\n")] : []);
  const place = (at: number[], supported = true) => {
    const places = placesOf(at, supported);
    return places && ` (${places})`;
  };
  const blocks = [
    `# ${escape(view.title)}`,
    ...list(view.facts.map(escape)),
    ...(view.summary || view.sections.length > 0 ? ["## Summary"] : []),
    ...(view.summary ? [escape(view.summary)] : []),
    ...view.sections.flatMap(({ heading, items }) => [
      `### ${heading}`,
      ...list(items.map(({ text, at, supported }) => `${escape(text)}${place(at, supported)}`)),
    ]),
    ...(view.actionItems.length > 0 ? ["## Action items"] : []),
    ...list(
      view.actionItems.map(({ text, owner, due, at }) => {
        const who = owner === null ? "" : ` — **${escape(owner)}**`;
        return `[ ] ${escape(text)}${who}${due === null ? "" : `, due ${due}`}${place(at)}`;
      }),
    ),
    ...(view.notes.length > 0 ? ["## Notes", ...list(view.notes.map(escape))] : []),
    "## Transcript",
    ...view.lines.map(({ speaker, text, start }) =>
      speaker === null
        ? `${clock(start)} _${escape(text)}_`
        : `**${escape(speaker)}** ${clock(start)}\\\n${escape(text)}`,
    ),
  ];
  return `${blocks.join("\n\n")}\n`;
}

/** Words that no Markdown reader takes for markup, wherever on a line they stand. */
const escape = (text: string) =>
  text
    .replace(/[\\`*_{}[\]<>|~#!$]/g, "\\$&")
    .replaceAll("&", "&amp;")
    .replace(/^([-+=])/, "\\$1")
    .replace(/^(\d+)([.)])/, "$1\\$2");
