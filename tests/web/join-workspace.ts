import type { TestPerson } from "./server.ts";

/** Invites somebody to a workspace, who then joins it by the link, in the role that is offered. */
export async function joinWorkspace(
  { inviter, workspaceId }: { inviter: TestPerson; workspaceId: string },
  person: TestPerson,
  role: "admin" | "member" | "viewer" = "member",
): Promise<void> {
  const { invite } = await inviter.json<{ invite: { url: string } }>(`/api/workspaces/${workspaceId}/members`, {
    method: "POST",
    body: { role },
  });
  await person.json(`/api/invites/${invite.url.split("/").at(-1)}/accept`, { method: "POST" });
}
