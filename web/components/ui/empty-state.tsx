import { AudioLines, FlaskConical, Upload } from "lucide-react";
import { Form, Link, href, useNavigation } from "react-router";
import { Button, buttonClass } from "./button.tsx";
import { TryCall } from "../call/try-call.tsx";

/** What a list says while nothing was ever in it: what it is for, and the ways to begin. */
export function EmptyState() {
  const { formAction, formData } = useNavigation();
  const isBusy = formAction === href("/sample") && formData?.get("what") === "recording";
  return (
    <div className="panel flex flex-col items-center gap-5 px-6 py-16 text-center">
      <span className="grid size-14 place-items-center rounded-full bg-accent-wash text-accent-strong">
        <AudioLines size={26} aria-hidden="true" />
      </span>
      <div className="max-w-md space-y-2">
        <h2 className="text-2xl">Nothing recorded yet</h2>
        <p className="text-soft">
          Drop an audio or video file anywhere on this page. You get a transcript with speakers, a summary that shows
          its evidence, and the tasks that were found in what was said.
        </p>
      </div>
      <div className="flex flex-wrap justify-center gap-3">
        <Link to={href("/recordings/new")} className={buttonClass("primary")}>
          <Upload size={16} aria-hidden="true" /> Upload a recording
        </Link>
        <Form method="post" action={href("/sample")}>
          <Button type="submit" name="what" value="recording" disabled={isBusy}>
            <FlaskConical size={16} aria-hidden="true" /> {isBusy ? "One moment…" : "Try the sample recording"}
          </Button>
        </Form>
        <TryCall />
      </div>
    </div>
  );
}
