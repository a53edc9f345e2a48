import { AlignmentType, Document, HeadingLevel, LevelFormat, Packer, Paragraph, TextRun } from "docx";
import { clock, placesOf, viewOf } from "./source.ts";
import type { ExportSource } from "./source.ts";

const faint = "595959";

export async function renderDocx(source: ExportSource): Promise<Uint8Array<ArrayBuffer>> {
  const view = viewOf(source);
  const children = [
    new Paragraph({ text: view.title, heading: HeadingLevel.TITLE }),
    ...view.facts.map((fact) => new Paragraph({ children: [new TextRun({ text: fact, color: faint })] })),
    ...(view.summary ? [heading("Summary"), new Paragraph(view.summary)] : []),
    ...view.sections.flatMap((section) => [
      heading(section.heading),
      ...section.items.map(({ text, at, supported }) => item([new TextRun(text), place(placesOf(at, supported))])),
    ]),
    ...(view.actionItems.length > 0 ? [heading("Action items")] : []),
    ...view.actionItems.map(({ text, owner, due, at }) => {
      const facts = [owner, due && `due ${due}`].filter(Boolean).join(", ");
      return item([new TextRun(text), new TextRun({ text: facts && ` — ${facts}`, bold: true }), place(placesOf(at))]);
    }),
    ...(view.notes.length > 0 ? [heading("Notes")] : []),
    ...view.notes.map((note) => item([new TextRun(note)])),
    heading("Transcript"),
    ...view.lines.map(
      ({ speaker, text, start }) =>
        new Paragraph({
          spacing: { after: 120 },
          children:
            speaker === null
              ? [new TextRun({ text: `${clock(start)}  ${text}`, color: faint, italics: true })]
              : [
                  new TextRun({ text: speaker, bold: true }),
                  new TextRun({ text: `  ${clock(start)}`, color: faint }),
                  new TextRun({ text, break: 1 }),
                ],
        }),
    ),
  ];
  const buffer = await Packer.toBuffer(
    new Document({ title: view.title, creator: "Convene", numbering: { config: [bullets] }, sections: [{ children }] }),
  );
  return new Uint8Array(buffer);
}

const bullets = {
  reference: "bullets",
  levels: [
    {
      level: 0,
      format: LevelFormat.BULLET,
      text: "•",
      alignment: AlignmentType.LEFT,
      style: { paragraph: { indent: { left: 360, hanging: 360 } } },
    },
  ],
};

const heading = (text: string) => new Paragraph({ text, heading: HeadingLevel.HEADING_1 });
const item = (children: TextRun[]) => new Paragraph({ numbering: { reference: "bullets", level: 0 }, children });
const place = (places: string) => new TextRun({ text: places && ` (${places})`, color: faint });
