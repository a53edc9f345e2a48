import { useState } from "react";
import { Form, useNavigation } from "react-router";
import { botNotices } from "#domain/calendar/notice.ts";
import type { AutoJoinPreferences } from "#domain/calendar/preferences.ts";
import { Button } from "../ui/button.tsx";
import { CheckBox } from "../ui/check-box.tsx";
import { Field, Select } from "../ui/field.tsx";
import { languages } from "../uploads/languages.ts";
import { useTimeZone } from "../meetings/starts-in.tsx";
import { Section } from "../settings/section.tsx";
import { TextArea } from "../ui/text-area.tsx";
import { noticeLabels } from "./calendar-labels.ts";

interface RulesFormProps {
  rules: AutoJoinPreferences;
  /** Whether nobody has set them yet, so that the browser's time zone is the better guess. */
  isNew: boolean;
  timeZones: readonly string[];
  /** Whether the bots cannot write into a meeting's chat. */
  isMute: boolean;
  problems: Record<string, string>;
}

const meetingOptions: { value: AutoJoinPreferences["meetings"]; words: string }[] = [
  { value: "all", words: "All of them" },
  { value: "external", words: "With someone from outside" },
  { value: "internal", words: "With people of my own domain only" },
  { value: "organised", words: "That I called" },
];

const muteWords =
  "The bots of this server cannot write into a meeting's chat. Tell people yourself that the meeting is recorded.";

/** Everything that a person says of which meetings are to be joined. */
export function RulesForm({ rules, isNew, timeZones, isMute, problems }: RulesFormProps) {
  const isBusy = useNavigation().formMethod === "POST";
  return (
    <Form method="post" noValidate>
      <Section title="Joining" lead="Nothing is joined before you turn it on.">
        <CheckBox
          name="auto_record_enabled"
          defaultChecked={rules.auto_record_enabled}
          label="Join my meetings automatically"
          hint="While it is off, only events are joined for which you chose “Always join”."
        />
        <Select label="Which meetings" name="meetings" defaultValue={rules.meetings} options={meetingOptions} />
        <CheckBox
          name="only_accepted"
          defaultChecked={rules.only_accepted}
          label="Only those that I accepted"
          hint="Your own events count as accepted."
        />
        <Field
          label="Minutes before the start"
          name="join_buffer_minutes"
          type="number"
          inputMode="numeric"
          min={0}
          max={30}
          defaultValue={rules.join_buffer_minutes}
          problem={problems["join_buffer_minutes"]}
          className="max-w-48"
        />
      </Section>
      <Section title="Words in titles" lead="One on each line. Capitals do not matter; “HR” is not found in “three”.">
        <TextArea
          label="Never where the title holds"
          name="excluded_keywords"
          defaultValue={rules.excluded_keywords.join("\n")}
          placeholder={"1:1\ninterview"}
          problem={problems["excluded_keywords"]}
        />
        <TextArea
          label="Only where the title holds one of (optional)"
          name="required_keywords"
          defaultValue={rules.required_keywords.join("\n")}
          problem={problems["required_keywords"]}
        />
      </Section>
      <Section title="Quiet hours" lead="What begins within them is not joined. They may go over midnight.">
        <QuietHours rules={rules} problem={problems["quiet_hours"]} />
        <ZoneSelect stored={rules.time_zone} isNew={isNew} timeZones={timeZones} problem={problems["time_zone"]} />
      </Section>
      <Section title="In the meeting" lead="How the bot shows itself, and what it listens for.">
        <Field label="The bot's name" name="bot_name" defaultValue={rules.bot_name} problem={problems["bot_name"]} />
        <Select
          label="Spoken language"
          name="language"
          defaultValue={rules.language}
          options={withPresent(languages, rules.language)}
        />
        <TextArea
          label="What it says to everybody (optional)"
          name="consent_message"
          rows={3}
          maxLength={500}
          defaultValue={rules.consent_message}
          hint={isMute ? muteWords : undefined}
          problem={problems["consent_message"]}
        />
      </Section>
      <Section title="Tell me" lead="Under Notifications, here and on your other pages.">
        {botNotices.map((notice) => (
          <CheckBox
            key={notice}
            name="notify_of"
            value={notice}
            defaultChecked={rules.notify_of.includes(notice)}
            label={noticeLabels[notice]}
          />
        ))}
      </Section>
      <Button look="primary" type="submit" disabled={isBusy}>
        {isBusy ? "Saving…" : "Save the rules"}
      </Button>
    </Form>
  );
}

type Options = readonly { value: string; words: string }[];
const withPresent = (options: Options, value: string): Options =>
  options.some((option) => option.value === value) ? options : [{ value, words: value }, ...options];

function QuietHours({ rules, problem }: { rules: AutoJoinPreferences; problem: string | undefined }) {
  const [isOn, setOn] = useState(rules.quiet_hours !== null);
  const { from, to } = rules.quiet_hours ?? { from: "18:00", to: "08:00" };
  return (
    <>
      <CheckBox name="quiet" checked={isOn} onChange={({ target }) => setOn(target.checked)} label="Keep quiet hours" />
      {isOn ? (
        <div className="flex flex-wrap gap-4">
          <Field label="From" name="quiet_from" type="time" defaultValue={from} className="w-36" problem={problem} />
          <Field label="Until" name="quiet_to" type="time" defaultValue={to} className="w-36" />
        </div>
      ) : null}
    </>
  );
}

interface ZoneSelectProps {
  stored: string;
  isNew: boolean;
  timeZones: readonly string[];
  problem: string | undefined;
}

function ZoneSelect({ stored, isNew, timeZones, problem }: ZoneSelectProps) {
  const browserZone = useTimeZone();
  const [chosen, setChosen] = useState<string | null>(null);
  const value = chosen ?? (isNew ? (browserZone ?? stored) : stored);
  const options = timeZones.map((zone) => ({ value: zone, words: zone.replaceAll("_", " ") }));
  return (
    <div className="space-y-1.5">
      <Select
        label="In the time zone"
        name="time_zone"
        value={value}
        onChange={({ target }) => setChosen(target.value)}
        options={withPresent(options, value)}
      />
      {problem ? <p className="text-sm text-danger">{problem}</p> : null}
    </div>
  );
}
