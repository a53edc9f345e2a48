import { createContext } from "react-router";
import type { ServerRole } from "#domain/server-role.ts";
import type { WebDeps } from "../deps.ts";

/** Who is signed in. `role` is "admin" for those who see every run and the server's settings. */
export interface Actor {
  id: string;
  name: string;
  email: string;
  role: ServerRole;
  /** The session that this request came with. */
  sessionId: string;
}

/** What middleware and loaders are given by the server, and what they give each other. */
export const depsContext = createContext<WebDeps>();
export const nonceContext = createContext<string>("");
export const requestIdContext = createContext<string>("");
/** Set by the shell's middleware, so every page inside the shell has one. */
export const actorContext = createContext<Actor>();
