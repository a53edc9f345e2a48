import { conversationTopic } from "#domain/live.ts";
import type { Person } from "#domain/realtime-events.ts";
import { speakerLabel, speakerNumber } from "#domain/transcript.ts";
import type { Db, Tx } from "../db.ts";
import type { Announcement } from "../live/feed.ts";

/** Beyond this many nobody is told apart by name any more. */
const mostPeople = 500;

/** Notes who may be heard in a call from now on. Who was let in keeps the name they gave then, whatever is told later. */
export async function noteParticipant(db: Db, conversationId: string, { id, name }: Person): Promise<void> {
  await db.$executeRaw`
    INSERT INTO call_participant (conversation_id, person_id, name)
    SELECT id, ${id}::text, ${name}::text FROM conversation
    WHERE id = ${conversationId}::uuid
      AND (SELECT count(*) FROM call_participant WHERE conversation_id = ${conversationId}::uuid) < ${mostPeople}
    ON CONFLICT (conversation_id, person_id) DO UPDATE SET name = coalesce(call_participant.name, excluded.name)`;
}

interface Words {
  speaker: string;
  person?: Person | undefined;
}

/**
 * The label of each person's words, in their order; null where nobody knows whose they are. Words of which a provider
 * does not say whose they are, are those of the only person who was let in; of several it may be any. Who speaks for
 * the first time becomes a speaker, by their name or, where that is not known, by their number. The conversation's row
 * is locked by whoever asks.
 */
export async function attributeSpeakers(tx: Tx, conversationId: string, words: Words[]) {
  if (!words.some(({ speaker }) => speaker === "user")) return { labels: words.map(() => null), news: [] };
  const told = new Map(words.flatMap(({ person }) => (person === undefined ? [] : [[person.id, person]])));
  for (const person of told.values()) await noteParticipant(tx, conversationId, person);
  const known = await tx.callParticipant.findMany({ where: { conversationId } });
  const labelOf = new Map(known.map(({ personId, label }) => [personId, label]));
  const nameOf = new Map(known.map(({ personId, name }) => [personId, name]));
  const [only] = known.length === 1 ? known : [];
  const ids = words.map(({ speaker, person }) => (speaker === "user" ? (person ?? only) : undefined)).map(idOf);
  const news: Announcement[] = [];
  for (const id of new Set(ids)) {
    if (id === null || labelOf.get(id) !== null) continue;
    const speaker = await addSpeaker(tx, conversationId, nameOf.get(id) ?? null);
    await tx.callParticipant.update({
      where: { conversationId_personId: { conversationId, personId: id } },
      data: { label: speaker.label },
    });
    labelOf.set(id, speaker.label);
    if (speaker.displayName === "") continue;
    news.push({ topic: conversationTopic(conversationId), type: "speaker.renamed", data: speaker });
  }
  return { labels: ids.map((id) => (id === null ? null : (labelOf.get(id) ?? null))), news };
}

const idOf = (one: Person | { personId: string } | undefined): string | null =>
  one === undefined ? null : "id" in one ? one.id : one.personId;

async function addSpeaker(tx: Tx, conversationId: string, name: string | null) {
  const known = await tx.speaker.findMany({ where: { conversationId } });
  const label = speakerLabel(1 + Math.max(0, ...known.map((speaker) => speakerNumber(speaker.label))));
  const displayName = nameApart(name ?? "", new Set(known.map((speaker) => speaker.displayName)));
  await tx.speaker.create({ data: { conversationId, label, displayName: displayName || null } });
  return { label, displayName };
}

// Two people of one name stay two, also where only names are read.
function nameApart(name: string, taken: ReadonlySet<string | null>): string {
  if (name === "" || !taken.has(name)) return name;
  for (let number = 2; ; number += 1) if (!taken.has(`${name} (${number})`)) return `${name} (${number})`;
}
