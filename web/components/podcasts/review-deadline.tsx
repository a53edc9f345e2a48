import { mostReviewDays } from "#domain/channels/publication.ts";
import type { ReviewEnd } from "#domain/channels/publication.ts";
import type { EpisodeView } from "#records/channels/episodes.ts";
import { Field, Select } from "../ui/field.tsx";
import { Time } from "../ui/time.tsx";

const ends: Record<ReviewEnd, string> = {
  wait: "It goes on waiting",
  publish: "It is published",
  discard: "It is discarded",
};
const options = Object.entries(ends).map(([value, words]) => ({ value, words }));

/** Until when a held episode waits for a person, and what becomes of it then. Nothing where it waits for no day. */
export function ReviewDeadline({ episode: { reviewUntil, reviewThen } }: { episode: EpisodeView }) {
  if (reviewUntil === null || reviewThen === null) return null;
  return (
    <p className="text-sm text-soft">
      Waits for your decision until <Time at={reviewUntil} exact />. {ends[reviewThen].replace("It", "Then it")}
      {reviewThen === "wait" ? ", and the channel’s owner is told" : " by itself"}.
    </p>
  );
}

interface ReviewFieldsProps {
  days: number;
  then: string;
  problems: Record<string, string>;
}

/** How long held episodes wait, and what becomes of them then. */
export function ReviewFields({ days, then, problems }: ReviewFieldsProps) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field
        label="Days to decide"
        name="reviewDays"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={String(days)}
        hint={`On an episode that is held from now on; 1 to ${mostReviewDays}.`}
        problem={problems["reviewDays"]}
      />
      <Select
        label="When nobody has decided"
        name="reviewThen"
        options={options}
        defaultValue={then}
        problem={problems["reviewThen"]}
      />
    </div>
  );
}
