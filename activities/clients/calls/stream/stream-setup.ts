import { streamCallType, streamRole } from "./call-type.ts";
import { createStreamClient } from "./stream-client.ts";
import type { StreamAccount } from "./stream-client.ts";
import { isUnknownToStream, streamFailure } from "./stream-failure.ts";

/** Where Stream sends events of calls. `events`: which ones; null: all. */
interface StreamHook {
  url: string;
  events: string[] | null;
}

export interface StreamSetup {
  appName: string;
  hooks: StreamHook[];
  /** The call type that meetings use; null: there is none. */
  callType: { isBackstage: boolean; userMay: string[] } | null;
}

const requestMs = 5_000;

/**
 * How Stream is set up for this application, by its own word. Rejects with an `ApplicationFailure` whose type says
 * whether the key was refused or Stream did not answer. Sources: `GET /api/v2/app` (`AppResponseFields`: `event_hooks`,
 * and before those `webhook_url` with `webhook_events`) and `GET /api/v2/video/calltypes/{name}`.
 */
export async function readStreamSetup(account: StreamAccount): Promise<StreamSetup> {
  const client = createStreamClient(account, { requestMs });
  try {
    const [{ app }, callType] = await Promise.all([
      client.getApp(),
      client.video.getCallType({ name: streamCallType }).catch((error: unknown) => {
        if (isUnknownToStream(error)) return null;
        throw error;
      }),
    ]);
    const hooks = (app.event_hooks ?? []).flatMap(({ hook_type, enabled, webhook_url, event_types }): StreamHook[] =>
      hook_type === "webhook" && enabled !== false && webhook_url
        ? [{ url: webhook_url, events: some(event_types) }]
        : [],
    );
    const first = app.webhook_url ? [{ url: app.webhook_url, events: some(app.webhook_events) }] : [];
    return {
      appName: app.name ?? "",
      hooks: [...hooks, ...first],
      callType: callType && {
        isBackstage: callType.settings?.backstage?.enabled ?? false,
        userMay: callType.grants?.[streamRole] ?? [],
      },
    };
  } catch (error) {
    throw streamFailure(error);
  }
}

/** No list, or an empty one, means every event. */
const some = (events: string[] | undefined): string[] | null => (events?.length ? events : null);
