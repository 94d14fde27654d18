/** What can carry a session. `polling` asks every `pollInterval` milliseconds and is never chosen unless it is listed. */
export type PushTransport = 'websocket' | 'sse' | 'long-polling' | 'polling';

export interface PushSocketOptions {
  /** What to try, in this order. Default: `['websocket', 'sse', 'long-polling']`. */
  transports?: readonly PushTransport[];
  /** Milliseconds between the end of one poll and the next, for `polling`. Default: 1000. */
  pollInterval?: number;
  /** Milliseconds after which a transport that is not usable yet is given up for the next one of the list. Default: 3000. */
  headStart?: number;
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
  /** After an interruption of `downtime` milliseconds the session goes on; nothing was lost. */
  resume: CustomEvent<{ transport: PushTransport; downtime: number }>;
}

/**
 * The interface of the browser's `WebSocket`, over WebSocket, Server-Sent Events or long polling.
 *
 * A broken connection does not close a `PushSocket`: it stays open, keeps what is sent meanwhile, attaches again and goes on, each message
 * once and in order. A server that stops (1001) still gets what was sent; `readyState` is `CLOSING` meanwhile. `close` is fired when the other side closes, or when the session cannot be kept (then `wasClean` is false; its
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
  /** Bytes of messages not yet handed to the network, or over HTTP not yet acknowledged. */
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
