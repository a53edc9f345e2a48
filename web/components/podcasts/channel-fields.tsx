import { useId } from "react";
import type { channelModes, channelSources } from "#domain/channels/channel.ts";
import { Select } from "../ui/field.tsx";
import { languageName } from "../uploads/languages.ts";

type Mode = (typeof channelModes)[number];
type Source = (typeof channelSources)[number];

const sources: Record<Source, { name: string; words: string }> = {
  feed: { name: "A feed", words: "It has an address; what it publishes from now on becomes episodes by itself." },
  youtube: {
    name: "A YouTube channel",
    words: "The sound of its videos, as they come out; premieres and streams when they are over.",
  },
  upload: {
    name: "Own uploads",
    words: "It has no address: you drop files on its page, or choose recordings that you have here.",
  },
};

const modes: Record<Mode, { name: string; words: string }> = {
  sure: {
    name: "What is sure",
    words: "An episode that is clearly one whole talk is published by itself; a doubtful one waits for you.",
  },
  hold: { name: "Nothing", words: "Every episode waits until a person publishes it." },
  all: { name: "Everything", words: "Every episode is published as soon as it is made." },
};

interface ChoiceProps {
  legend: string;
  name: string;
  options: Record<string, { name: string; words: string }>;
  chosen: string;
  note?: string;
  problem: string | undefined;
}

/** One of a few, with a sentence for each. */
function Choice({ legend, name: field, options, chosen, note, problem }: ChoiceProps) {
  const id = useId();
  const described = [note && `${id}-note`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <fieldset
      aria-describedby={described === "" ? undefined : described}
      aria-invalid={problem ? true : undefined}
      className="space-y-2"
    >
      <legend className="text-sm font-medium">{legend}</legend>
      {Object.entries(options).map(([value, { name, words }]) => (
        <label key={value} className="flex min-h-9 items-start gap-3 text-sm">
          <input
            type="radio"
            name={field}
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
      {note ? (
        <p id={`${id}-note`} className="text-sm text-soft">
          {note}
        </p>
      ) : null}
      {problem ? (
        <p id={`${id}-problem`} className="text-sm text-danger">
          {problem}
        </p>
      ) : null}
    </fieldset>
  );
}

interface ChoiceFieldProps {
  chosen: string;
  problem: string | undefined;
}

/** What is published without a person. */
export const ModeField = (field: ChoiceFieldProps) => (
  <Choice
    {...field}
    legend="Published without a person"
    name="mode"
    options={modes}
    note="It is judged by how a file is built (one clear talk, its length, its borders), not by what is said in it."
  />
);

/** Where a channel's items come from; what is asked besides follows from it. */
export const SourceField = (field: ChoiceFieldProps) => (
  <Choice {...field} legend="What it is made of" name="source" options={sources} />
);

interface LanguageFieldProps {
  languages: readonly { value: string; words: string }[];
  chosen: string;
  problem: string | undefined;
}

/** What is spoken in the channel's items. */
export function LanguageField({ languages, chosen, problem }: LanguageFieldProps) {
  const isListed = languages.some(({ value }) => value === chosen);
  // What was chosen by a program, or before another engine came, stays to be seen and kept.
  const options = isListed ? languages : [...languages, { value: chosen, words: languageName(chosen) }];
  return <Select label="Language" name="language" options={options} defaultValue={chosen} problem={problem} />;
}
