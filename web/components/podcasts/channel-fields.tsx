import { useId } from "react";
import type { channelModes } from "#domain/channels/channel.ts";
import { Select } from "../ui/field.tsx";
import { languageWords } from "../uploads/languages.ts";

type Mode = (typeof channelModes)[number];

const modes: Record<Mode, { name: string; words: string }> = {
  sure: {
    name: "What is sure",
    words: "An episode that is clearly one whole talk is published by itself; a doubtful one waits for you.",
  },
  hold: { name: "Nothing", words: "Every episode waits until a person publishes it." },
  all: { name: "Everything", words: "Every episode is published as soon as it is made." },
};

/** What is published without a person, one sentence for each answer. */
export function ModeField({ chosen, problem }: { chosen: string; problem: string | undefined }) {
  const id = useId();
  return (
    <fieldset
      aria-describedby={problem ? `${id}-note ${id}-problem` : `${id}-note`}
      aria-invalid={problem ? true : undefined}
      className="space-y-2"
    >
      <legend className="text-sm font-medium">Published without a person</legend>
      {Object.entries(modes).map(([value, { name, words }]) => (
        <label key={value} className="flex min-h-9 items-start gap-3 text-sm">
          <input
            type="radio"
            name="mode"
            value={value}
            defaultChecked={value === chosen}
            className="mt-0.5 size-5 shrink-0 accent-accent"
          />
          <span>
            <span className="font-medium">{name}</span>
            <span className="block text-soft">{words}</span>
          </span>
        </label>
      ))}
      <p id={`${id}-note`} className="text-sm text-soft">
        It is judged by how a file is built (one clear talk, its length, its borders), not by what is said in it.
      </p>
      {problem ? (
        <p id={`${id}-problem`} className="text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}

interface LanguageFieldProps {
  languages: readonly { value: string; words: string }[];
  chosen: string;
  problem: string | undefined;
}

/** What is spoken in the channel's items. */
export function LanguageField({ languages, chosen, problem }: LanguageFieldProps) {
  const isListed = languages.some(({ value }) => value === chosen);
  // What was chosen by a program, or before another engine came, stays to be seen and kept.
  const options = isListed ? languages : [...languages, { value: chosen, words: languageWords(chosen) }];
  return <Select label="Language" name="language" options={options} defaultValue={chosen} problem={problem} />;
}
