import { useEffect, useEffectEvent, useRef, useState } from "react";

/** The ways in which actions of pages say why they have not done what was asked. */
interface Answer {
  message?: string | null;
  problem?: string | null;
  problems?: Record<string, string>;
}

/**
 * What a page's action has answered to a dialog's form: `onDone` once it was done; where it was refused, `problem` in
 * words until `forget`. So nothing closes over a refusal that nobody has read.
 */
export function useAnswer({ state, data }: { state: string; data?: unknown }, onDone: () => void) {
  const [problem, setProblem] = useState<string | null>(null);
  const wasSent = useRef(false);
  const settle = useEffectEvent(() => {
    const refused = refusalIn(data as Answer | null | undefined);
    setProblem(refused);
    if (refused === null) onDone();
  });
  useEffect(() => {
    if (state === "submitting") {
      wasSent.current = true;
      return;
    }
    if (!wasSent.current) return;
    wasSent.current = false;
    settle();
  }, [state]);
  return { problem, forget: () => setProblem(null) };
}

function refusalIn(answer: Answer | null | undefined): string | null {
  if (typeof answer !== "object" || answer === null) return null;
  const { message, problem, problems = {} } = answer;
  return message || problem || Object.values(problems).join(" ") || null;
}
