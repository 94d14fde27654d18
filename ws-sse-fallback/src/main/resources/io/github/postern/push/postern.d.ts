/** What can carry a session. `polling` asks every `pollInterval` milliseconds and is never chosen unless it is listed. */
export type PushTransport = 'websocket' | 'sse' | 'long-polling' | 'polling';

/** Proves who the client is. With `life`, in milliseconds, another one is asked for when four fifths of it have passed, and sent without an interruption. */
export interface PushToken {
  value: string;
  life?: number;
}

/** Times are milliseconds. */
export interface PushSocketOptions {
  /** What may carry the session, the preferred one first. Default: `['websocket', 'sse', 'long-polling']`. */
  transports?: readonly PushTransport[];
  /** Between the end of one poll and the next, for `polling`. Default: 1000. */
  pollInterval?: number;
  /** How long a WebSocket is tried before something else is tried beside it: four round trips, but at least this, and at most twice this. Default: 1500. */
  headStart?: number;
  /** When `sse` counts as held back by something on the way, if there are other transports. Default: 3000. */
  firstByteTimeout?: number;
  /** When an attempt is given up. Default: 10,000. */
  connectTimeout?: number;
  /** How long the other side may take to answer a close, from the last sign of progress. Default: 10,000. */
  closeTimeout?: number;
  /** A bearer token, or what gives one; asked again when the server takes the last one no more. Without it there are cookies. */
  token?: string | (() => string | PushToken | Promise<string | PushToken>);
  /**
   * How many new sessions in a row may be tried when a session is lost or cannot be opened: `Infinity` for no end. A session that lives for five seconds counts as
   * success. Default: 0, and a lost session is `close`, as with `WebSocket`. It is not for sessions that the server's application has closed, or a fault of the client.
   */
  reconnect?: number;
  /** Whether requests to another origin carry cookies, as a WebSocket always does; that origin must allow it. Default: `'same-origin'`. */
  credentials?: 'same-origin' | 'include';
  /** Takes the place of the browser's `fetch`, to count or change requests. */
  fetch?: typeof fetch;
  /** Takes the place of the browser's `WebSocket`. */
  WebSocket?: typeof WebSocket;
}

export interface PushSocketEventMap extends WebSocketEventMap {
  /** `transport` has changed; also before the first message. `from` is `''` at first. */
  transport: CustomEvent<{ from: PushTransport | ''; to: PushTransport }>;
  /** After an interruption of `downtime` milliseconds the session goes on; nothing was lost. A move without an interruption is `transport` only. */
  resume: CustomEvent<{ transport: PushTransport; downtime: number }>;
  /**
   * With the option `reconnect`: the session was lost, as `code` and `reason` tell, and another takes its place. Of what was sent, the last `unconfirmed` messages may not have
   * arrived, and nothing repeats them; the server's application has not been told anything in the new session. What is sent from now on goes there.
   */
  reset: CustomEvent<{ code: number; reason: string; unconfirmed: number }>;
}

/**
 * The interface of the browser's `WebSocket`, over WebSocket, Server-Sent Events or long polling.
 *
 * A broken connection does not close a `PushSocket`: it stays open, keeps what is sent meanwhile, attaches again and goes on, each message
 * once and in order. A server that stops (1001) still gets what was sent; `readyState` is `CLOSING` meanwhile. A page that is left closes its sessions with 1001. `close` is fired when the other side closes, or when the session cannot be kept (then `wasClean` is false; its
 * code tells why: 1006 no connection at all, 4408 expired, 4410 unknown to the server, 4507 too far behind, 4403 taken over by somebody else).
 */
export class PushSocket extends EventTarget implements WebSocket {
  static readonly CONNECTING: 0;
  static readonly OPEN: 1;
  static readonly CLOSING: 2;
  static readonly CLOSED: 3;

  /**
   * @param url absolute or relative to the page; `http:` and `https:` mean `ws:` and `wss:`
   * @param protocols checked as by `WebSocket`, otherwise unused: the subprotocol is Postern's own
   */
  constructor(url: string | URL, protocols?: string | string[], options?: PushSocketOptions);

  readonly CONNECTING: 0;
  readonly OPEN: 1;
  readonly CLOSING: 2;
  readonly CLOSED: 3;

  readonly url: string;
  readonly readyState: 0 | 1 | 2 | 3;
  /** What carries the messages; `''` before `open`. */
  readonly transport: PushTransport | '';
  /** Always `''`. */
  readonly protocol: string;
  /** Of the WebSocket, if there is one. */
  readonly extensions: string;
  /** Bytes of messages not yet handed to the network, or over HTTP not yet acknowledged. What a WebSocket still holds counts as in its frames: one byte more for each binary message. */
  readonly bufferedAmount: number;
  /** Messages sent that the server has not confirmed, a close included; after `close`, those that may not have arrived. */
  readonly unconfirmed: number;
  binaryType: BinaryType;

  onopen: ((this: WebSocket, event: Event) => unknown) | null;
  onmessage: ((this: WebSocket, event: MessageEvent) => unknown) | null;
  onerror: ((this: WebSocket, event: Event) => unknown) | null;
  onclose: ((this: WebSocket, event: CloseEvent) => unknown) | null;
  ontransport: ((this: PushSocket, event: PushSocketEventMap['transport']) => unknown) | null;
  onresume: ((this: PushSocket, event: PushSocketEventMap['resume']) => unknown) | null;
  onreset: ((this: PushSocket, event: PushSocketEventMap['reset']) => unknown) | null;

  /** Sends behind everything sent before. A `Blob` keeps its place while it is read. Throws `InvalidStateError` before `open`. */
  send(data: string | ArrayBufferLike | ArrayBufferView | Blob): void;

  /**
   * Closes the session when everything sent has arrived.
   *
   * @param code 1000, 3000 to 4399 or 4600 to 4999, else `InvalidAccessError`
   * @param reason at most 123 bytes of UTF-8, else `SyntaxError`
   */
  close(code?: number, reason?: string): void;

  addEventListener<K extends keyof PushSocketEventMap>(
    type: K, listener: (this: PushSocket, event: PushSocketEventMap[K]) => unknown, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
  removeEventListener<K extends keyof PushSocketEventMap>(
    type: K, listener: (this: PushSocket, event: PushSocketEventMap[K]) => unknown, options?: boolean | EventListenerOptions): void;
  removeEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | EventListenerOptions): void;
}

export default PushSocket;
