const boms: [string, number[]][] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
  // Without a mark: `<` and what follows it, as two bytes each.
  ["utf-16le", [0x3c, 0x00]],
  ["utf-16be", [0x00, 0x3c]],
];

/**
 * A feed's text. How it is written may be said by a mark at its beginning, by the answer's header and by its XML
 * declaration, in this order (RFC 7303); but servers say things about files that they do not know. So what one of them
 * says counts only if the bytes can be read that way, and UTF-8 that is valid throughout is no accident.
 */
export function decodeFeed(bytes: Uint8Array, contentType: string): string {
  const marked = boms.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
  const inHeader = /charset\s*=\s*["']?([\w.:-]{1,40})/i.exec(contentType)?.[1];
  const head = Buffer.from(bytes.subarray(0, 300)).toString("latin1");
  const declared = /^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})/i.exec(head)?.[1];
  const said = [inHeader, declared].filter((label) => label !== undefined);
  const first = said.some((label) => /^utf-?8$/i.test(label)) ? ["utf-8"] : [];
  for (const label of [...(marked ? [marked] : first), ...said, "utf-8", "windows-1252"]) {
    const text = decodeAs(bytes, label);
    if (text !== null) return text;
  }
  return new TextDecoder().decode(bytes);
}

function decodeAs(bytes: Uint8Array, label: string): string | null {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}
