import { CopyOnce } from "../ui/copy-once.tsx";
import { Section } from "../settings/section.tsx";

/** What has to be entered where, from the first key to the first call. */
export function StreamSteps({ address, events }: { address: string; events: readonly string[] }) {
  return (
    <>
      <Section title="1. Keys" lead="Of an application in Stream's dashboard.">
        <p>
          Set <code>STREAM_API_KEY</code> and <code>STREAM_API_SECRET</code> for web and worker, and{" "}
          <code>OPENAI_API_KEY</code> for the worker, by which the agent speaks. Start both anew.
        </p>
      </Section>
      <Section title="2. Webhook" lead="Where Stream tells what happens in calls.">
        <p>Enter this address as a webhook of the application:</p>
        <CopyOnce label="Address of the webhook" value={address} />
        <p>with all events, or at least these:</p>
        <ul aria-label="Events" className="columns-1 font-mono text-sm sm:columns-2">
          {events.map((event) => (
            <li key={event}>{event}</li>
          ))}
        </ul>
        <p className="text-sm text-soft">
          A webhook that is lost does no harm: ten seconds after somebody was let into a call Stream is asked whether it
          began, and within five minutes whether it is over. For a lost recording or transcript it is not asked.
        </p>
      </Section>
      <Section title="3. Call type" lead="Meetings are calls of the type “default”.">
        <ul className="list-disc space-y-1 pl-5">
          <li>Backstage off, so that a call can be joined at once.</li>
          <li>
            Transcription “auto-on”, so that a call which the agent could not hear is read from Stream&apos;s own file,
            and recording “auto-on” where the sound is to be kept. Convene starts neither by itself.
          </li>
        </ul>
      </Section>
      <Section title="4. Role" lead="Everybody in a call, the agent and guests too, has the role “user”.">
        <ul className="list-disc space-y-1 pl-5">
          <li>It needs create-call, join-call, send-audio and send-video.</li>
          <li>It should not have end-call: with it a guest could end the call for all at Stream.</li>
        </ul>
      </Section>
      <Section title="On a laptop" lead="Stream has to find this server from outside.">
        <p>
          Open a tunnel to it (cloudflared, ngrok or another), and start Convene with the tunnel&apos;s https address as{" "}
          <code>PUBLIC_URL</code>. A tunnel whose address changes needs the webhook entered anew.
        </p>
      </Section>
    </>
  );
}
