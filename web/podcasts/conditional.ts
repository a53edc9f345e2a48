/** What a request's conditions are held to: the tag and the time of what there is. */
interface Version {
  etag: string;
  /** As Last-Modified has it; null where there is none. */
  modifiedAt: string | null;
}

/**
 * Whether who asks has it already (RFC 9110, 13.2.2). `Cache-Control: no-cache` beside the condition asks caches to ask
 * us, which is what happens here; some programs send it with each condition.
 */
export function isUnchanged(
  headers: { "if-none-match"?: string | undefined; "if-modified-since"?: string | undefined },
  { etag, modifiedAt }: Version,
): boolean {
  const { "if-none-match": noneMatch, "if-modified-since": since } = headers;
  if (noneMatch !== undefined) {
    const tags = noneMatch.match(/(?:W\/)?"[^"]*"|\*/g) ?? [];
    return tags.some((tag) => tag === "*" || opaque(tag) === opaque(etag));
  }
  return since !== undefined && modifiedAt !== null && Date.parse(modifiedAt) <= Date.parse(since);
}

const opaque = (tag: string) => tag.replace(/^W\//, "");

/**
 * Whether a Range counts, by the If-Range beside it (RFC 9110, 13.1.5): it names the very version that there is, by its
 * strong tag or its date to the second. Without one it counts.
 */
export function isRangeFresh(ifRange: string | undefined, { etag, modifiedAt }: Version): boolean {
  if (ifRange === undefined) return true;
  if (ifRange.includes('"')) return ifRange.trim() === etag;
  return modifiedAt !== null && Date.parse(ifRange) === Date.parse(modifiedAt);
}
