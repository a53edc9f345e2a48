/** The address that an answer's Link header gives for a relation (RFC 8288), such as WebSub's "hub"; null: none. */
export function linkedBy(header: string | null, rel: string, base: string): string | null {
  for (const [, target = "", params = ""] of (header ?? "").slice(0, 8_000).matchAll(/<([^<>]*)>([^<]*)/g)) {
    const rels = /;\s*rel\s*=\s*(?:"([^"]*)"|([^\s";,]+))/i.exec(params);
    const names = (rels?.[1] ?? rels?.[2] ?? "").toLowerCase().split(/\s+/);
    const url = names.includes(rel) ? URL.parse(target, base) : null;
    if (url !== null && /^https?:$/.test(url.protocol)) return url.href;
  }
  return null;
}
