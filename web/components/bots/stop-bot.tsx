import { href } from "react-router";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";

/** Tells a bot to leave, or not to come, wherever it is shown. */
export function StopBot({ runId, title, stage }: { runId: string; title: string; stage: string }) {
  const isOut = stage === "upcoming";
  return (
    <Confirm
      trigger={
        <Button look="danger">
          {isOut ? "Do not send the bot" : "Stop the bot"}
          <span className="sr-only"> of {title}</span>
        </Button>
      }
      title={isOut ? "Send no bot?" : "Stop the bot?"}
      action={isOut ? "Send none" : "Stop the bot"}
      decline={isOut ? "Let it come" : "Let it go on"}
      to={href("/runs/:id", { id: runId })}
      fields={{ intent: "stopBot" }}
    >
      {isOut
        ? `No bot will come to “${title}”.`
        : `It leaves “${title}”. What was recorded until then is kept, and no rule sends it again.`}
    </Confirm>
  );
}
