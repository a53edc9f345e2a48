import { Menu } from "@base-ui/react/menu";
import { Check, ChevronDown } from "lucide-react";
import { href, useFetcher } from "react-router";
import { overrides } from "#domain/calendar/preferences.ts";
import type { Override } from "#domain/calendar/preferences.ts";
import type { EventView } from "#records/calendars/events.ts";
import type { OverrideScope } from "#records/calendars/overrides.ts";
import type { OverrideAnswer } from "../../calendar/override-actions.ts";
import { buttonClass } from "../ui/button.tsx";
import { plural } from "../ui/format.ts";
import { menuItem, menuPopup } from "../ui/menu-style.ts";
import { Undoable } from "../ui/undoable.tsx";
import { overrideLabels, titleOf } from "./calendar-labels.ts";

type Overridden = Pick<EventView, "id" | "title" | "override" | "said" | "recurring">;

/** What a person says about one event or its series, whatever their rules say; told what it changed, with the way back. */
export function OverrideControl({ event }: { event: Overridden }) {
  const fetcher = useFetcher<OverrideAnswer>();
  const say = (scope: OverrideScope, override: Override) =>
    void fetcher.submit(
      { intent: "override", eventId: event.id, scope, override },
      { method: "post", action: href("/calendar") },
    );
  const isBusy = fetcher.state !== "idle";
  return (
    <>
      <Menu.Root>
        <Menu.Trigger className={`${buttonClass("plain")} min-h-9! px-3! py-1!`}>
          <span className="sr-only">Joining {titleOf(event)}: </span>
          {isBusy ? "One moment…" : overrideLabels[event.override]}
          <ChevronDown size={15} aria-hidden="true" />
        </Menu.Trigger>
        <Menu.Portal>
          <Menu.Positioner sideOffset={4} align="start" className="z-50">
            <Menu.Popup className={menuPopup}>
              <Choices
                title="This event"
                value={event.said.one}
                onChoose={(value) => say("one", value)}
                event={event}
              />
              {event.recurring ? (
                <>
                  <Menu.Separator className="my-1.5 h-px bg-line" />
                  <Choices
                    title="The whole series"
                    value={event.said.series}
                    onChoose={(value) => say("series", value)}
                  />
                </>
              ) : null}
            </Menu.Popup>
          </Menu.Positioner>
        </Menu.Portal>
      </Menu.Root>
      <Outcome answer={isBusy ? undefined : fetcher.data} onUndo={say} />
    </>
  );
}

interface ChoicesProps {
  title: string;
  value: Override;
  onChoose: (value: Override) => void;
  /** Where an occurrence of a series is chosen for, which may go with its series. */
  event?: Overridden;
}

function Choices({ title, value, onChoose, event }: ChoicesProps) {
  const wordsOf = (each: Override) =>
    each === "default" && event !== undefined && event.said.series !== "default"
      ? "As for the series"
      : overrideLabels[each];
  return (
    <Menu.Group>
      <Menu.GroupLabel className="px-2.5 py-1 text-xs font-semibold text-soft">{title}</Menu.GroupLabel>
      <Menu.RadioGroup value={value} onValueChange={(next: Override) => onChoose(next)}>
        {overrides.map((each) => (
          <Menu.RadioItem key={each} value={each} closeOnClick className={menuItem}>
            <span className="w-4">
              <Menu.RadioItemIndicator>
                <Check size={15} aria-hidden="true" />
              </Menu.RadioItemIndicator>
            </span>
            {wordsOf(each)}
          </Menu.RadioItem>
        ))}
      </Menu.RadioGroup>
    </Menu.Group>
  );
}

interface OutcomeProps {
  answer: OverrideAnswer | undefined;
  onUndo: (scope: OverrideScope, value: Override) => void;
}

function Outcome({ answer, onUndo }: OutcomeProps) {
  return (
    <div role="status" className="order-last w-full text-sm empty:hidden">
      {answer?.problem ? <p className="text-danger">{answer.problem}</p> : null}
      {answer?.done ? (
        <Undoable
          isDone={answer.done.before !== answer.done.value}
          onUndo={() => answer.done && onUndo(answer.done.scope, answer.done.before)}
        >
          {outcomeWords(answer.done)}
        </Undoable>
      ) : null}
    </div>
  );
}

const outcomeWords = ({ scope, value, changed }: NonNullable<OverrideAnswer["done"]>) =>
  `${overrideLabels[value]}${scope === "series" ? ", the whole series" : ""}: ${
    changed === 0 ? "nothing is decided otherwise by it." : `decided otherwise for ${plural(changed, "event")}.`
  }`;
