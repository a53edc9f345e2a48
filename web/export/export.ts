import { attachment, fileNameOf } from "./file-name.ts";
import { renderMarkdown } from "./markdown.ts";
import type { ExportSource } from "./source.ts";
import { renderSrt, renderVtt } from "./subtitles.ts";
import { renderText } from "./text.ts";

export type { ExportSource } from "./source.ts";

export const exportFormats = ["md", "txt", "srt", "vtt", "json", "docx"] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface Exported {
  body: string | Uint8Array<ArrayBuffer>;
  contentType: string;
  fileName: string;
  /** Ready for the `Content-Disposition` header. */
  contentDisposition: string;
}

const contentTypes: Record<ExportFormat, string> = {
  md: "text/markdown; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  srt: "application/x-subrip; charset=utf-8",
  vtt: "text/vtt; charset=utf-8",
  json: "application/json; charset=utf-8",
  docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
};

/** The media types of the formats, without parameters. */
export const exportTypes = Object.values(contentTypes).map((type) => type.split(";")[0] ?? type);

/** One conversation as a file to download. Pure: the same source gives the same words. */
export async function renderExport(format: ExportFormat, source: ExportSource): Promise<Exported> {
  const fileName = fileNameOf(source.title, format);
  const body = await renderBody(format, source);
  return { body, contentType: contentTypes[format], fileName, contentDisposition: attachment(fileName) };
}

async function renderBody(format: ExportFormat, source: ExportSource): Promise<Exported["body"]> {
  switch (format) {
    case "md":
      return renderMarkdown(source);
    case "txt":
      return renderText(source);
    case "srt":
      return renderSrt(source);
    case "vtt":
      return renderVtt(source);
    case "json":
      return `${JSON.stringify(source, null, 2)}\n`;
    case "docx": {
      // Loaded when asked for: most servers never write one, and it takes megabytes.
      const { renderDocx } = await import("./docx.ts");
      return renderDocx(source);
    }
    default:
      return format satisfies never;
  }
}
