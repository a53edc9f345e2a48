import type { BotReport } from "#records/bot-visits/report.ts";
import { Stat } from "../ui/stat.tsx";
import { spokenTime } from "../ui/format.ts";

/** The measures by which auto-join is judged, and what goes on at this moment. */
export function BotStats({ report, centsPerHour }: { report: BotReport; centsPerHour: number }) {
  const { meetings, people, visits, automatic, delay, now, providers } = report;
  const hours = providers.reduce((sum, each) => sum + each.hours, 0);
  return (
    <dl className="mb-8 grid grid-cols-2 gap-3 md:grid-cols-4">
      <Stat name="Automation" value={share(meetings.automatic, meetings.all)}>
        {meetings.automatic} of {meetings.all} meetings got a bot by themselves
      </Stat>
      <Stat name="Bots that succeeded" value={share(visits.recorded, visits.recorded + visits.failed)}>
        {visits.recorded} recorded, {visits.failed} failed, {visits.calledOff} called off
      </Stat>
      <Stat name="Turned on by" value={share(people.autoJoin, people.all)}>
        {people.autoJoin} of {people.all} people
      </Stat>
      <Stat name="Failures in 100" value={per100(automatic.failed, automatic.ended)}>
        of {automatic.ended} visits that calendars ordered
      </Stat>
      <Stat name="In the meeting after" value={delay.mean === null ? "–" : spokenTime(delay.mean)}>
        {delay.p50 === null || delay.p95 === null
          ? "the start, on average"
          : `on average; half within ${spokenTime(delay.p50)}, 95 % within ${spokenTime(delay.p95)}`}
      </Stat>
      <Stat name="Hours in meetings" value={hours.toFixed(1)}>
        {centsPerHour === 0 ? "of all bots" : `about ${((hours * centsPerHour) / 100).toFixed(2)} in your currency`}
      </Stat>
      <Stat name="In meetings now" value={String(now.inCall)}>
        {now.joining} joining
      </Stat>
      <Stat name="Waiting for their hour" value={String(now.waiting)}>
        {now.overdue} overdue
      </Stat>
    </dl>
  );
}

const share = (part: number, all: number) => (all === 0 ? "–" : `${Math.round((100 * part) / all)} %`);
const per100 = (part: number, all: number) => (all === 0 ? "–" : ((100 * part) / all).toFixed(1));
