import { Link, href } from "react-router";
import { Section } from "../settings/section.tsx";
import { Time } from "../ui/time.tsx";

interface Seen {
  seenAt: Date;
  refusal: string | null;
}

/** When Stream's webhooks were last here, and whether they were signed as they should be. */
export function LastSeen({ signed, unsigned }: { signed: Seen | null; unsigned: Seen | null }) {
  return (
    <Section
      title="Last webhook"
      lead={
        <>
          All that was kept stands under{" "}
          <Link to={`${href("/inbox")}?sender=stream`} className="underline">
            Deliveries
          </Link>
          .
        </>
      }
    >
      <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[12rem_1fr]">
        <dt className="text-soft">Signature good</dt>
        <dd>
          {signed === null ? (
            "none has come yet"
          ) : (
            <>
              <Time at={signed.seenAt} />
              {signed.refusal === null ? ", kept" : `, not taken: ${signed.refusal}`}
            </>
          )}
        </dd>
        <dt className="text-soft">Signature wrong</dt>
        <dd>{unsigned === null ? "none has come" : <Time at={unsigned.seenAt} />}</dd>
      </dl>
    </Section>
  );
}
