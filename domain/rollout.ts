/**
 * Whether something belongs to the first `percent` of all, by its id: the same id always falls on the same side, and
 * whoever is in at 10 percent is in at 20 (FNV-1a).
 */
export function isInRollout(id: string, percent: number): boolean {
  let hash = 0x811c9dc5;
  for (const character of id) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash % 100 < percent;
}
