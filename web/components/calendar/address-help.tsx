const ways = [
  [
    "Google Calendar",
    "Settings, then your calendar at the left, “Integrate calendar”: copy the “Secret address in iCal format”.",
  ],
  ["Outlook", "Settings, “Calendar”, “Shared calendars”, “Publish a calendar” with all details: copy the ICS link."],
  ["Fastmail", "Settings, “Calendars”, “Share or export” of the calendar: copy the iCalendar address."],
  ["Apple iCloud", "Share the calendar as a “Public Calendar” and copy its link; webcal:// is fine."],
] as const;

/** Where to find a calendar's address. */
export function AddressHelp() {
  return (
    <details className="text-sm">
      <summary className="link inline-flex min-h-9 items-center">Where do I find it?</summary>
      <dl className="mt-2 space-y-2.5">
        {ways.map(([name, words]) => (
          <div key={name}>
            <dt className="font-medium">{name}</dt>
            <dd className="text-soft">{words}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
