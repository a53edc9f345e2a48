import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { useFetcher } from "react-router";
import { Button } from "./button.tsx";

/** Whether something is being edited where it stands; when that ends, the focus goes back to what opened it. */
export function useEditing() {
  const [isEditing, setEditing] = useState(false);
  const opener = useRef<HTMLButtonElement | null>(null);
  const wasEditing = useRef(false);
  useEffect(() => {
    if (wasEditing.current && !isEditing) opener.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  return { isEditing, begin: () => setEditing(true), end: () => setEditing(false), opener };
}

interface EditFormProps {
  fetcher: ReturnType<typeof useFetcher>;
  /** What the page's action does with the fields. */
  intent: string;
  onEnd: () => void;
  className?: string;
  children: ReactNode;
}

/** The form in a thing's place: Enter or Save keeps the change, Escape or Cancel drops it. */
export function EditForm({ fetcher, intent, onEnd, className = "", children }: EditFormProps) {
  return (
    <fetcher.Form
      method="post"
      onSubmit={onEnd}
      onKeyDown={(event) => {
        if (event.key === "Escape") onEnd();
      }}
      className={`flex flex-wrap gap-2 ${className}`}
    >
      <input type="hidden" name="intent" value={intent} />
      {children}
      <Button look="primary" type="submit">
        Save
      </Button>
      <Button onClick={onEnd}>Cancel</Button>
    </fetcher.Form>
  );
}
