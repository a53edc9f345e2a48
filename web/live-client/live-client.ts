import { io } from "socket.io-client";
import type { ManagerOptions, Socket, SocketOptions } from "socket.io-client";
import type {
  DeliveredEvent,
  LiveClientEvents,
  LiveServerEvents,
  SubscribeReply,
  SubscriptionEnd,
} from "#domain/live.ts";
import { createPoller } from "./poller.ts";
import { createReconnector } from "./reconnector.ts";
import type { ConnectionStatus, ReconnectOptions } from "./reconnector.ts";
import { offer } from "./topic-watch.ts";
import type { TopicReader, Watch, WatchHandlers } from "./topic-watch.ts";

export interface LiveClientOptions extends ReconnectOptions {
  /** The server's address; the page's own where absent. */
  url?: string;
  /** Fetches a fresh live token before each connect; null: signed out. Without it the session cookie serves. */
  token?: () => Promise<string | null>;
  /** Further options of socket.io-client. */
  socket?: Partial<ManagerOptions & SocketOptions>;
}

interface Topic {
  readers: Set<TopicReader>;
  /** The newest number that came in; a reader that has less must subscribe again. */
  last: number;
  isPending: boolean;
  retry?: ReturnType<typeof setTimeout>;
  farewell?: ReturnType<typeof setTimeout>;
}

export type LiveClient = ReturnType<typeof createLiveClient>;

const ANSWER_MS = 10_000;
const RETRY_MS = 1_000;
const LINGER_MS = 1_000;
/** Some proxies refuse no WebSocket, but pass nothing on either. */
const CONNECT_MS = 8_000;
/** Failed tries after which the server is asked without a WebSocket: where none was ever open, and where one was. */
const TRIES_BEFORE_POLLING = { atFirst: 2, later: 4 };

/** `polling`: no WebSocket comes through, but the server answers; one is tried again and again. */
export type LiveStatus = ConnectionStatus | { state: "polling" };
const polling: LiveStatus = { state: "polling" };

/**
 * The live feed in a browser tab: one connection, any number of topics, each reader given every event after the
 * number it names, once and in order, whatever happens to the connection. Connects with the first watch.
 */
