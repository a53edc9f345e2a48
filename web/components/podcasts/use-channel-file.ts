import { useState, useTransition } from "react";
import { useRevalidator } from "react-router";
import { bytes } from "../ui/format.ts";

type Said = "kept" | { problem: string };

/** Sends a file that a channel is to have; `said` is what came of the last one. */
export function useChannelFile(path: string, mostBytes: number) {
  const [said, setSaid] = useState<Said | null>(null);
  const [isSending, startSending] = useTransition();
  const { revalidate } = useRevalidator();
  const send = (file: File) => {
    setSaid(null);
    startSending(async () => {
      const answer = await sendFile(path, file, mostBytes);
      setSaid(answer);
      if (answer === "kept") await revalidate();
    });
  };
  return { send, isSending, said };
}

async function sendFile(path: string, file: File, mostBytes: number): Promise<Said> {
  if (file.size > mostBytes) return { problem: `“${file.name}” is larger than ${bytes(mostBytes)}.` };
  const body = new FormData();
  body.set("file", file);
  const answer = await fetch(path, { method: "POST", body }).catch(() => null);
  if (answer === null) return { problem: "The server could not be reached. Choose the file again in a moment." };
  if (answer.ok) return "kept";
  const told: unknown = await answer.json().catch(() => null);
  const detail = typeof told === "object" && told !== null && "detail" in told ? String(told.detail) : "";
  return { problem: detail || `The server refused it (${answer.status}). Choose the file again in a moment.` };
}
