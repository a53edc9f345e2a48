import { readFile } from "node:fs/promises";
import { fileTypeFromBuffer } from "file-type";
import { imageSize } from "image-size";
import { coverWidths, mostCoverBytes } from "#domain/channels/channel-file.ts";
import { Problem } from "../http/problem.ts";
import { isWholePicture } from "./picture-end.ts";

const mediaTypes: Record<string, "image/jpeg" | "image/png"> = { jpg: "image/jpeg", png: "image/png" };

/**
 * Looks whether a file is a cover that directories take; refuses it in words. What it shows is not decoded: its header is
 * read, and whether all of it is there.
 */
export async function readCover({ path, fileName }: { path: string; fileName: string }) {
  const bytes = await readFile(path);
  // Only of these two is a header read: of others the library knows many that nobody needs here.
  const mediaType = mediaTypes[(await fileTypeFromBuffer(bytes))?.ext ?? ""];
  if (mediaType === undefined) {
    throw refused("not_a_picture", `“${fileName}” is no picture that apps show. Choose a JPEG or PNG file.`);
  }
  const size = sizeOf(bytes);
  if (size === null) {
    throw refused(
      "damaged_media",
      `“${fileName}” is damaged: it does not say how large its picture is. Save it again.`,
    );
  }
  if (!isWholePicture(bytes, mediaType)) {
    throw refused("damaged_media", `“${fileName}” is damaged: it breaks off before its end. Save it again.`);
  }
  const { width, height } = size;
  const is = `“${fileName}” has ${width} × ${height} pixels`;
  if (width !== height) throw refused("not_square", `${is}. A podcast's cover has to be square.`);
  const { least, most } = coverWidths;
  if (width < least || width > most) {
    throw refused("wrong_size", `${is}. Directories want from ${least} × ${least} to ${most} × ${most}.`);
  }
  return { bytes: bytes.length, mediaType, width };
}

/** The refusal of one that is larger than `mostCoverBytes`. */
export const coverTooLarge = () =>
  new Problem(
    413,
    "too_large",
    `The picture is larger than the ${mostCoverBytes / 1024} kB that a cover may have, since it is in each episode's file. Save it as JPEG, or smaller.`,
  );

const refused = (code: string, words: string) => new Problem(422, code, words);

function sizeOf(bytes: Buffer): { width: number; height: number } | null {
  try {
    const { width, height } = imageSize(bytes);
    return width > 0 && height > 0 ? { width, height } : null;
  } catch {
    return null;
  }
}
