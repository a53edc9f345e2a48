import { useEffect, useEffectEvent, useReducer, useRef } from "react";
import { useFetchers, useRevalidator } from "react-router";

/**
 * Gives how to read the page's data anew: at once, or as soon as the server has answered the forms that are on their way.
 * React Router drops an answer that leads elsewhere where the data was read since the form was sent, and a person would
 * be left on the page that they have just given up.
 */
export function useRevalidateAfterForms(): () => void {
  const { revalidate } = useRevalidator();
  const isSending = useFetchers().some(({ state }) => state === "submitting");
  const [asked, ask] = useReducer((times: number) => times + 1, 0);
  const done = useRef(0);
  const again = useEffectEvent(() => void revalidate());
  useEffect(() => {
    if (isSending || done.current === asked) return;
    done.current = asked;
    again();
  }, [asked, isSending]);
  return ask;
}
