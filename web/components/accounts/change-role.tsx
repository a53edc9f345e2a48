import type { ListedAccount } from "#records/accounts/account-lists.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";

/** Makes an account administrator, or takes that back, after asking. One button for both, so that it keeps the focus. */
export function ChangeRole({ account, isSelf }: { account: ListedAccount; isSelf: boolean }) {
  const { id, name, role } = account;
  const isMaking = role === "user";
  const words = isMaking ? "Make administrator" : "Take back";
  return (
    <Confirm
      // All say the same, so each is named after whose it is.
      trigger={<Button aria-label={`${words}: ${name}`}>{words}</Button>}
      title={titleOf({ name, isMaking, isSelf })}
      action={words}
      look={isMaking ? "primary" : "danger"}
      decline="Leave it"
      fields={{ userId: id, role: isMaking ? "admin" : "user" }}
    >
      <Consequence account={account} isMaking={isMaking} isSelf={isSelf} />
    </Confirm>
  );
}

function titleOf({ name, isMaking, isSelf }: { name: string; isMaking: boolean; isSelf: boolean }): string {
  if (isMaking) return `Make ${name} an administrator?`;
  return isSelf ? "Be no administrator any more?" : `Take administration back from ${name}?`;
}

interface Consequences {
  account: ListedAccount;
  isMaking: boolean;
  isSelf: boolean;
}

// By the e-mail address: people name themselves, and may do so after somebody else.
function Consequence({ account: { email }, isMaking, isSelf }: Consequences) {
  const address = <bdi className="font-medium break-words">{email}</bdi>;
  if (isMaking) {
    return (
      <>
        {address} then sees what runs in every workspace, all deliveries, bots and accounts, and can make and take back
        administrators, you among them. It holds at once.
      </>
    );
  }
  if (isSelf) {
    return "You lose the pages for administrators at once, on every device. Only another administrator can give them back to you.";
  }
  return (
    <>
      {address} loses the pages for administrators at once, also where they are open. The account and all that is in it
      stay.
    </>
  );
}
