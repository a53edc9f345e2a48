import { Mic, MicOff } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { Select } from "../ui/field.tsx";
import { LevelMeter } from "../ui/level-meter.tsx";
import { useLevel } from "./capture.ts";
import type { Capture } from "./capture.ts";

interface MicrophoneCheckProps {
  microphone: Capture;
  /** What can be done without one. */
  otherwise: string;
  /** Whether what is around it names it already. */
  isNamed?: boolean;
}

/** Tries a microphone, lets another be chosen, and shows whether it hears anything. */
export function MicrophoneCheck({ microphone, otherwise, isNamed = false }: MicrophoneCheckProps) {
  const { state, stream, devices, deviceId, open } = microphone;
  const level = useLevel(stream);
  const isSilent = useSilence(state === "on", level);
  return (
    <fieldset className="space-y-3">
      <legend className={isNamed ? "sr-only" : "text-sm font-medium"}>Microphone</legend>
      {state === "on" ? (
        <>
          <Select
            label="Which one"
            options={devices.map(({ id, label }) => ({ value: id, words: label }))}
            value={deviceId ?? ""}
            onChange={(event) => void open(event.target.value)}
          />
          <LevelMeter label="How loud the microphone is" level={level} />
          <p role="status" className="text-sm text-soft">
            {isSilent ? "Nothing is heard yet. Say something, or choose another one." : "You can be heard."}
          </p>
        </>
      ) : (
        <div className="flex flex-wrap items-center gap-3">
          <Button onClick={() => void open()} disabled={state === "asking"}>
            {state === "refused" || state === "missing" ? (
              <MicOff size={16} aria-hidden="true" />
            ) : (
              <Mic size={16} aria-hidden="true" />
            )}
            Test the microphone
          </Button>
          <p role="status" className="min-w-0 flex-1 basis-56 text-sm text-soft">
            {state === "asking" ? "Your browser asks whether Convene may use it." : ""}
            {state === "refused" ? `The browser does not allow the microphone. ${otherwise}` : ""}
            {state === "missing" ? `No microphone was found. ${otherwise}` : ""}
          </p>
        </div>
      )}
    </fieldset>
  );
}

/** From this level on somebody is taken to speak. */
const spokenLevel = 0.15;

/** Whether an open microphone has not heard anything yet. */
function useSilence(isOpen: boolean, level: number): boolean {
  const [hasHeard, setHeard] = useState(false);
  if (isOpen && level > spokenLevel && !hasHeard) setHeard(true);
  if (!isOpen && hasHeard) setHeard(false);
  return isOpen && !hasHeard;
}
