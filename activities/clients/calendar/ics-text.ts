const [tab, lf, cr, space] = [0x09, 0x0a, 0x0d, 0x20];

/**
 * The content lines of an iCalendar file, one each between line feeds. Lines are unfolded as bytes, since programs fold
 * in the middle of a character; line ends may be CRLF, LF or CR.
 */
export function unfoldedText(bytes: Uint8Array): string {
  const source = utf16Of(bytes) ?? bytes;
  const unfolded = new Uint8Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at += 1) {
    const byte = source[at] ?? 0;
    if (byte !== lf && byte !== cr) {
      unfolded[length] = byte;
      length += 1;
      continue;
    }
    if (byte === cr && source[at + 1] === lf) at += 1;
    const next = source[at + 1];
    if (next === space || next === tab) {
      at += 1;
      continue;
    }
    unfolded[length] = lf;
    length += 1;
  }
  return decode(unfolded.subarray(0, length));
}

/** As UTF-8 if this is UTF-16, by its mark or by the empty half of its first letter; null if it is not. */
function utf16Of(bytes: Uint8Array): Uint8Array | null {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (first === 0x42 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (first === 0 && second === 0x42);
  if (!isLittle && !isBig) return null;
  return new TextEncoder().encode(new TextDecoder(isLittle ? "utf-16le" : "utf-16be").decode(bytes));
}

// The standard says UTF-8; what is not is from old programs, most of them on Windows.
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}
