import type { EpisodeView } from "#records/channels/episodes.ts";
import { Field } from "../ui/field.tsx";
import { Time } from "../ui/time.tsx";

/** Says of an episode that its file was removed. Nothing where it is there. */
export function RemovedAudio({ episode: { audioRemovedAt } }: { episode: EpisodeView }) {
  if (audioRemovedAt === null) return null;
  return (
    <p className="text-sm text-soft">
      Its file was removed <Time at={audioRemovedAt} />, since the channel keeps those of its newest episodes alone. Its
      transcript and summary stay; apps do not list it any more.
    </p>
  );
}

interface RetentionFieldsProps {
  keepEpisodes: number | null;
  originalsDays: number | null;
  problems: Record<string, string>;
}

/** Which files of a channel are kept. */
export function RetentionFields({ keepEpisodes, originalsDays, problems }: RetentionFieldsProps) {
  return (
    <div className="grid gap-5 sm:grid-cols-2">
      <Field
        label="Keep the files of the newest"
        name="keepEpisodes"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={keepEpisodes === null ? "" : String(keepEpisodes)}
        hint="How many published episodes; empty: all. Files of older ones are removed within minutes, and leave the podcast."
        problem={problems["keepEpisodes"]}
      />
      <Field
        label="Keep fetched files, in days"
        name="originalsDays"
        inputMode="numeric"
        autoComplete="off"
        defaultValue={originalsDays === null ? "" : String(originalsDays)}
        hint="From the day their episode was made; empty: for good. What is played here stays."
        problem={problems["originalsDays"]}
      />
    </div>
  );
}
