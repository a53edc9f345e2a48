import { CopyOnce } from "../ui/copy-once.tsx";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";

/** The link that lets people without an account into the call, and the way to make it worthless. */
export function GuestLink({ address }: { address: string }) {
  return (
    <section aria-labelledby="guests" className="panel space-y-3 p-5 sm:p-6">
      <h2 id="guests" className="text-xl">
        Guests
      </h2>
      <p className="text-sm text-soft">
        Whoever has this link can join the call with a name, without an account. Guests see nothing of what was said
        before, and nothing of what comes of it.
      </p>
      <CopyOnce key={address} label="Guest link" value={address} />
      <Confirm
        trigger={<Button look="quiet">Revoke the link</Button>}
        title="Revoke the guest link?"
        action="Revoke it"
        fields={{ intent: "revokeGuests" }}
      >
        Nobody can join by it any more; guests who are in the call stay. You get a new link to give out.
      </Confirm>
    </section>
  );
}
