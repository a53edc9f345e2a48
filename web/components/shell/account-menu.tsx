import { Menu } from "@base-ui/react/menu";
import { ChevronsUpDown, LogOut } from "lucide-react";
import type { LucideIcon } from "lucide-react";
import { href, useNavigate, useSubmit } from "react-router";
import { menuItem, menuPopup } from "../ui/menu-style.ts";

/** Who is signed in, with the way to `places` and out. */
export function AccountMenu({
  actor,
  places,
  compact = false,
}: {
  actor: { name: string; email: string };
  places: readonly { to: string; words: string; icon: LucideIcon }[];
  compact?: boolean;
}) {
  const navigate = useNavigate();
  const submit = useSubmit();
  return (
    <Menu.Root>
      <Menu.Trigger
        aria-label={compact ? `Account: ${actor.name}` : undefined}
        className={`flex items-center gap-2.5 rounded-lg p-1.5 text-left text-sm hover:bg-card ${compact ? "" : "w-full"}`}
      >
        <Initials name={actor.name} />
        {compact ? null : (
          <>
            <span className="min-w-0 flex-1">
              <span className="block truncate font-medium">{actor.name}</span>
              <span className="block truncate text-xs text-soft">{actor.email}</span>
            </span>
            <ChevronsUpDown size={14} aria-hidden="true" className="text-soft" />
          </>
        )}
      </Menu.Trigger>
      <Menu.Portal>
        <Menu.Positioner sideOffset={6} className="z-40">
          <Menu.Popup className={menuPopup}>
            {places.map(({ to, words, icon: Icon }) => (
              <Menu.Item key={to} className={menuItem} onClick={() => void navigate(to)}>
                <Icon size={16} aria-hidden="true" /> {words}
              </Menu.Item>
            ))}
            <Menu.Item
              className={menuItem}
              onClick={() => void submit(null, { method: "post", action: href("/sign-out") })}
            >
              <LogOut size={16} aria-hidden="true" /> Sign out
            </Menu.Item>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  );
}

function Initials({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    // A letter may take two places, and half of one is none.
    .map((word) => Array.from(word)[0] ?? "")
    .join("")
    .toUpperCase();
  return (
    <span
      aria-hidden="true"
      className="grid size-8 shrink-0 place-items-center rounded-full bg-accent-wash text-xs font-semibold text-accent-strong"
    >
      {letters || "?"}
    </span>
  );
}
