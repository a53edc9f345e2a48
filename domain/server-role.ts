/** What an account may do on the whole server; roles in workspaces are others. */
export const serverRoles = ["admin", "user"] as const;
export type ServerRole = (typeof serverRoles)[number];
