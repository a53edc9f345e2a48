import { CircleDot } from "lucide-react";
import { useState } from "react";
import type { FormEvent } from "react";
import { textLimits } from "#domain/text.ts";
import { useHydrated } from "../../hooks/use-hydrated.ts";
import { Button } from "../ui/button.tsx";
import { Field, Select } from "../ui/field.tsx";
import { textOf } from "../ui/form-text.ts";
import { useCapture } from "../call/capture.ts";
import { MicrophoneCheck } from "../call/microphone-check.tsx";
import { Notice } from "../ui/notice.tsx";
import { WorkspaceField } from "../workspace/workspace-field.tsx";
import { canRecord, tabSoundSupport } from "./capture-sound.ts";
import { Choice } from "./choice.tsx";
import { problemLabels, supportHints } from "./record-labels.ts";
import { useRecorder } from "./use-recorder.tsx";

interface RecordFormProps {
  title: string;
  workspaces: readonly { id: string; name: string }[];
  languages: readonly { value: string; words: string }[];
  longestMs: number;
}

/** Before a recording: what it is called, what is heard, and that people know of it. */
export function RecordForm({ title, workspaces, languages, longestMs }: RecordFormProps) {
  const [{ phase, problem }, recorder] = useRecorder();
  const microphone = useCapture("audio");
  const isHydrated = useHydrated();
  const support = isHydrated && canRecord() ? tabSoundSupport() : "yes";
  const [wantsTab, setWantsTab] = useState(true);
  const [wantsMicrophone, setWantsMicrophone] = useState(true);
  if (isHydrated && !canRecord()) {
    return (
      <Notice kind="warn">
        This browser cannot record here. It takes a current browser, and an address that begins with https.
      </Notice>
    );
  }
  const isTabWanted = wantsTab && support === "yes";
  const isMicrophoneWanted = wantsMicrophone || support !== "yes";
  const start = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name = "", language = "", workspaceId = ""] = ["title", "language", "workspaceId"].map(
      (field) => textOf(form, field) ?? "",
    );
    const { deviceId } = microphone;
    // The recording opens it itself; two that hold one device disturb each other in some browsers.
    microphone.close();
    void recorder.start({
      isTabWanted,
      isMicrophoneWanted,
      deviceId,
      details: { title: name.trim(), language, workspaceId },
      longestMs,
    });
  };
  return (
    <form onSubmit={start} aria-label="Recording" className="panel space-y-6 p-5 sm:p-7">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label="Title (optional)" name="title" defaultValue={title} maxLength={textLimits.title} />
        <Select label="Spoken language" name="language" options={languages} />
        <WorkspaceField workspaces={workspaces} />
      </div>
      <fieldset className="space-y-4">
        <legend className="mb-3 text-sm font-medium">What to record</legend>
        <Choice
          label="The sound of a tab or of this computer"
          isOn={isTabWanted}
          isFixed={support !== "yes"}
          onTurn={setWantsTab}
        >
          {supportHints[support]}
        </Choice>
        <Choice label="My microphone" isOn={isMicrophoneWanted} isFixed={support !== "yes"} onTurn={setWantsMicrophone}>
          Your own voice, which the meeting’s tab does not play back to you.
        </Choice>
        {isMicrophoneWanted ? (
          <div className="pl-8">
            <MicrophoneCheck
              microphone={microphone}
              isNamed
              otherwise={isTabWanted ? "Without it, only the others are recorded." : ""}
            />
          </div>
        ) : null}
      </fieldset>
      <div className="space-y-3 rounded-xl border border-line bg-sunken p-4 text-sm">
        <p>
          <strong>Tell the people in the meeting that it is recorded,</strong> and stop if somebody does not want it. In
          many places the law asks for everybody’s consent.
        </p>
        <label className="flex min-h-6 items-start gap-3 font-medium">
          <input type="checkbox" required className="mt-0.5 size-5 shrink-0 accent-accent" />
          Everybody in the meeting knows and agrees
        </label>
      </div>
      {problem === null ? null : (
        <Notice kind="bad" role="alert">
          {typeof problem === "object" ? problem.detail : problemLabels[problem]}
        </Notice>
      )}
      <Button
        look="primary"
        type="submit"
        disabled={!isHydrated || phase === "opening" || !(isTabWanted || isMicrophoneWanted)}
        className="w-full sm:w-auto"
      >
        <CircleDot size={16} aria-hidden="true" />
        {phase === "opening" ? "Your browser asks…" : "Start recording"}
      </Button>
    </form>
  );
}
