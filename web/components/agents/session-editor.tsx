import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import type { KeyboardEvent } from "react";
import { textLimits } from "#domain/text.ts";
import { Button, IconButton } from "../ui/button.tsx";
import { mostGoals } from "./plan-editing.ts";
import type { EditedGoal, EditedSession, PlanChange } from "./plan-editing.ts";

interface PartProps {
  place: number;
  count: number;
  onChange: (change: PlanChange) => void;
}

/** One session of the plan: its name and its goals. */
export function SessionEditor({ session, place, count, onChange }: PartProps & { session: EditedSession }) {
  const { key, goals } = session;
  const called = session.name.trim() || `session ${place + 1}`;
  const move = (by: -1 | 1, focus = key) => onChange({ type: "sessionMoved", session: key, by, focus });
  return (
    <fieldset className="panel space-y-4 p-4 sm:p-5">
      <legend className="sr-only">Session {place + 1}</legend>
      <div className="flex flex-wrap items-end gap-x-2 gap-y-3">
        <label className="min-w-0 flex-1 basis-56 space-y-1.5">
          <span className="block text-sm font-medium">Session {place + 1}</span>
          <input
            data-part={key}
            value={session.name}
            required
            maxLength={textLimits.title}
            placeholder="What this session is about"
            onChange={(event) => onChange({ type: "sessionNamed", session: key, name: event.target.value })}
            onKeyDown={(event) => {
              if (!moveByKey(event, move) && event.key === "Enter") {
                event.preventDefault();
                onChange({ type: "goalAdded", session: key });
              }
            }}
            className="field font-medium"
          />
        </label>
        <div className="flex">
          <MoveButtons of={key} called={called} place={place} count={count} onMove={move} />
          <IconButton label={`Remove ${called}`} onClick={() => onChange({ type: "sessionRemoved", session: key })}>
            <Trash2 size={17} aria-hidden="true" />
          </IconButton>
        </div>
      </div>
      {goals.length === 0 ? null : (
        <ol aria-label={`Goals of ${called}`} className="space-y-2">
          {goals.map((goal, index) => (
            <li key={goal.key}>
              <GoalEditor goal={goal} session={key} place={index} count={goals.length} onChange={onChange} />
            </li>
          ))}
        </ol>
      )}
      <Button
        look="quiet"
        data-part={`add-${key}`}
        disabled={goals.length >= mostGoals}
        onClick={() => onChange({ type: "goalAdded", session: key })}
      >
        <Plus size={16} aria-hidden="true" /> Add a goal<span className="sr-only"> to {called}</span>
      </Button>
    </fieldset>
  );
}

// Enter adds the next goal; Backspace in an empty one removes it.
function GoalEditor({ goal, session, place, count, onChange }: PartProps & { goal: EditedGoal; session: string }) {
  const called = `goal ${place + 1}`;
  const move = (by: -1 | 1, focus = goal.key) => onChange({ type: "goalMoved", session, goal: goal.key, by, focus });
  const remove = () => onChange({ type: "goalRemoved", session, goal: goal.key });
  return (
    <div className="flex items-center gap-1">
      <input
        data-part={goal.key}
        aria-label={`Goal ${place + 1}`}
        value={goal.text}
        maxLength={textLimits.goal}
        placeholder="What should come up or be found out"
        onChange={(event) => onChange({ type: "goalWritten", session, goal: goal.key, text: event.target.value })}
        onKeyDown={(event) => {
          if (moveByKey(event, move)) return;
          if (event.key === "Enter") {
            event.preventDefault();
            onChange({ type: "goalAdded", session, after: goal.key });
          } else if (event.key === "Backspace" && goal.text === "") {
            event.preventDefault();
            remove();
          }
        }}
        className="field min-w-0 flex-1"
      />
      <MoveButtons of={goal.key} called={called} place={place} count={count} onMove={move} />
      <IconButton label={`Remove ${called}`} onClick={remove}>
        <Trash2 size={16} aria-hidden="true" />
      </IconButton>
    </div>
  );
}

/** Alt with an arrow key moves the part that is typed in. False: the key was another. */
function moveByKey(event: KeyboardEvent, move: (by: -1 | 1) => void): boolean {
  if (!event.altKey || (event.key !== "ArrowUp" && event.key !== "ArrowDown")) return false;
  event.preventDefault();
  move(event.key === "ArrowUp" ? -1 : 1);
  return true;
}

interface MoveButtonsProps {
  /** The part's key. */
  of: string;
  called: string;
  place: number;
  count: number;
  onMove: (by: -1 | 1, focus: string) => void;
}

// Not `disabled` at the ends: the button that was just used would lose the focus.
function MoveButtons({ of, called, place, count, onMove }: MoveButtonsProps) {
  if (count < 2) return null;
  const ways = [
    { by: -1, words: "up", isEnd: place === 0, Icon: ArrowUp },
    { by: 1, words: "down", isEnd: place === count - 1, Icon: ArrowDown },
  ] as const;
  return ways.map(({ by, words, isEnd, Icon }) => (
    <IconButton
      key={words}
      data-part={`${words}-${of}`}
      label={`Move ${called} ${words}`}
      aria-disabled={isEnd}
      onClick={() => (isEnd ? undefined : onMove(by, `${words}-${of}`))}
      className="aria-disabled:opacity-40"
    >
      <Icon size={16} aria-hidden="true" />
    </IconButton>
  ));
}
