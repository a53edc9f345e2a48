import { Dialog } from "@base-ui/react/dialog";
import { Download, FileUp } from "lucide-react";
import { useId, useState } from "react";
import { importPlan, mostBlueprintBytes, withSessions } from "#domain/inputs/plan.ts";
import type { Blueprint, PlanSession } from "#domain/plan.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { backdrop, dialogPopup } from "../ui/dialog-style.ts";
import { Notice } from "../ui/notice.tsx";

interface PlanFileProps {
  name: string;
  plan: () => { blueprint: unknown; sessions: PlanSession[] };
  onImport: (imported: { blueprint: Blueprint; sessions: PlanSession[] }) => void;
}

/** The plan from a file and into one, as JSON. */
export function PlanFile({ name, plan, onImport }: PlanFileProps) {
  const save = () => {
    const { blueprint, sessions } = plan();
    download(`${fileName(name)}.json`, JSON.stringify(withSessions(blueprint, sessions), null, 2));
  };
  return (
    <div className="flex flex-wrap gap-2">
      <ImportDialog onImport={onImport} />
      <Button onClick={save}>
        <Download size={16} aria-hidden="true" /> Export
      </Button>
    </div>
  );
}

function ImportDialog({ onImport }: Pick<PlanFileProps, "onImport">) {
  const [isOpen, setOpen] = useState(false);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const ids = { file: useId(), text: useId() };
  const read = async (file: File | undefined) => {
    setProblem(null);
    if (file === undefined) return;
    if (file.size > 2 * mostBlueprintBytes)
      return setProblem(`${file.name} is larger than ${mostBlueprintBytes / 1000} kB.`);
    setText(await file.text());
  };
  const take = () => {
    const imported = importPlan(text);
    if (!imported.ok) return setProblem(imported.problem);
    onImport(imported);
    setText("");
    setOpen(false);
  };
  return (
    <Dialog.Root open={isOpen} onOpenChange={setOpen}>
      <Dialog.Trigger className={buttonClass("plain")}>
        <FileUp size={16} aria-hidden="true" /> Import
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Backdrop className={backdrop} />
        <Dialog.Popup className={dialogPopup}>
          <Dialog.Title className="text-2xl">Import a plan</Dialog.Title>
          <Dialog.Description className="mt-2 text-soft">
            JSON with a list of <code className="font-mono">sessions</code> (or{" "}
            <code className="font-mono">conversations</code>), each with a{" "}
            <code className="font-mono">session_name</code> and <code className="font-mono">goals</code>. It takes the
            place of the plan below; nothing is kept until you save the agent.
          </Dialog.Description>
          <div className="mt-5 space-y-4">
            <div className="space-y-1.5">
              <label htmlFor={ids.file} className="block text-sm font-medium">
                From a file
              </label>
              <input
                id={ids.file}
                type="file"
                accept="application/json,.json"
                onChange={(event) => void read(event.target.files?.[0])}
                className="field text-sm"
              />
            </div>
            <div className="space-y-1.5">
              <label htmlFor={ids.text} className="block text-sm font-medium">
                Or pasted
              </label>
              <textarea
                id={ids.text}
                rows={8}
                value={text}
                spellCheck={false}
                placeholder='{"sessions": [{"session_name": "First talk", "goals": ["Get to know each other"]}]}'
                onChange={(event) => setText(event.target.value)}
                className="field font-mono text-sm"
              />
            </div>
            {problem === null ? null : (
              <Notice kind="bad" role="alert">
                {problem}
              </Notice>
            )}
            <div className="flex flex-wrap justify-end gap-3">
              <Dialog.Close className={buttonClass("plain")}>Not now</Dialog.Close>
              <Button look="primary" onClick={take} disabled={text.trim() === ""}>
                Take this plan
              </Button>
            </div>
          </div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const fileName = (name: string) => `${name.trim().replaceAll(/[^\p{L}\p{N}]+/gu, "-") || "agent"}-plan`;

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  URL.revokeObjectURL(address);
}
