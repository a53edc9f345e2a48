import { Dialog } from "@base-ui/react/dialog";
import { Settings2 } from "lucide-react";
import { useFetcher } from "react-router";
import { textLimits } from "#domain/text.ts";
import type { ChannelAnswer } from "../../pages/podcasts/channel-actions.ts";
import type { ChannelData } from "../../pages/podcasts/channel-data.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Field, Select } from "../ui/field.tsx";
import { Notice } from "../ui/notice.tsx";
import { CategoryField } from "./category-field.tsx";
import { LanguageField, ModeField } from "./channel-fields.tsx";
import { FilterFields } from "./filter-fields.tsx";
import { RetentionFields } from "./retention-fields.tsx";
import { ReviewFields } from "./review-deadline.tsx";
import { VisibilityField } from "./visibility-field.tsx";

type SettingsProps = Pick<ChannelData, "channel" | "languages">;

/** Changes what the channel is called, where it is read from, and what becomes of what it holds. */
export function ChannelSettings(props: SettingsProps) {
  return (
    <Dialog.Root>
      <Dialog.Trigger className={buttonClass("plain")}>
        <Settings2 size={16} aria-hidden="true" /> Settings
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={`${dialogPopup} space-y-5`}>
          <Dialog.Title className="text-2xl">Settings of the channel</Dialog.Title>
          <SettingsForm {...props} />
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function SettingsForm({ channel, languages }: SettingsProps) {
  const { title, url, language, mode, category, visibility, source, filters, withdrawsDeleted } = channel;
  const { reviewDays, reviewThen, keepEpisodes, originalsDays } = channel;
  const fetcher = useFetcher<ChannelAnswer>();
  const { problems = {}, done = null } = fetcher.data ?? {};
  return (
    <fetcher.Form method="post" noValidate className="space-y-5">
      <input type="hidden" name="intent" value="settings" />
      <Field label="Title" name="title" defaultValue={title} maxLength={textLimits.title} problem={problems["title"]} />
      {url === null || source === "youtube" ? null : (
        <Field
          label="Address of the feed"
          name="url"
          type="url"
          autoComplete="off"
          spellCheck={false}
          defaultValue={url}
          hint="Another one is looked at as soon as it is saved."
          problem={problems["url"]}
        />
      )}
      <LanguageField languages={languages} chosen={language ?? ""} problem={problems["language"]} />
      <ModeField chosen={mode} problem={problems["mode"]} />
      <ReviewFields days={reviewDays} then={reviewThen} problems={problems} />
      <VisibilityField chosen={visibility} problem={problems["visibility"]} />
      <CategoryField chosen={category} problem={problems["category"]} />
      <Field
        label="Author"
        name="author"
        autoComplete="off"
        defaultValue={channel.author ?? ""}
        maxLength={textLimits.name}
        hint={`Who makes the podcast, as apps show it; empty: ${channel.sourceAuthor ?? title}.`}
        problem={problems["author"]}
      />
      <Field
        label="Owner's e-mail"
        name="ownerEmail"
        type="email"
        autoComplete="off"
        defaultValue={channel.ownerEmail ?? ""}
        maxLength={254}
        hint="Everybody can read it in the podcast's feed: it keeps other platforms from taking the podcast over unasked. Empty: it is not locked."
        problem={problems["ownerEmail"]}
      />
      {source === "upload" ? null : (
        <Select
          label="What its source deletes"
          name="withdrawsDeleted"
          options={[
            { value: "no", words: "Its episode stays" },
            { value: "yes", words: "Its episode is withdrawn" },
          ]}
          defaultValue={withdrawsDeleted ? "yes" : "no"}
          problem={problems["withdrawsDeleted"]}
        />
      )}
      {source === "upload" ? null : (
        <FilterFields
          filters={filters}
          problems={problems}
          note="What passes them becomes an episode by itself. A change holds from the next look on, for what is new then or still waits; what is in line or was skipped stays so, and anything can be begun by hand."
        />
      )}
      <RetentionFields keepEpisodes={keepEpisodes} originalsDays={originalsDays} problems={problems} />
      <div role="status" className="empty:hidden">
        {fetcher.state === "idle" && done !== null ? <Notice kind="good">{done}</Notice> : null}
      </div>
      {problems["form"] ? (
        <Notice kind="bad" role="alert">
          {problems["form"]}
        </Notice>
      ) : null}
      <div className="flex flex-wrap justify-end gap-3">
        <Dialog.Close className={buttonClass("plain")}>Close</Dialog.Close>
        <Button look="primary" type="submit" disabled={fetcher.state !== "idle"}>
          Save
        </Button>
      </div>
    </fetcher.Form>
  );
}
