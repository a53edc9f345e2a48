import {
  Activity,
  AudioLines,
  Bell,
  Bot,
  CalendarDays,
  Gauge,
  House,
  PlugZap,
  Podcast,
  Settings,
  Upload,
  UserCog,
  Users,
  Video,
  Webhook,
} from "lucide-react";
import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Link, href, useLocation } from "react-router";
import { buttonClass } from "../ui/button.tsx";
import { ConnectionIndicator } from "./connection-indicator.tsx";
import { Mark } from "./logo.tsx";
import { AccountMenu } from "./account-menu.tsx";

interface Place {
  to: string;
  words: string;
  icon: LucideIcon;
  /** Its pages, where they are others than those under `to`. */
  isAt?: (pathname: string) => boolean;
  count?: number;
}

export interface NavProps {
  actor: { name: string; email: string; role: string };
  workspaceId: string | null;
  unread: number;
}

function placesOf({ actor, workspaceId, unread }: NavProps): Place[] {
  return [
    { to: href("/"), words: "Home", icon: House, isAt: (pathname) => pathname === href("/") },
    {
      to: href("/recordings"),
      words: "Recordings",
      icon: AudioLines,
      isAt: (pathname) => isUnder(pathname, href("/recordings")) && !isUnder(pathname, href("/recordings/new")),
    },
    { to: href("/meetings"), words: "Meetings", icon: Video },
    { to: href("/calendar"), words: "Calendar", icon: CalendarDays },
    { to: href("/podcasts"), words: "Podcasts", icon: Podcast },
    { to: href("/agents"), words: "Agents", icon: Bot },
    { to: href("/notifications"), words: "Notifications", icon: Bell, count: unread },
    ...(workspaceId === null
      ? []
      : [
          {
            to: href("/workspaces/:id", { id: workspaceId }),
            words: "Members",
            icon: Users,
            isAt: (pathname: string) => isUnder(pathname, "/workspaces"),
          },
        ]),
    ...(actor.role === "admin"
      ? [
          { to: href("/runs"), words: "Runs", icon: Activity },
          { to: href("/bots"), words: "Bots", icon: Gauge },
          { to: href("/inbox"), words: "Deliveries", icon: Webhook },
          { to: href("/stream"), words: "Stream", icon: PlugZap },
          { to: href("/accounts"), words: "Accounts", icon: UserCog },
        ]
      : []),
    { to: href("/settings"), words: "Settings", icon: Settings },
  ];
}

const isUnder = (pathname: string, place: string) => pathname === place || pathname.startsWith(`${place}/`);

/** A link to a place, marked while one is on one of its pages. */
function PlaceLink({
  place,
  look,
  children,
}: {
  place: Place;
  look: (isHere: boolean) => string;
  children: ReactNode;
}) {
  const { pathname } = useLocation();
  const isHere = place.isAt?.(pathname) ?? isUnder(pathname, place.to);
  return (
    <Link to={place.to} aria-current={isHere ? "page" : undefined} className={look(isHere)}>
      {children}
    </Link>
  );
}

const isSettings = ({ to }: Place) => to === href("/settings");
// The bar at the bottom has room for five; the others are in the menu at the top.
const isInBar = ({ words }: Place) => ["Home", "Recordings", "Meetings", "Notifications"].includes(words);

/** The left column on wide screens. */
export function SideNav(props: NavProps) {
  return (
    <header className="sticky top-0 hidden h-dvh w-60 shrink-0 flex-col border-r border-line bg-sunken px-3 py-5 lg:flex">
      <Link to="/" className="flex items-center gap-2.5 px-2 font-serif text-xl font-semibold">
        <Mark /> Convene
      </Link>
      <Link to={href("/recordings/new")} className={`${buttonClass("primary")} mt-6 shrink-0`}>
        <Upload size={16} aria-hidden="true" /> New recording
      </Link>
      {/* In a low window the places are scrolled, and who one is stays in sight. */}
      <nav aria-label="Main" className="-mx-3 mt-6 min-h-0 overflow-y-auto px-3">
        <ul className="space-y-1">
          {placesOf(props).map((place) => (
            <li key={place.to}>
              <PlaceLink place={place} look={sideLink}>
                <place.icon size={18} aria-hidden="true" />
                {place.words}
                <Count of={place.count ?? 0} />
              </PlaceLink>
            </li>
          ))}
        </ul>
      </nav>
      <div className="mt-auto space-y-3 pt-3">
        <ConnectionIndicator />
        <AccountMenu actor={props.actor} places={placesOf(props).filter(isSettings)} />
      </div>
    </header>
  );
}

const sideLink = (isActive: boolean) =>
  `flex min-h-10 items-center gap-3 rounded-lg px-3 text-sm transition-colors ${
    isActive ? "bg-accent-wash font-semibold text-accent-strong" : "text-soft hover:bg-card hover:text-ink"
  }`;

/** The bar at the top of small screens: who this is, how the connection is. */
export function TopBar(props: NavProps) {
  return (
    <header className="flex items-center justify-between border-b border-line bg-sunken px-4 py-2 lg:hidden">
      <Link to="/" className="flex min-h-10 items-center gap-2 font-serif text-lg font-semibold">
        <Mark className="size-7" /> Convene
      </Link>
      <div className="flex items-center gap-1">
        <ConnectionIndicator compact />
        <AccountMenu actor={props.actor} places={placesOf(props).filter((place) => !isInBar(place))} compact />
      </div>
    </header>
  );
}

/** The bar at the bottom of small screens, within the thumb's reach. */
export function BottomBar(props: NavProps) {
  const places = placesOf(props).filter(isInBar);
  const withNew: Place[] = [
    ...places.slice(0, 2),
    { to: href("/recordings/new"), words: "New", icon: Upload },
    ...places.slice(2),
  ];
  return (
    <nav
      aria-label="Main"
      data-bottom-bar
      className="fixed inset-x-0 bottom-0 z-20 border-t border-line bg-sunken pb-[env(safe-area-inset-bottom)] lg:hidden"
    >
      <ul className="flex">
        {withNew.map((place) => (
          <li key={place.to} className="min-w-0 flex-auto">
            <PlaceLink place={place} look={bottomLink}>
              <span className="relative">
                <place.icon size={20} aria-hidden="true" />
                <Dot of={place.count ?? 0} />
              </span>
              <span className="max-w-full truncate">{place.words}</span>
            </PlaceLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}

const bottomLink = (isActive: boolean) =>
  `flex min-h-14 flex-col items-center justify-center gap-0.5 px-0.5 text-[0.6875rem] ${
    isActive ? "font-semibold text-accent" : "text-soft"
  }`;

function Count({ of }: { of: number }) {
  if (of === 0) return null;
  return (
    <span className="figures ml-auto rounded-full bg-accent px-2 text-xs leading-5 font-semibold text-on-accent">
      {of > 99 ? "99+" : of}
      <span className="sr-only"> unread</span>
    </span>
  );
}

function Dot({ of }: { of: number }) {
  if (of === 0) return null;
  return (
    <>
      <span className="absolute -top-0.5 -right-1 size-2 rounded-full bg-live" />
      <span className="sr-only">{of} unread</span>
    </>
  );
}
