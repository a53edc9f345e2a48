import { useEffect, useRef } from "react";
import { href, useLocation, useNavigate, useRevalidator } from "react-router";
import { z } from "zod";
import type { RunListItem } from "../runs/run-list.tsx";
import { useUploader } from "./use-uploader.tsx";

/** What the page of uploads hands on to the list: the transfer that is to be opened once it has arrived. */
const Awaiting = z.object({ awaits: z.string() });
export type Awaiting = z.infer<typeof Awaiting>;

/**
 * Reads the list anew where it may: while it shows nothing there is nothing to keep in its place, and what this
 * person has sent is looked for, whatever moves.
 */
export function useArrivals(rows: readonly RunListItem[], { unseen, isBare }: { unseen: number; isBare: boolean }) {
  const [{ transfers }] = useUploader();
  const { revalidate } = useRevalidator();
  const asked = useRef(new Set<string>());
  const arrived = transfers.flatMap(({ state, conversationId }) =>
    state === "done" && conversationId !== null && !rows.some((row) => row.conversationId === conversationId)
      ? [conversationId]
      : [],
  );
  const missing = arrived.join();
  useEffect(() => {
    // Each once: a list that is narrowed, or turned to a later page, need not show it.
    const fresh = missing.split(",").filter((id) => id !== "" && !asked.current.has(id));
    fresh.forEach((id) => asked.current.add(id));
    if (fresh.length > 0 || (isBare && unseen > 0)) void revalidate();
  }, [missing, isBare, unseen, revalidate]);
}

/** Goes on to the recording that one came here to wait for, unless one has begun to do something else meanwhile. */
export function useOpenArrived() {
  const [{ transfers }] = useUploader();
  const navigate = useNavigate();
  const { state } = useLocation();
  const awaited = Awaiting.safeParse(state).data?.awaits;
  const id = transfers.find(({ key }) => key === awaited)?.conversationId ?? null;
  const isTouched = useRef(false);
  useEffect(() => {
    if (awaited === undefined) return;
    const touch = () => (isTouched.current = true);
    const acts = ["pointerdown", "keydown", "wheel"] as const;
    for (const act of acts) addEventListener(act, touch);
    return () => {
      for (const act of acts) removeEventListener(act, touch);
    };
  }, [awaited]);
  useEffect(() => {
    // It takes the place of the waiting, so that "back" does not lead to a list that opens it again.
    if (id !== null && !isTouched.current) void navigate(href("/recordings/:id", { id }), { replace: true });
  }, [id, navigate]);
}
