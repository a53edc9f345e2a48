import { Link, data, href, redirect } from "react-router";
import { z } from "zod";
import { serverRoles } from "#domain/server-role.ts";
import { listAccounts } from "#records/accounts/account-lists.ts";
import { countAdministrators } from "#records/accounts/administrators.ts";
import { AccountList } from "../components/accounts/account-list.tsx";
import { buttonClass } from "../components/ui/button.tsx";
import { ListFilter, Pager } from "../components/ui/list-filter.tsx";
import { PageHeader } from "../components/ui/page-header.tsx";
import { giveRole } from "../pages/accounts/give-role.ts";
import { depsContext } from "../pages/context.ts";
import { formOf, mustParse } from "../pages/forms.ts";
import { listPlaceOf } from "../pages/list-query.ts";
import { requireOperator } from "../pages/operator.ts";
import { settleFor } from "../pages/outcome.ts";
import type { Route } from "./+types/accounts.ts";

const Asked = z.object({ userId: z.uuid(), role: z.enum(serverRoles) });
const filters = { administrators: "Administrators" };
const settle = settleFor("This account is not there any more, or you are no administrator any more.");

export async function loader({ context, url }: Route.LoaderArgs) {
  const actor = requireOperator(context);
  const { prisma } = context.get(depsContext);
  const role = url.searchParams.get("status") === "administrators" ? "admin" : null;
  const [page, administrators] = await Promise.all([
    listAccounts(prisma, { ...listPlaceOf(url), role, limit: 50 }),
    countAdministrators(prisma),
  ]);
  return { ...page, administrators, actorId: actor.id };
}

export async function action({ request, context }: Route.ActionArgs) {
  const actor = requireOperator(context);
  const asked = mustParse(Asked, await formOf(request));
  const answer = settle(await giveRole(context.get(depsContext), { actorId: actor.id, ...asked }));
  // By its status the rows are not read anew, which could take away the dialog that says why.
  if (answer.message !== null) return data(answer, { status: 409 });
  // For who is no administrator any more there is no such page.
  if (asked.userId === actor.id && asked.role === "user") throw redirect(href("/"));
  return answer;
}

export default function Accounts({ loaderData }: Route.ComponentProps) {
  const { items, nextCursor, administrators, actorId } = loaderData;
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Accounts" lead="Who has an account on this server, and who administers it." />
      <ListFilter label="Search name or e-mail" filters={filters} counts={{ administrators }} />
      {items.length === 0 ? (
        <NoMatch />
      ) : (
        <AccountList accounts={items} actorId={actorId} isOnlyOne={administrators === 1} />
      )}
      <Pager nextCursor={nextCursor} />
    </div>
  );
}

function NoMatch() {
  return (
    <div className="panel px-6 py-12 text-center">
      <p className="mb-4 text-soft">No account fits this search.</p>
      <Link to={href("/accounts")} className={buttonClass("plain")}>
        Clear the search
      </Link>
    </div>
  );
}
