import { Video } from "lucide-react";
import { Form, href, useNavigation } from "react-router";
import { Button } from "../ui/button.tsx";

/** The way into a call with the agent that is ready to be tried. */
export function TryCall() {
  const { formAction, formData } = useNavigation();
  const isBusy = formAction === href("/sample") && formData?.get("what") === "call";
  return (
    <Form method="post" action={href("/sample")}>
      <Button type="submit" name="what" value="call" disabled={isBusy}>
        <Video size={16} aria-hidden="true" /> {isBusy ? "One moment…" : "Try a call"}
      </Button>
    </Form>
  );
}
