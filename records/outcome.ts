/** Why something that a person asked for was not done. `conflict` and `time` say in words what does not allow it. */
export type Refusal =
  | { reason: "not_found" }
  | { reason: "forbidden" }
  | { reason: "agent_not_found" }
  | { reason: "session_not_found" }
  | { reason: "conflict"; message: string }
  | { reason: "time"; message: string };

/** What came of it. `Good` says more of what was done; `Reasons` are those it can be refused for. */
export type Outcome<Good extends object = object, Reasons extends Refusal["reason"] = "not_found" | "conflict"> =
  | ({ ok: true } & Good)
  | ({ ok: false } & Extract<Refusal, { reason: Reasons }>);
