import { useEffect, useRef } from "react";
import { useFetchers, useNavigation } from "react-router";

/**
 * After a form was refused the focus goes to the first of its fields that is wrong, so that it is said aloud, with the
 * reason that it is described by. Once for all forms of all pages.
 */
export function useRefusedForms(): void {
  const { state } = useNavigation();
  const isIdle = useFetchers().length === 0 && state === "idle";
  const sent = useRef<HTMLFormElement | null>(null);
  useEffect(() => {
    const note = ({ target }: Event) => void (sent.current = target instanceof HTMLFormElement ? target : null);
    document.addEventListener("submit", note);
    // A page that was sent without its scripts comes back whole.
    focusProblemIn(document);
    return () => document.removeEventListener("submit", note);
  }, []);
  useEffect(() => {
    if (!isIdle || sent.current === null) return;
    focusProblemIn(sent.current);
    sent.current = null;
  }, [isIdle]);
}

function focusProblemIn(form: ParentNode): void {
  const wrong = form.querySelector<HTMLElement>('[aria-invalid="true"]');
  // A choice is wrong as a whole.
  const field = wrong instanceof HTMLFieldSetElement ? wrong.querySelector("input") : wrong;
  field?.focus();
}
