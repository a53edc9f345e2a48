import { bytes } from "../ui/format.ts";

const extensions = /\.(mp3|m4a|m4b|wav|flac|ogg|oga|opus|webm|mp4|m4v|mov|mkv|avi|aac|aif|aiff|wma|amr|3gp|ts)$/i;

/** Why a file cannot be taken, in words, or null. The server looks at the bytes themselves afterwards. */
export function problemWith(
  { name, size, type }: Pick<File, "name" | "size" | "type">,
  maxBytes: number,
): string | null {
  if (size === 0) return "This file is empty.";
  if (size > maxBytes) return `This file is larger than the ${bytes(maxBytes)} that this server takes.`;
  const isMedia = /^(audio|video)\//.test(type) || extensions.test(name);
  return isMedia ? null : "This is not an audio or video file.";
}

export const titleOf = (fileName: string) => fileName.replace(/(?<=.)\.[A-Za-z0-9]{1,5}$/, "");
