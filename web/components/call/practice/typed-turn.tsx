import { SendHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "../../ui/button.tsx";

/** A turn in writing. What cannot be sent just now stays in the field. */
export function TypedTurn({ say, isConnected }: { say: (text: string) => boolean; isConnected: boolean }) {
  const id = useId();
  const [text, setText] = useState("");
  const [isUnsent, setUnsent] = useState(false);
  const isCut = isUnsent && !isConnected;
  return (
    <form
      className="p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() === "") return;
        const isSent = say(text.trim());
        setUnsent(!isSent);
        if (isSent) setText("");
      }}
    >
      <label htmlFor={id} className="sr-only">
        Type to the agent
      </label>
      <div className="flex gap-2">
        <input
          id={id}
          className="field min-w-0 flex-1"
          placeholder="Type to the agent"
          autoComplete="off"
          maxLength={4000}
          value={text}
          aria-describedby={isCut ? `${id}-unsent` : undefined}
          onChange={(event) => setText(event.target.value)}
        />
        <Button look="primary" type="submit" aria-label="Send" className="px-3">
          <SendHorizontal size={18} aria-hidden="true" />
        </Button>
      </div>
      {isCut ? (
        <p id={`${id}-unsent`} role="alert" className="mt-2 text-sm text-danger">
          You are not connected just now. Your words stay here; send them when you are back.
        </p>
      ) : null}
    </form>
  );
}
