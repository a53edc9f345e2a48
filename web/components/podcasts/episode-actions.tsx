import { useFetcher } from "react-router";
import type { EpisodeView } from "#records/channels/episodes.ts";
import type { ActionMessage } from "../../pages/outcome.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { useKeptFocus } from "../ui/kept-focus.ts";

/** What a person can make of an episode. To publish asks nothing: to withdraw takes it back. */
export function EpisodeActions({ episode: { id, title, state } }: { episode: EpisodeView }) {
  const fetcher = useFetcher<ActionMessage>();
  const name = <span className="sr-only"> {title}</span>;
  const kept = useKeptFocus<HTMLDivElement>();
  return (
    <div className="flex flex-wrap gap-2" {...kept}>
      {state === "published" ? (
        <Confirm
          trigger={<Button>Withdraw{name}</Button>}
          title={`Withdraw ${title}?`}
          action="Withdraw it"
          decline="Leave it published"
          fields={{ intent: "withdraw", episodeId: id }}
        >
          It leaves the podcast’s feed, and its file is not given out any more. Apps that fetched it already may keep
          it. You can publish it again.
        </Confirm>
      ) : (
        <fetcher.Form method="post">
          <input type="hidden" name="episodeId" value={id} />
          <Button
            type="submit"
            look={state === "held" ? "primary" : "plain"}
            name="intent"
            value="publish"
            disabled={fetcher.state !== "idle"}
          >
            {state === "withdrawn" ? "Publish again" : "Publish"}
            {name}
          </Button>
        </fetcher.Form>
      )}
      {state === "held" || state === "withdrawn" ? (
        <Confirm
          trigger={<Button>Discard{name}</Button>}
          title={`Discard ${title}?`}
          action="Discard it"
          fields={{ intent: "discard", episodeId: id }}
        >
          It is shown as discarded and not published. Its sound and transcript are kept, and you can still publish it.
        </Confirm>
      ) : null}
      {fetcher.data?.message ? (
        <p role="alert" className="basis-full text-sm text-danger">
          {fetcher.data.message}
        </p>
      ) : null}
    </div>
  );
}