export function createLiveClient({ url, token, socket: extra, ...reconnect }: LiveClientOptions = {}) {
  const topics = new Map<string, Topic>();
  const statusListeners = new Set<() => void>();
  const socket: Socket<LiveServerEvents, LiveClientEvents> = io(url ?? "", {
    // Its own polling needs the same web process for each of its requests, which nothing here does.
    transports: ["websocket"],
    timeout: CONNECT_MS,
    autoConnect: false,
    reconnection: false,
    ...extra,
  });
  const reconnector = createReconnector({
    ...reconnect,
    connect: () => void open(),
    onStatus: tell,
  });
  // Outside a browser, who somebody is stands in the socket's headers, and has to be said here just so.
  const headers = extra?.extraHeaders ?? {};
  const askByCookie = (path: string, signal: AbortSignal) => fetch(`${url ?? ""}${path}`, { signal, headers });
  let failures = 0;
  let wasOpen = false;
  let isAnswering = false;
  let isPolling = false;
  // A token opens sockets alone: without a session's cookie there is no other way.
  const poller =
    token === undefined
      ? createPoller({
          ...reconnect,
          ask: askByCookie,
          watches: () =>
            [...topics].flatMap(([topic, { readers }]) => wishOf(readers).map((after) => ({ topic, after }))),
          onEvents: (events) => events.forEach(heard),
          onEnded: ended,
          onAnswering(isNow) {
            const isBack = isNow && !isAnswering;
            isAnswering = isNow;
            // It may have been the server that was away: only a socket that fails beside an answer is blocked.
            if (isBack) reconnector.retryNow();
            else if (!isNow && isPolling) endPolling();
          },
          onSignedOut: refused,
        })
      : null;

  function tell() {
    statusListeners.forEach((listener) => listener());
  }

  function endPolling() {
    isPolling = false;
    tell();
  }

  function failed() {
    failures += 1;
    if (isAnswering) isPolling = true;
    else if (failures >= TRIES_BEFORE_POLLING[wasOpen ? "later" : "atFirst"]) poller?.start();
    reconnector.lost();
  }

  function refused() {
    poller?.stop();
    isPolling = false;
    isAnswering = false;
    reconnector.refused();
  }

  async function open() {
    if (token === undefined) return void socket.connect();
    try {
      const fresh = await token();
      if (fresh === null) return refused();
      socket.auth = { token: fresh };
      socket.connect();
    } catch {
      failed();
    }
  }

  socket.on("connect", () => {
    poller?.stop();
    isPolling = false;
    isAnswering = false;
    wasOpen = true;
    failures = 0;
    reconnector.opened();
    for (const [name, topic] of topics) subscribe(name, topic);
  });
  socket.on("connect_error", (error: Error & { data?: { code?: string } }) => {
    if (error.data?.code === "unauthenticated") refused();
    else failed();
  });
  socket.on("disconnect", () => {
    for (const topic of topics.values()) topic.isPending = false;
    const { state } = reconnector.status();
    if (state !== "signed-out" && state !== "idle") failed();
  });
  socket.on("signed_out", () => {
    // A token lasts minutes, a session lasts: with a way to a fresh token the next try tells which of them ended.
    if (token === undefined) refused();
  });
  socket.on("event", heard);
  socket.on("gone", ended);

  function heard(event: DeliveredEvent) {
    const topic = topics.get(event.topic);
    if (!topic) return;
    topic.last = Math.max(topic.last, event.seq);
    const isWhole = [...topic.readers].map((reader) => offer(reader, event)).every(Boolean);
    if (!isWhole && !topic.isPending) subscribe(event.topic, topic);
  }

  function ended({ topic: name, code }: SubscriptionEnd) {
    const topic = topics.get(name);
    for (const reader of topic?.readers ?? []) {
      if (code === "not_found") reader.handlers.onGone?.();
      else if (!reader.inGap) {
        reader.inGap = true;
        reader.handlers.onGap();
      }
    }
  }

  /** Asks for everything that the topic's slowest reader lacks; the others drop what they have. */
  function subscribe(name: string, topic: Topic) {
    clearTimeout(topic.retry);
    if (!socket.connected) return poller?.renew();
    const [after] = wishOf(topic.readers);
    if (after === undefined) return;
    topic.isPending = true;
    topic.last = Math.max(topic.last, after);
    socket
      .timeout(ANSWER_MS)
      .emit("subscribe", { topic: name, after }, (error: Error | null, reply: SubscribeReply) => {
        topic.isPending = false;
        if (error === null && reply.ok) return;
        const code = error === null && !reply.ok ? reply.code : "limit";
        if (code === "gap" || code === "not_found") ended({ topic: name, code });
        else if (code === "unauthenticated") refused();
        else if (code === "limit") topic.retry = setTimeout(() => subscribe(name, topic), RETRY_MS);
      });
  }

  function topicOf(name: string): Topic {
    const known = topics.get(name);
    if (known) return known;
    const topic: Topic = { readers: new Set(), last: 0, isPending: false };
    topics.set(name, topic);
    return topic;
  }

  function leave(name: string, topic: Topic) {
    clearTimeout(topic.retry);
    topics.delete(name);
    if (socket.connected) socket.emit("unsubscribe", { topic: name });
  }

  /** Follows a topic from the number of the snapshot that the reader shows. */
  function watch(name: string, after: number, handlers: WatchHandlers): Watch {
    const topic = topicOf(name);
    const isFirst = topic.readers.size === 0 && topic.farewell === undefined;
    clearTimeout(topic.farewell);
    topic.farewell = undefined;
    const reader: TopicReader = { last: after, inGap: false, handlers };
    topic.readers.add(reader);
    const { state } = reconnector.status();
    if (state === "idle" || state === "signed-out") reconnector.start();
    else if (isFirst || after < topic.last) subscribe(name, topic);
    return {
      sync(seq) {
        const wasInGap = reader.inGap;
        reader.inGap = false;
        reader.last = wasInGap ? seq : Math.max(reader.last, seq);
        if (wasInGap) subscribe(name, topic);
      },
      stop() {
        topic.readers.delete(reader);
        // Pages that take over from one another must not leave and join again each time.
        if (topic.readers.size === 0) topic.farewell = setTimeout(() => leave(name, topic), LINGER_MS);
      },
    };
  }

  return {
    watch,
    status: (): LiveStatus => (isPolling ? polling : reconnector.status()),
    /** Calls back whenever the status changes; gives back how to stop. */
    onStatus(listener: () => void) {
      statusListeners.add(listener);
      return () => void statusListeners.delete(listener);
    },
    retryNow: () => reconnector.retryNow(),
    close() {
      reconnector.stop();
      reconnector.dispose();
      poller?.stop();
      poller?.dispose();
      for (const [name, topic] of topics) leave(name, topic);
      socket.disconnect();
    },
  };
}

/** The number after which the slowest of these readers still needs everything; none where all wait for a snapshot. */
function wishOf(readers: Iterable<TopicReader>): number[] {
  const lasts = [...readers].filter(({ inGap }) => !inGap).map(({ last }) => last);
  return lasts.length === 0 ? [] : [Math.min(...lasts)];
}
