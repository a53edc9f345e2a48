const maxBytes = 180;
const reservedOnWindows = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/** A file name that every system takes, made of any title: no path, no control or direction characters, 180 bytes. */
export function fileNameOf(title: string, extension: string): string {
  const words = title
    .toWellFormed()
    .normalize("NFC")
    .replace(/(?![\u200C\u200D])\p{Cf}/gu, "")
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\\/:*?"<>|%;`$\uFFFD-\uFFFF]+/gu, " ")
    .replace(/\s+/g, " ");
  const base = shortened(words).replace(/^[. ~-]+|[. ]+$/g, "");
  const safe = reservedOnWindows.test(base) ? `_${base}` : base;
  return `${safe || "conversation"}.${extension}`;
}

// Whole graphemes only: half a flag or a base letter without its accent is another name.
function shortened(text: string): string {
  let kept = "";
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(kept + segment) > maxBytes) break;
    kept += segment;
  }
  return kept;
}

/** The `Content-Disposition` of a download (RFC 6266): an ASCII name for old readers, the real one beside it. */
export function attachment(fileName: string): string {
  const ascii = fileName.replace(/[^\x20-\x7E]+|["\\]/g, "_");
  const encoded = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
