/**
 * Postern in the browser: `PushSocket` has the interface of the browser's `WebSocket`, and delivers each message once and in order also where
 * a network carries no WebSocket, or breaks it. No dependencies, no build step. It speaks `PROTOCOL.md`, whose sections are meant by §.
 *
 * The way of a received message: `WebSocketCarrier` or `HttpCarrier` (bytes to messages), `Session` (which outlives them), `PushSocket` (events).
 * A session has at most one carrier that carries it, and beside that those that it tries: because nothing carries it, because a better one may get through, or because
 * the one that it has may be dead. The positions of `Inbox` and `Outbox` say where both sides go on. The file is in that order: the record format; numbers and what is
 * kept; carriers; which of them, and tokens; the session; the interface of the browser's WebSocket. It is one file, so that a page needs no more than that.
 */
const EVENT_STREAM = 'text/event-stream';
const WINDOW_MESSAGES = 1000; // §8: what may be written and unacknowledged on a WebSocket
const WINDOW_BYTES = 256 * 1024;
const ACK_MESSAGES = 250; // §6, §8: acknowledge at once from here on
const ACK_BYTES = 64 * 1024;
const PATIENCE = 10_000; // §10: for silence beyond the heartbeat
const SHORT_LIFE = 5000; // §15: an attachment that ends earlier, without a message, is a strike against its transport
const STRIKES = 3;
const REMEMBER = 30 * 60_000; // §15: for how long a transport that does not get through is left alone
const PROBE = 3000; // §15: for what seems to carry the session to prove it
const WITHHOLD = 3000; // §5: for how long an attach that is not answered holds back acknowledgements
const WITHHELD_POLL = 250; // between polls that can bring nothing new
const SUCCESSION = 1000; // for the answer to an attach that the server has taken already
const ASLEEP = 5000; // a timer that is later than this was throttled, or the machine slept
const KEPT_ALIVE = 16 * 1024; // characters; browsers have a limit for what outlives a page
const DAY = 24 * 3600_000;

const NativeWebSocket = globalThis.WebSocket; // as of loading: a page may put PushSocket in its place
const utf8 = new TextEncoder();

/**
 * A record of an event stream (§3); `data` has its lines joined by LF.
 * @typedef {{ event: string, id: string | null, data: string | null }} StreamRecord
 *
 * Something to send, or sent and not acknowledged. Data null: a Blob still being read; a code and a reason: the session's close.
 * @typedef {{ number: number, size: number, data: string | Uint8Array | null | { code: number, reason: string } }} Entry
 *
 * Why a carrier ended. Final: the session is over, with this CloseEvent; a fault: unless we brought that about ourselves. Otherwise another carrier goes on, not before `after`
 * milliseconds; planned: nothing was wrong with this one; again: its transport is tried again at once.
 * @typedef {{ final: boolean, code: number, reason: string, clean: boolean, after: number, planned?: boolean, fault?: boolean, again?: boolean }} End
 *
 * @typedef {Required<Omit<import('./postern.js').PushSocketOptions, 'token'>> & Pick<import('./postern.js').PushSocketOptions, 'token'>} Options
 *
 * The PushSocket of a session; `downtime` in milliseconds, null if there was none.
 * @typedef {{ attached(transport: string, downtime: number | null): void, message(data: string | Uint8Array): void, leaving(): void, closed(end: End): void }} Owner
 */

// The record format (§3)

/** Turns the bytes of an event stream, cut anywhere, into records. */
class RecordParser {
  #decoder = new TextDecoder('utf-8', { fatal: true });
  #line = '';
  #afterCr = false;
  /** @type {StreamRecord | null} */
  #record = null;

  /** Whether the stream would end inside a record. */
  get inRecord() { return this.#record !== null || this.#line !== ''; }

  /** @param {Uint8Array} bytes @returns {StreamRecord[]} what these bytes complete; malformed UTF-8 throws */
  push(bytes) {
    const chunk = this.#decoder.decode(bytes, { stream: true });
    if (chunk === '') return [];
    const text = this.#line + (this.#afterCr && chunk[0] === '\n' ? chunk.slice(1) : chunk);
    this.#afterCr = chunk.endsWith('\r'); // which ends a line already; an LF that follows belongs to it
    const lines = text.split(/\r\n|\n|\r/);
    this.#line = lines.pop() ?? '';
    const records = [];
    for (const line of lines) {
      if (line !== '') this.#field(line);
      else if (this.#record) records.push(this.#record);
      if (line === '') this.#record = null;
    }
    return records;
  }

  /** @param {string} line */
  #field(line) {
    const [, name, value] = /** @type {RegExpExecArray} */ (/^([^:]*):? ?([^]*)$/.exec(line));
    if (line[0] === ':') return;
    const record = (this.#record ??= { event: '', id: null, data: null });
    if (name === 'data') record.data = record.data === null ? value : `${record.data}\n${value}`;
    else if (name === 'event' || name === 'id') record[name] = value;
  }
}

/** @param {string | Uint8Array} message @returns {string} its record, without a number */
function encodeMessage(message) {
  if (typeof message !== 'string') return `event:binary\ndata:${toBase64(message)}\n\n`;
  const lines = message.split('\n');
  const hasShortLines = 6 * lines.length > 17 + message.length / 3; // Base64 is shorter than a `data:` for each of them
  if (hasShortLines || message.includes('\r')) return `event:text\ndata:${toBase64(utf8.encode(message))}\n\n`;
  return `${lines.map((line) => (line.startsWith(' ') ? `data: ${line}\n` : `data:${line}\n`)).join('')}\n`;
}

/** @param {string} event @param {string} data as in a StreamRecord @returns {string | Uint8Array} the message; malformed data throws */
function decodeMessage(event, data) {
  if (event === '') return data;
  const bytes = Uint8Array.from(atob(data), (character) => character.charCodeAt(0));
  return event === 'text' ? new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) : bytes;
}

/** @param {string} event @param {number | null} id @param {any} parameters as URLSearchParams takes them @returns {string} a control record */
function encodeControl(event, id, parameters = {}) {
  const data = `${new URLSearchParams(parameters)}`;
  return `event:${event}\n${id === null ? '' : `id:${id}\n`}${data === '' ? '' : `data:${data}\n`}\n`;
}

/** @param {Uint8Array} bytes */
function toBase64(bytes) {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 8192) binary += String.fromCharCode(...bytes.subarray(i, i + 8192));
  return btoa(binary);
}

/** @param {string | null} text @returns {number} a number, position or epoch (§1); anything else throws */
function parseNumber(text) {
  const value = /^(0|[1-9]\d*)$/.test(text ?? '') ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw new RangeError();
  return value;
}

// Numbers, and what is kept until the other side has it (§5)

/** §9: at once, then full jitter. @param {number} attempt 0, 1, 2, … @returns {number} milliseconds */
function backoff(attempt, random = Math.random) {
  return random() * (attempt === 0 ? 500 : Math.min(20_000, 500 * 2 ** attempt));
}

/** Timers by what they are for. */
class Timers {
  /** @type {Map<string, ReturnType<typeof setTimeout>>} */
  #running = new Map();

  /** @param {string} name @param {number} millis @param {() => void} action */
  set(name, millis, action) {
    clearTimeout(this.#running.get(name));
    this.#running.set(name, setTimeout(() => {
      this.#running.delete(name);
      action();
    }, millis));
  }

  /** @param {string} name */
  has(name) {
    return this.#running.has(name);
  }

  clear() {
    this.#running.forEach(clearTimeout);
    this.#running.clear();
  }
}

/** Counts what comes from the server. */
class Inbox {
  position = 0;
  /** What the server knows of. */
  told = 0;
  #bytes = 0;

  /** @param {number} number @param {number} size @returns {boolean} false for what we have already; a gap throws (§5) */
  accept(number, size) {
    if (number <= this.position) return false;
    if (number !== this.position + 1) throw new RangeError();
    this.position = number;
    this.#bytes += size;
    return true;
  }

  get unacknowledged() { return this.position - this.told; }

  /** Whether an acknowledgement must not wait. */
  get due() { return this.unacknowledged >= ACK_MESSAGES || this.#bytes >= ACK_BYTES; }

  /** @param {number} position that the server knows of now */
  tell(position) {
    this.told = Math.max(this.told, position);
    this.#bytes = 0;
  }
}

/** Keeps what goes to the server until the server has it. */
class Outbox {
  acknowledged = 0;
  /** @type {Entry[]} the first has the number acknowledged + 1 */
  #entries = [];
  #bytes = 0;
  #written = 0; // so many of the entries were given to the present WebSocket
  #writtenBytes = 0;

  get count() { return this.#entries.length; }

  /** Bytes that no WebSocket was given yet, or over HTTP no answer has acknowledged. */
  get waitingBytes() { return this.#bytes - this.#writtenBytes; }

  /** @param {Entry['data']} data @param {number} size in bytes @returns {Entry} */
  add(data, size) {
    const entry = { number: this.acknowledged + this.#entries.length + 1, size, data };
    this.#entries.push(entry);
    this.#bytes += size;
    return entry;
  }

  /** @param {number} position the server's; one that it cannot have throws */
  acknowledge(position) {
    if (position > this.acknowledged + this.#entries.length) throw new RangeError();
    for (const { size } of this.#entries.splice(0, Math.max(0, position - this.acknowledged))) {
      this.acknowledged++;
      this.#bytes -= size;
      if (this.#written === 0) continue;
      this.#written--;
      this.#writtenBytes -= size;
    }
  }

  /** A new attachment: what is unacknowledged is to be written again. */
  rewind() {
    this.#written = 0;
    this.#writtenBytes = 0;
  }

  /** Gives up entries that never arrived. @param {number} number the first of them */
  truncate(number) {
    for (const { size } of this.#entries.splice(number - this.acknowledged - 1)) this.#bytes -= size;
  }

  /** @returns {Entry | null} what to write on a WebSocket now, within the window of §8 */
  next() {
    const entry = this.#entries[this.#written];
    if (!entry || entry.data === null) return null;
    const full = this.#written + 1 > WINDOW_MESSAGES || this.#writtenBytes + entry.size > WINDOW_BYTES;
    if (full && this.#written > 0) return null;
    this.#written++;
    this.#writtenBytes += entry.size;
    return entry;
  }

  /** @param {number} limit in bytes @returns the next POST (§7): as many records as fit, at least one; null when there is none */
  batch(limit) {
    const sequence = this.acknowledged + 1;
    let [body, last, bytes] = ['', this.acknowledged, 0];
    for (const { number, size, data } of this.#entries) {
      if (data === null) break;
      const isClose = typeof data === 'object' && 'code' in data;
      const record = isClose ? encodeControl('close', null, data) : encodeMessage(data);
      bytes += record.length + (typeof data === 'string' ? size - data.length : 0); // characters, and what UTF-8 adds to them
      if (body !== '' && bytes > limit) break;
      [body, last] = [body + record, number];
    }
    return body === '' ? null : { sequence, last, body };
  }
}

// Carriers: one attachment each, over a WebSocket (§8) or HTTP (§6, §7)

/** @param {number} after @returns {End} */
const broken = (after = 0) => ({ final: false, code: 1006, reason: '', clean: false, after });

/** The server has asked for another attachment, or we have: this one was good. @param {number} after @returns {End} */
const planned = (after) => ({ ...broken(after), planned: true });

/** Its transport may be tried again at once. @returns {End} */
const again = () => ({ ...broken(1), again: true });

/** @param {number} code @returns {End} */
const over = (code, reason = '', clean = false) => ({ final: true, code, reason, clean, after: 0 });

/** The attachment is refused for good, which is the end of the session unless we have brought that about ourselves. @param {number} code @param {string} reason @returns {End} */
const refused = (code, reason) => ({ ...over(code, reason), fault: true });

/** Whether it is the server's last word about an attach (§9). @param {number} status of HTTP, or a Close code less 4000 */
const isRefusal = (status) => /^4(?!08|09|29)..$/.test(`${status}`);

/** @param {URLSearchParams} parameters of a `close` record @param {boolean} clean whether everything before it has come */
const overBy = (parameters, clean) => over(Number(parameters.get('code') ?? 1005), parameters.get('reason') ?? '', clean);

/** @param {number} millis @returns {Promise<void>} */
const delay = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** What carries a session for a while, or might: one attachment, with its epoch. It ends once, for one reason. */
class Carrier {
  epoch = 0; // until the attach is sent
  /** The position that the attach tells. */
  told = 0;
  /** When the attach was sent. */
  since = 0;
  began = Date.now();
  attached = false;
  hadHeadStart = false;
  /** Whether it has brought a message or an acknowledgement. */
  progressed = false;
  isEnded = false;
  /** of the last message in this response; NaN before the first, which tells it (§3) */
  number = NaN;
  /** Milliseconds that an acknowledgement may wait; 0: it rides on the next poll. */
  acknowledgeDelay = 0;
  #heardAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #acknowledgement;

  /** @param {Session} session @param {string} transport @param {number} limit milliseconds until it must be attached */
  constructor(session, transport, limit) {
    this.session = session;
    this.transport = transport;
    this.#silence = setTimeout(() => this.settle(), limit);
  }

  /** The attach is sent: only now, so that whatever was attached meanwhile is older. */
  begin() {
    this.epoch = ++this.session.epoch;
    this.told = this.session.inbox.position;
    this.since = Date.now();
  }

  /** Its end, of which the session hears. @param {End} end */
  settle(end = broken()) {
    if (this.isEnded) return;
    this.stop();
    queueMicrotask(() => this.session.ended(this, end));
  }

  /** Its end, since the session needs it no more. */
  stop() {
    if (this.isEnded) return;
    this.isEnded = true;
    clearTimeout(this.#silence);
    clearTimeout(this.#acknowledgement);
    this.release();
  }

  /** The server is alive (§10). Until `attached` the limit of the constructor holds. @param {number} more milliseconds */
  heard(more = 0) {
    if (!this.attached || this.isEnded) return;
    if (!this.#heardAt) this.#watch(this.session.heartbeat + PATIENCE + more);
    this.#heardAt = Date.now() + more;
  }

  /** @param {number} millis after which silence is judged: by what was read, since a timer of a tab in the background may be late */
  #watch(millis) {
    clearTimeout(this.#silence);
    const due = Date.now() + millis;
    this.#silence = setTimeout(() => {
      const limit = this.session.heartbeat + PATIENCE;
      const rest = this.#heardAt + limit - Date.now();
      if (rest > 0) return this.#watch(Math.min(rest, limit));
      if (Date.now() - due < ASLEEP) return this.settle();
      this.#watch(PROBE); // what has come meanwhile is read behind this
      this.session.probe();
    }, millis);
  }

  /** @param {StreamRecord} record what is malformed throws, and so breaks the attachment (§5) */
  receive({ event, id, data }) {
    if (this.isEnded || data === null) return;
    if (event === '' || event === 'text' || event === 'binary') {
      this.number = id === null ? this.number + 1 : parseNumber(id);
      this.deliver(this.number, decodeMessage(event, data));
      return;
    }
    const parameters = new URLSearchParams(data);
    if (event === 'attached') this.#onAttached(parameters);
    else if (event === 'close') this.#onClose(id, parameters);
    else if (event === 'detach') this.#onDetach(parameters);
  }

  /** @param {URLSearchParams} parameters */
  #onAttached(parameters) {
    const opened = parameters.get('session') ?? '';
    if (this.isStray(opened)) return this.closeStray(opened);
    this.attached = true;
    if (!this.session.attached(this, parameters)) return;
    this.heard();
    this.flush();
    if (this.session.inbox.unacknowledged > 0) this.acknowledgeSoon();
  }

  /** Whether another attempt was faster to open a session (§15). @param {string} secret of the one that this one has opened */
  isStray(secret) {
    this.session.secret ||= secret;
    return secret && secret !== this.session.secret;
  }

  /** Another attempt is made at once, which finds the session. @param {string} _secret */
  closeStray(_secret) {
    this.settle(again());
  }

  /** @param {string | null} id @param {URLSearchParams} parameters */
  #onClose(id, parameters) {
    const { inbox, closing } = this.session;
    const end = overBy(parameters, this.attached);
    if (!closing && this.attached) {
      if ((end.code === 1001 || end.code === 1012) && this.session.outbox.count > 0) return this.session.leave(parseNumber(id), end);
      if (!inbox.accept(parseNumber(id), 0)) return;
      this.acknowledge(true);
    }
    // §9: `received` tells, as everywhere, what the server has; our closes may have crossed
    if (this.attached && parameters.has('received')) this.session.acknowledged(parseNumber(parameters.get('received')));
    // before `attached` it tells how the session ended, which is what we wanted if we were closing it
    this.settle(closing && !this.attached ? closing : end);
  }

  /** The server that stops has got everything (§9). @param {number} number of its close @param {End} end */
  leave(number, end) {
    if (this.session.inbox.accept(number, 0)) this.acknowledge(true);
    this.settle(end);
  }

  /** @param {URLSearchParams} parameters */
  #onDetach(parameters) {
    const after = Math.min(Number(parameters.get('after')) || 0, DAY);
    if (parameters.get('reason') === 'superseded') this.settle(refused(4403, 'superseded'));
    else if (this.transport === 'websocket') this.session.move(this, after); // it goes on until then (§8)
    else this.settle(planned(after));
  }

  /** @param {number} number @param {string | Uint8Array} message */
  deliver(number, message) {
    const { inbox, owner } = this.session;
    if (!inbox.accept(number, message.length)) return;
    this.progressed = true;
    owner.message(message);
    this.acknowledgeSoon();
  }

  acknowledgeSoon() {
    if (this.acknowledgeDelay === 0 || this.isEnded) return;
    if (this.session.inbox.due && !this.session.withholds) return this.acknowledge(false);
    this.#acknowledgement ??= setTimeout(() => {
      this.#acknowledgement = undefined;
      if (this.session.withholds) this.acknowledgeSoon();
      else this.acknowledge(false);
    }, this.acknowledgeDelay);
  }

  // what the two kinds have of their own besides: start(); flush(), which sends what the outbox has; acknowledge(last), last of all before it ends; renew(token), with a
  // newer one for the session's credentials (§4); release()
}

/** §8. */
class WebSocketCarrier extends Carrier {
  acknowledgeDelay = 1000;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {string | undefined} */
  #token;

  start() {
    const { tokens } = this.session;
    if (!tokens.arePresent) return this.#connect();
    tokens.get().then((token) => this.#connect(token), () => this.settle());
  }

  /** @param {string} [token] */
  #connect(token) {
    if (this.isEnded) return;
    this.#token = token;
    try {
      const socket = (this.#socket = new this.session.options.WebSocket(this.session.url, !this.session.secret ? ['postern.v1', 'postern.open'] : 'postern.v1'));
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => this.#onOpen();
      socket.onmessage = ({ data }) => this.#onMessage(data);
      socket.onclose = ({ code, reason }) => this.#onClose(code, reason);
    } catch {
      this.settle(); // the browser forbids it here
    }
  }

  get extensions() { return this.#socket?.extensions; }
  get bufferedAmount() { return this.#socket?.bufferedAmount; }

  #onOpen() {
    this.begin();
    const { secret } = this.session;
    this.#control('attach', this.told, [['epoch', this.epoch], ...(secret ? [['session', secret]] : []), ...(this.#token ? [['token', this.#token]] : [])]);
  }

  /** @param {string | ArrayBuffer} data */
  #onMessage(data) {
    if (this.isEnded) return;
    this.heard();
    try {
      if (typeof data === 'string') return this.#count(data);
      const [type, content] = [new Uint8Array(data)[0], new Uint8Array(data, 1)];
      if (type === 1) return this.#count(content);
      if (type !== 0) throw new RangeError();
      const parser = new RecordParser();
      for (const record of [...parser.push(content), ...parser.push(utf8.encode('\n\n'))]) this.receive(record);
    } catch {
      this.settle();
    }
  }

  /** Messages bear no numbers: they count from `attached`, since another carrier may bring the same ones meanwhile. @param {string | Uint8Array} message */
  #count(message) {
    this.deliver(++this.number, message);
  }

  /** @param {StreamRecord} record */
  receive(record) {
    if (record.event === 'ack') {
      this.progressed = true;
      this.session.acknowledged(parseNumber(record.id));
      this.flush();
    } else if (record.event === 'ping') {
      this.#send(0, utf8.encode(`event:pong\ndata:${record.data ?? ''}\n\n`));
    } else {
      if (record.event === 'attached') this.number = this.told;
      super.receive(record);
    }
  }

  /** @param {number} code @param {string} reason */
  #onClose(code, reason) {
    const { closing, tokens } = this.session;
    if (code === 4410 && closing) this.settle(closing); // §9: that was the confirmation
    else if (code === 4401) this.settle(tokens.refused(this.#token));
    else if (code === 1009 || code === 4410) this.settle(over(code, reason));
    else this.settle(isRefusal(code - 4000) ? refused(code, reason) : broken());
  }

  flush() {
    for (let entry; this.attached && !this.isEnded && (entry = this.session.outbox.next()) !== null; ) {
      const { number, data } = entry;
      if (typeof data === 'string') this.#socket?.send(data);
      else if (data instanceof Uint8Array) this.#send(1, data);
      else if (data !== null) this.#control('close', number, data);
    }
  }

  acknowledge() {
    const { inbox } = this.session;
    if (inbox.unacknowledged === 0) return;
    this.#control('ack', inbox.position);
    inbox.tell(inbox.position);
  }

  /** @param {string} token */
  renew(token) {
    this.#token = token;
    this.#control('token', null, { token });
  }

  /** The server answers with its own close, which nobody waits for. @param {string} secret */
  closeStray(secret) {
    this.#control('close', 1, { code: 1000, reason: '' });
    super.closeStray(secret);
  }

  /** @param {string} event @param {number | null} id @param {any} [parameters] */
  #control(event, id, parameters) {
    this.#send(0, utf8.encode(encodeControl(event, id, parameters)));
  }

  /** @param {number} type @param {Uint8Array} content */
  #send(type, content) {
    const frame = new Uint8Array(content.length + 1);
    frame[0] = type;
    frame.set(content, 1);
    this.#socket?.send(frame);
  }

  release() {
    if (!this.#socket) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(1000);
  }
}

/** §6, §7: `sse`, `long-polling` and `polling` differ only in when a response ends. */
class HttpCarrier extends Carrier {
  acknowledgeDelay = this.transport === 'sse' ? 5000 : 0;
  #abort = new AbortController();
  #posting = false;
  /** A newer attach of ours has fenced this one: what is to be sent is that one's. */
  #fenced = false;
  #posted = Promise.resolve();
  #polled = Promise.resolve(true);
  #acknowledging = false;

  start() {
    this.#run().catch(() => this.settle());
  }

  async #run() {
    const { session } = this;
    const pause = this.transport === 'polling' ? session.options.pollInterval : 0;
    while (!this.isEnded) {
      if (this.attached && session.withholds) await delay(WITHHELD_POLL); // it would be told again what it has
      const position = this.attached && session.withholds ? session.inbox.told : session.inbox.position;
      const polled = this.#get(position);
      this.#polled = polled.catch(() => false);
      const whole = await polled;
      if (whole && session.leaving) return; // the POSTs go on, and end this carrier
      if (!whole || !this.attached || this.transport === 'sse') return this.settle();
      session.inbox.tell(position); // each poll acknowledges what the one before has brought
      this.heard(pause);
      if (pause > 0) await delay(pause);
      // the answer to our close is the end; a poll that came too late would be answered 410
      if (session.closing) await Promise.race([this.#posted, delay(1000)]);
    }
  }

  /** @param {string} method @param {Record<string, string>} more headers @param {RequestInit} init */
  async #request(method, more, init = {}) {
    const { url, options, tokens } = this.session;
    const token = tokens.arePresent ? await tokens.get() : undefined;
    if (this.epoch === 0) this.begin();
    /** @type {Record<string, string>} */
    const headers = { 'Postern-Epoch': `${this.epoch}`, ...more };
    if (this.session.secret) headers['Postern-Session'] ??= this.session.secret;
    if (token) headers.Authorization = `Bearer ${token}`;
    /** @type {RequestInit} a redirect could carry the secret elsewhere */
    const whole = { method, headers, signal: this.#abort.signal, cache: 'no-store', credentials: options.credentials, redirect: 'error', ...init };
    const response = await options.fetch(url.replace(/^ws/, 'http'), whole);
    if (response.status === 401) this.settle(tokens.refused(token));
    return response;
  }

  /** One response, read to its end. @param {number} position @returns {Promise<boolean>} whether it was whole */
  async #get(position) {
    const response = await this.#request('GET', { 'Postern-Transport': this.transport, 'Last-Event-ID': `${position}` });
    if (!response.ok || !response.headers.get('Content-Type')?.startsWith(EVENT_STREAM)) {
      this.settle(await this.#endOf(response));
      return false;
    }
    const opened = response.headers.get('Postern-Session') ?? ''; // §5: a proxy may hold back the body
    if (this.isStray(opened)) {
      this.closeStray(opened);
      return false;
    }
    const parser = new RecordParser();
    this.number = NaN;
    const take = (/** @type {Uint8Array} */ bytes) => {
      this.heard();
      for (const record of parser.push(bytes)) this.receive(record);
    };
    const reader = response.body?.getReader();
    if (reader) for (let part; !this.isEnded && !(part = await reader.read()).done; ) take(part.value);
    else if (this.transport !== 'sse') take(new Uint8Array(await response.arrayBuffer())); // a browser that streams no bodies
    return !parser.inRecord;
  }

  /** @param {Response} response not what was asked for @returns {Promise<End>} what that means (§7, §9) */
  async #endOf(response) {
    const { status, headers } = response;
    if (status === 410) {
      if (this.session.closing) return this.session.closing; // §9: that was the confirmation
      if (this.session.leaving) return { ...this.session.leaving.end, clean: false };
      const [record] = new RecordParser().push(new Uint8Array(await response.arrayBuffer()));
      return overBy(new URLSearchParams(record?.data ?? 'code=4410'), false);
    }
    const error = headers.get('Postern-Error'); // without one it comes from something on the way; another transport may get through
    const isRepeated = error === 'fenced' && headers.get('Postern-Epoch') === `${this.epoch}`; // on its way: the other one was taken (§4)
    return error && isRefusal(status) && !isRepeated ? refused(4000 + status, error) : broken(retryAfter(headers));
  }

  flush() {
    if (!this.attached || this.#posting || this.#fenced) return;
    this.#posting = true;
    this.#posted = this.#postAll().catch(() => this.settle());
  }

  /** One POST with messages under way; what gathers meanwhile goes into the next one. */
  async #postAll() {
    await null; // for all that the page sends in one go
    const { session } = this;
    const { outbox } = session;
    for (let batch; !this.isEnded && (batch = outbox.batch(session.body)) !== null; ) {
      // a poll under way that our close overtook would be answered 410
      if (this.transport === 'polling' && session.closing) await this.#polled;
      const { sequence, last, body } = batch;
      const late = setTimeout(() => this.settle(), session.heartbeat + PATIENCE);
      const keepalive = session.closing !== null && body.length < KEPT_ALIVE; // the page may be on its way out
      const response = await this.#post({ 'Postern-Sequence': `${sequence}` }, { body, keepalive }).finally(() => clearTimeout(late));
      if (this.isEnded) return;
      const isTooBig = response.status === 413;
      if (isTooBig && last > sequence) session.body = 0; // one by one, to find out which
      else if (isTooBig) session.giveUp(sequence, 1009, 'too big');
      else if (response.status !== 429 && !(response.ok && outbox.acknowledged >= last)) return this.#refused(response);
      if (outbox.count === 0 && session.closing) this.settle(session.closing);
    }
    this.#posting = false; // right here: what is sent next must not find it still true, and wait for ever
  }

  /** @param {Record<string, string>} more headers @param {RequestInit} init */
  async #post(more, init) {
    const { session } = this;
    const { position } = session.inbox;
    const isTold = !session.withholds;
    const response = await this.#request('POST', { 'Content-Type': EVENT_STREAM, ...(isTold && { 'Last-Event-ID': `${position}` }), ...more }, init);
    if (this.isEnded) return response;
    const received = response.headers.get('Postern-Received');
    if (received !== null) {
      this.progressed ||= session.outbox.acknowledged < parseNumber(received);
      session.acknowledged(parseNumber(received));
    }
    if (response.ok && isTold) session.inbox.tell(position);
    if (response.status === 429) await delay(retryAfter(response.headers) || 1000);
    return response;
  }

  /** A POST was, which is no matter if it overtook nothing but our own next attach (§5). @param {Response} response */
  async #refused(response) {
    this.#fenced = response.headers.get('Postern-Error') === 'fenced' && this.epoch < this.session.epoch;
    if (!this.#fenced) this.settle(await this.#endOf(response));
  }

  /** @param {boolean} last whether nothing may hold it up, not even the end of this carrier */
  async acknowledge(last) {
    const { inbox } = this.session;
    if (!last && (this.#acknowledging || inbox.unacknowledged === 0)) return;
    this.#acknowledging = true;
    try {
      const response = await this.#post({}, last ? { keepalive: true, signal: null } : {});
      if (!response.ok && response.status !== 429) await this.#refused(response);
    } catch {
      await delay(1000); // nothing is lost: the next one says the same, and if the network is gone, the stream ends too
    }
    this.#acknowledging = false;
    if (inbox.unacknowledged > 0) this.acknowledgeSoon();
  }

  renew() {
    this.acknowledge(true); // whatever is admitted renews the credentials (§4)
  }

  /** @param {string} secret */
  closeStray(secret) {
    const body = encodeControl('close', null, { code: 1000, reason: '' });
    this.#post({ 'Postern-Session': secret, 'Postern-Sequence': '1' }, { body, keepalive: true, signal: null }).catch(() => {}); // or the server forgets it in time
    super.closeStray(secret);
  }

  release() {
    this.#abort.abort();
  }
}

/** @param {Headers} headers @returns {number} milliseconds, 0 if it does not say */
function retryAfter(headers) {
  return parseInt(headers.get('Retry-After') ?? '', 10) * 1000 || 0;
}

/** @type {Record<string, new (session: Session, transport: string, limit: number) => Carrier>} */
const CARRIERS = { websocket: WebSocketCarrier, sse: HttpCarrier, 'long-polling': HttpCarrier, polling: HttpCarrier };

// Which transport, and who the client is (§4, §15)

/** @type {Map<string, string>} what Memory keeps for this page */
const remembered = new Map();

/** What this browser has learned about the network to one endpoint. Shared by its tabs where the browser lets us keep something. */
class Memory {
  #key;

  /** @param {string} url whose query may be secret, and is left out */
  constructor(url) {
    this.#key = `postern ${url.replace(/\?.*/, '')}`;
  }

  /** @returns {Record<string, number | undefined>} until when transports are left alone, and `roundTrip`, the last one's milliseconds */
  get() {
    let text = remembered.get(this.#key);
    try {
      text = localStorage.getItem(this.#key) ?? undefined;
    } catch {
      // forbidden, or not a browser
    }
    return JSON.parse(text ?? '{}');
  }

  /** @param {string} name @param {number} value */
  set(name, value) {
    const text = JSON.stringify({ ...this.get(), [name]: value });
    remembered.set(this.#key, text);
    try {
      localStorage.setItem(this.#key, text);
    } catch {
      // forbidden, or full
    }
  }
}

/** Which transports come into question, the preferred one first: what is allowed, what is remembered, and what has failed lately. */
class Choice {
  /** @type {Set<string>} since the session was carried last */
  failed = new Set();
  /** @type {Map<string, number>} */
  #strikes = new Map();

  /** @param {readonly string[]} allowed @param {Memory} learned */
  constructor(allowed, learned) {
    this.allowed = allowed;
    this.learned = learned;
  }

  /** @param {string} transport @returns {number} milliseconds */
  avoidedFor(transport) {
    const rest = (this.learned.get()[transport] ?? 0) - Date.now();
    return rest > REMEMBER ? 0 : Math.max(0, rest); // a clock that was set back
  }

  /** @returns {string[]} those that have not failed */
  get remaining() {
    const candidates = this.allowed.filter((transport) => this.avoidedFor(transport) === 0 && !this.failed.has(transport));
    // what was avoided is better than nothing
    return candidates.length > 0 ? candidates : this.allowed.filter((transport) => !this.failed.has(transport));
  }

  /** @param {string} current @returns {readonly string[]} what would be better */
  preferredTo(current) {
    return this.allowed.slice(0, this.allowed.indexOf(current));
  }

  /** It does not get through. @param {string} transport */
  avoid(transport, millis = REMEMBER) {
    this.learned.set(transport, Date.now() + millis);
  }

  /** It carries the session, so what failed before it, though it is better, is left alone. @param {string} winner */
  carriedBy(winner) {
    this.avoid(winner, 0);
    for (const transport of this.preferredTo(winner)) if (this.failed.has(transport)) this.avoid(transport);
    this.failed.clear();
  }

  /** It carried the session, and has ended. @param {string} transport @param {unknown} useful one that opens and soon dies is no better than one that does not open */
  lost(transport, useful) {
    const count = useful ? 0 : (this.#strikes.get(transport) ?? 0) + 1;
    if (count === STRIKES) this.avoid(transport);
    this.#strikes.set(transport, count % STRIKES);
  }

  /** The network has changed: nothing that was known need be true. */
  forgetAll() {
    for (const transport of this.allowed) this.avoid(transport, 0);
    this.learned.set('roundTrip', 0);
    this.#strikes.clear();
    this.failed.clear();
  }
}

/** The token of a session: the newest that the page gave (§4). */
class Tokens {
  /** @type {Promise<string> | null} */
  #known = null;
  #value = '';
  /** since one was taken */
  wasRefused = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #renewal;

  /** @param {Options['token']} given @param {(token: string) => void} onRenewed */
  constructor(given, onRenewed) {
    this.given = given;
    this.onRenewed = onRenewed;
  }

  get arePresent() { return this.given !== undefined; }

  /** @returns {Promise<string>} */
  get() {
    this.#known ??= this.#ask().catch((error) => {
      this.#known = null;
      throw error;
    });
    return this.#known;
  }

  async #ask() {
    const token = await (typeof this.given === 'function' ? this.given() : this.given);
    const { value = `${token}`, life } = Object(token);
    clearTimeout(this.#renewal);
    if (life) this.#renewAfter(Math.max(1000, life * 0.8));
    return (this.#value = value);
  }

  /** @param {number} millis */
  #renewAfter(millis) {
    this.#renewal = setTimeout(() => {
      this.#ask().then((value) => {
        this.#known = Promise.resolve(value);
        this.onRenewed(value);
      }, () => this.#renewAfter(5000));
    }, Math.min(millis, DAY));
  }

  /** @param {string | undefined} token @returns {End} what follows from that: another is asked for, once until one is taken */
  refused(token) {
    const isNews = token === this.#value;
    if (typeof this.given !== 'function' || (isNews && this.wasRefused)) return over(4401, 'token');
    if (isNews) this.#known = null;
    this.wasRefused = true;
    return again();
  }

  stop() {
    clearTimeout(this.#renewal);
  }
}

// The session, which outlives its carriers (§5, §9)

/** A conversation with the server: its numbers, what carries it, and what is tried beside that. */
class Session {
  secret = '';
  epoch = 0;
  heartbeat = 25_000;
  expiry = 120_000;
  body = 256 * 1024;
  inbox = new Inbox();
  outbox = new Outbox();
  /** How the session ends when the server has our close; null until we close. @type {End | null} */
  closing = null;
  /** The close of a server that stops and is still to get what we had sent (§9). @type {{ number: number, end: End } | null} */
  leaving = null;
  /** What carries it. @type {Carrier | null} */
  carrier = null;
  isOpen = false;
  #over = false;
  /** Since when nothing carries it, in milliseconds. @type {number | null} */
  #detachedSince = null;
  /** Those that live, also while they are attempts. @type {Set<Carrier>} */
  #carriers = new Set();
  #attempt = 0;
  #hasMoved = true;
  #timers = new Timers();
  #listening = new AbortController();

  /** @param {string} url ws or wss @param {Options} options @param {Owner} owner */
  constructor(url, options, owner) {
    this.url = url;
    this.options = options;
    this.owner = owner;
    this.choice = new Choice(options.transports, new Memory(url));
    this.tokens = new Tokens(options.token, (token) => this.carrier?.renew(token));
  }

  start() {
    this.#listen();
    this.#advance();
  }

  /** Hears of the network, and of the page's life. */
  #listen() {
    const { document, addEventListener: listen } = globalThis;
    const options = { signal: this.#listening.signal };
    const probe = () => this.probe();
    let hiddenAt = 0;
    listen?.('online', probe, options);
    listen?.('pageshow', ({ persisted }) => persisted && probe(), options);
    listen?.('pagehide', ({ persisted }) => persisted || this.close(1001, ''), options); // as a browser closes its WebSockets
    document?.addEventListener('resume', probe, options); // after it was frozen
    document?.addEventListener('visibilitychange', () => {
      if (document.hidden) hiddenAt = Date.now();
      else if (Date.now() - hiddenAt > this.heartbeat) probe();
    }, options);
  }

  // what is tried when (§15)

  /** Starts what is due, and sees to it that it is called again. */
  #advance() {
    if (this.#over) return;
    if (this.carrier) this.#lookForBetter(this.carrier);
    else if (!this.#timers.has('pause')) this.#race();
  }

  /** Nothing carries the session: WebSocket is tried with a head start, the others one after the other. */
  #race() {
    const [first, second] = this.choice.remaining;
    if (!first) {
      if (this.#carriers.size > 0) return;
      return this.isOpen ? this.#tryLater() : this.settle(over(1006)); // everything was tried
    }
    const running = this.#find(first) ?? this.#try(first);
    if (first !== 'websocket' || !second) return;
    if (running.hadHeadStart) return this.#tryBeside(second);
    const { headStart } = this.options;
    this.#timers.set('advance', Math.min(2 * headStart, Math.max(headStart, 4 * (this.choice.learned.get().roundTrip ?? 0))), () => {
      running.hadHeadStart = true;
      this.#advance();
    });
  }

  /** @param {number} [after] milliseconds that the server wants; the server forgets a session that nothing has carried for long enough */
  #tryLater(after = 0) {
    if (this.#detachedSince !== null && Date.now() - this.#detachedSince > this.expiry) this.settle(over(4408, 'expired'));
    else this.#pause(Math.max(after, backoff(this.#attempt++)));
  }

  /** @param {Carrier} carrier */
  #lookForBetter({ transport }) {
    if (this.closing || this.leaving) return;
    for (const better of this.choice.preferredTo(transport)) {
      const wait = this.choice.avoidedFor(better);
      if (wait > 0) this.#timers.set(better, wait, () => this.#advance());
      else return this.#tryBeside(better);
    }
  }

  /** While nothing carries the session, nothing is tried for a while, and then everything. @param {number} millis */
  #pause(millis) {
    this.choice.failed.clear();
    this.#timers.set('pause', millis, () => this.#advance());
  }

  /** @param {string} transport */
  #find(transport) {
    return [...this.#carriers].find((carrier) => carrier !== this.carrier && carrier.transport === transport);
  }

  /** @param {string} transport unless it is tried already */
  #tryBeside(transport) {
    if (!this.#find(transport)) this.#try(transport);
  }

  /** @param {string} transport */
  #try(transport) {
    const { connectTimeout, firstByteTimeout, transports } = this.options;
    const limit = transport === 'sse' && transports.length > 1 ? firstByteTimeout : connectTimeout;
    const carrier = new CARRIERS[transport](this, transport, limit);
    this.#carriers.add(carrier);
    carrier.start();
    return carrier;
  }

  /** The server asks to attach anew, and goes on with this carrier until then. @param {Carrier} carrier @param {number} millis */
  move(carrier, millis) {
    this.#timers.set('move', millis, () => {
      if (carrier !== this.carrier) return;
      this.#hasMoved = false;
      this.#tryBeside(carrier.transport);
    });
  }

  /** The network has changed, or the machine was asleep: what seems to carry the session must prove that it does, by an attach beside it. */
  probe() {
    if (this.#over) return;
    this.choice.forgetAll();
    this.#attempt = 0;
    if (!this.carrier) {
      for (const carrier of this.#carriers) carrier.stop();
      this.#carriers.clear();
      this.#pause(0);
    } else if (!this.#timers.has('renew')) {
      this.#tryBeside(this.carrier.transport);
      this.#timers.set('renew', PROBE, () => this.carrier?.settle(planned(0)));
      this.#advance();
    }
  }

  // what carriers tell

  /** Whether an acknowledgement would make the server forget what an attach under way asks for (§5). */
  get withholds() {
    return [...this.#carriers].some((carrier) => !carrier.attached && carrier.epoch > 0 && carrier.told < this.inbox.position && Date.now() - carrier.since < WITHHOLD);
  }

  /** The server has answered an attach. @param {Carrier} winner @param {URLSearchParams} parameters of `attached` @returns {boolean} false if a newer one was faster */
  attached(winner, parameters) {
    if (winner.epoch < (this.carrier?.epoch ?? 0)) {
      winner.settle();
      return false;
    }
    for (const limit of /** @type {const} */ (['heartbeat', 'expiry', 'body'])) this[limit] = Number(parameters.get(limit)) || this[limit];
    const received = parseNumber(parameters.get('received'));
    for (const other of this.#carriers) {
      const mayWinLater = other !== this.carrier && this.choice.preferredTo(winner.transport).includes(other.transport);
      if (other === winner || mayWinLater) continue;
      other.stop();
      this.#carriers.delete(other);
    }
    this.carrier = winner;
    this.#hasMoved = true;
    this.#timers.clear();
    this.choice.carriedBy(winner.transport);
    this.choice.learned.set('roundTrip', Math.max(0, Date.now() - winner.since));
    this.tokens.wasRefused = false;
    this.inbox.tell(winner.told);
    this.outbox.rewind();
    this.acknowledged(received);
    const downtime = this.#detachedSince === null ? null : Date.now() - this.#detachedSince;
    this.#detachedSince = null;
    this.isOpen = true;
    this.owner.attached(winner.transport, downtime);
    this.#advance();
    return true;
  }

  /** A carrier, or an attempt at one, has ended by itself. @param {Carrier} carrier @param {End} end */
  ended(carrier, end) {
    if (this.#over) return;
    this.#carriers.delete(carrier);
    const { transport, epoch, attached, told } = carrier;
    const isOvertaken = epoch < this.epoch || (end.code !== 4403 && (this.inbox.told > told || (carrier !== this.carrier && this.carrier)));
    const isOwn = end.fault && epoch > 0 && isOvertaken; // we brought that about ourselves
    if (end.final && !isOwn) return this.settle(end);
    const useful = carrier.progressed || (attached && Date.now() - carrier.began >= SHORT_LIFE);
    if (useful) this.#attempt = 0;
    if (carrier === this.carrier) this.#lost(transport, useful, isOwn ? planned(SUCCESSION) : end, isOwn);
    else this.#failed(transport, end);
    this.#advance();
  }

  /** @param {string} transport @param {boolean} useful @param {End} end @param {boolean} hasSuccessor whether the next one has been taken by the server already */
  #lost(transport, useful, end, hasSuccessor) {
    this.carrier = null;
    this.#timers.clear();
    if (!hasSuccessor) this.#detachedSince = Date.now();
    this.choice.lost(transport, useful || end.planned);
    if (end.planned) this.#pause(end.after);
    else this.#tryLater(end.after);
  }

  /** @param {string} transport @param {End} end */
  #failed(transport, end) {
    const mayComeBack = end.again || (this.isOpen && end.after > 0);
    if (!this.carrier) {
      if (this.isOpen) this.#detachedSince ??= Date.now();
      if (!mayComeBack) this.choice.failed.add(transport);
      else if (end.again) this.#pause(0);
      else this.#tryLater(end.after);
    } else if (transport !== this.carrier.transport) {
      this.choice.avoid(transport, mayComeBack ? end.after : REMEMBER);
    } else if (!this.#hasMoved) {
      this.move(this.carrier, Math.max(1000, end.after));
    }
  }

  // messages and the end

  flush() {
    this.carrier?.flush();
  }

  /** @param {Entry['data']} data @param {number} size in bytes @returns {Entry} */
  send(data, size) {
    const entry = this.outbox.add(data, size);
    this.flush();
    return entry;
  }

  /** @param {number} position the server's */
  acknowledged(position) {
    const before = this.outbox.acknowledged;
    this.outbox.acknowledge(position);
    if (position > before) this.#awaitEnd();
    if (this.leaving && this.outbox.count === 0) this.carrier?.leave(this.leaving.number, this.leaving.end);
  }

  /** The server stops, and gets what we had sent before we acknowledge that. @param {number} number @param {End} end */
  leave(number, end) {
    if (this.leaving) return; // it repeats itself on another carrier
    this.leaving = { number, end };
    this.owner.leaving();
    this.#awaitEnd();
  }

  /** Closes behind what was sent; before the session is open, at once. @param {number} code @param {string} reason */
  close(code, reason) {
    this.closing ??= this.isOpen ? over(code, reason, true) : over(1006);
    if (!this.isOpen) return queueMicrotask(() => this.settle(over(1006)));
    this.send({ code, reason }, 0);
    this.#awaitEnd();
    if (this.#timers.has('pause')) this.#pause(0); // somebody waits
  }

  /** Ends the session since an entry cannot be sent. @param {number} number its @param {number} code @param {string} reason for the application */
  giveUp(number, code, reason) {
    if (this.#over) return;
    this.outbox.truncate(number);
    this.closing = over(code, reason);
    this.send({ code: code === 1006 ? 1011 : code, reason }, 0);
    this.#awaitEnd();
  }

  /** The server has a while, from the last sign that it is getting something, to answer our close, or to take what we had sent before its own. */
  #awaitEnd() {
    if (!this.closing && !this.leaving) return;
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => this.settle({ ...(this.leaving?.end ?? over(1006)), clean: false }), this.options.closeTimeout);
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;

  /** @param {End} end */
  settle(end) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#patience);
    this.#timers.clear();
    this.tokens.stop();
    this.#listening.abort();
    for (const carrier of this.#carriers) carrier.stop();
    // what we gave up for has the last word, whatever the server answered
    this.owner.closed(this.closing?.clean === false ? this.closing : end);
  }
}

// The interface of the browser's WebSocket

/** @param {IArguments} given */
function needs(given) {
  if (!given.length) throw new TypeError('no argument');
}

/** @param {string} name @param {string} message @returns {never} */
function fail(name, message) {
  throw new DOMException(message, name);
}

/** @param {string | URL} url @param {string | undefined} base @returns {string} the absolute ws or wss URL, as WebSocket makes it */
function webSocketUrl(url, base) {
  try {
    const absolute = new URL(url, base);
    absolute.protocol = absolute.protocol.replace(/^http/, 'ws');
    if (/^wss?:[^#]*$/.test(absolute.href)) return absolute.href;
  } catch {
    // not a URL at all
  }
  return fail('SyntaxError', `not a URL: ${url}`);
}

/** @param {string | string[]} protocols */
function checkProtocols(protocols) {
  const names = [protocols].flat().map(String);
  if (names.every((name) => /^[!#$%&'*+.^_`|~\w-]+$/.test(name)) && new Set(names).size === names.length) return;
  fail('SyntaxError', `not subprotocols: ${names}`);
}

/** @param {number | undefined} code @param {string} reason @returns {number} the code to send, 1005 for none; throws what WebSocket.close throws */
function checkClose(code, reason) {
  const value = code === undefined ? 1005 : Math.round(Number(code) || 0); // what WebIDL clamps is not allowed anyway
  const isAllowed = value === 1000 || (value >= 3000 && value < 4400) || (value >= 4600 && value < 5000); // between them are ours (§9)
  if (code !== undefined && !isAllowed) fail('InvalidAccessError', `not allowed: ${value}`);
  const length = utf8.encode(reason).length;
  if (length > 123) fail('SyntaxError', `reason too long: ${length}`);
  return value;
}

/** @param {unknown} text @returns {string} with U+FFFD for unpaired surrogates, as WebIDL's USVString */
const wellFormed = (text) => String(text).replace(/\p{Surrogate}/gu, '\uFFFD');

/** Defines `on…`: one function, which keeps its place among the listeners until it is set to null. @param {EventTarget} prototype @param {string} type */
function defineHandler(prototype, type) {
  /** @type {WeakMap<EventTarget, { handler: unknown, listener: (event: Event) => void }>} */
  const active = new WeakMap();
  Object.defineProperty(prototype, `on${type}`, {
    enumerable: true,
    configurable: true,
    get() { return active.get(this)?.handler ?? null; },
    set(handler) {
      const known = active.get(this);
      if (Object(handler) !== handler) {
        this.removeEventListener(type, known?.listener ?? null);
        active.delete(this);
      } else if (known) {
        known.handler = handler;
      } else {
        const added = { handler, listener: (/** @type {Event} */ event) => { if (typeof added.handler === 'function') added.handler.call(this, event); } };
        active.set(this, added);
        this.addEventListener(type, added.listener);
      }
    },
  });
}

const REPLACEABLE = [1013, 1014, 4507, 1001, 1006, 1012, 4401, 4408, 4410]; // §9: after these ends a new session may be opened: after the first three later, else at once

/** The browser's `WebSocket`, over what the network lets through. Beyond it: `transport`, `unconfirmed`, and the events `transport`, `resume` and `reset`. */
export class PushSocket extends EventTarget {
  /** What holds the conversation; `postern-shared.js` puts its own in this place. */
  static Session = Session;
  #readyState = 0;
  /** @type {BinaryType} */
  #binaryType = 'blob';
  #transport = '';
  #discarded = 0; // bytes sent when it was too late: they count as buffered for ever
  #unsent = 0; // messages sent while a session ended that is to be replaced
  #url;
  #options;
  /** @type {Session} */
  #session;
  #failures = 0; // sessions in a row that were not opened, or soon lost
  #openedAt = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #opening;

  static {
    for (const [value, name] of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].entries()) {
      for (const target of [this, this.prototype]) Object.defineProperty(target, name, { value, enumerable: true });
    }
    for (const type of ['open', 'message', 'error', 'close', 'transport', 'resume', 'reset']) defineHandler(this.prototype, type);
  }

  /** @param {string | URL} url @param {string | string[]} protocols @param {import('./postern.js').PushSocketOptions} options */
  constructor(url, protocols = [], options = {}) {
    super();
    needs(arguments);
    this.#url = webSocketUrl(url, globalThis.document?.baseURI ?? globalThis.location?.href);
    checkProtocols(protocols);
    /** @type {Options} */
    const defaults = {
      transports: ['websocket', 'sse', 'long-polling'],
      pollInterval: 1000,
      headStart: 1500,
      firstByteTimeout: 3000,
      connectTimeout: 10_000,
      closeTimeout: 10_000,
      reconnect: 0,
      credentials: 'same-origin',
      fetch: (...request) => fetch(...request),
      WebSocket: NativeWebSocket,
    };
    this.#options = { ...defaults, ...options };
    const { transports } = this.#options;
    const areKnown = transports.length > 0 && transports.every((name) => Object.hasOwn(CARRIERS, name));
    if (!areKnown) throw new TypeError(`not transports: ${transports}`);
    this.#session = this.#newSession();
    this.#session.start();
  }

  #newSession() {
    return new /** @type {typeof PushSocket} */ (this.constructor).Session(this.#url, this.#options, {
      attached: (transport, downtime) => this.#onAttached(transport, downtime),
      message: (data) => this.#onMessage(data),
      leaving: () => { this.#readyState = 2; },
      closed: (end) => this.#onClosed(end),
    });
  }

  get url() { return this.#url; }
  get readyState() { return this.#readyState; }
  get transport() { return this.#transport; }
  get protocol() {
    return ''; // the WebSocket's is Postern's own
  }

  get extensions() { return this.#session.carrier?.extensions ?? ''; }
  get bufferedAmount() { return this.#session.outbox.waitingBytes + (this.#session.carrier?.bufferedAmount ?? 0) + this.#discarded; }
  get unconfirmed() { return this.#session.outbox.count; }
  get binaryType() { return this.#binaryType; }

  set binaryType(type) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /** @param {string | ArrayBufferLike | ArrayBufferView | Blob} data */
  send(data) {
    needs(arguments);
    if (this.#readyState === 0) fail('InvalidStateError', 'connecting');
    if (data instanceof Blob) return void this.#sendBlob(data);
    if (ArrayBuffer.isView(data) || data instanceof ArrayBuffer) {
      const { buffer = data, byteOffset, byteLength } = /** @type {Uint8Array} */ (data);
      this.#send(new Uint8Array(buffer, byteOffset, byteLength).slice(), byteLength); // a copy, since the page may go on changing its own
    } else {
      this.#send(wellFormed(data), utf8.encode(wellFormed(data)).length);
    }
  }

  /** @param {string | Uint8Array | null} data @param {number} size */
  #send(data, size) {
    if (this.#readyState === 1) return this.#session.send(data, size);
    if (!this.#session.closing) this.#unsent++; // it is the server that stops
    this.#discarded += size;
    return null;
  }

  /** @param {Blob} blob keeps its place among the messages while it is read */
  async #sendBlob(blob) {
    const entry = this.#send(null, blob.size);
    if (entry === null) return;
    const session = this.#session;
    try {
      entry.data = new Uint8Array(await blob.arrayBuffer());
      session.flush();
    } catch {
      session.giveUp(entry.number, 1006, '');
    }
  }

  /** @param {number} [code] @param {string} [reason] */
  close(code, reason = '') {
    const text = wellFormed(reason);
    const checked = checkClose(code, text);
    if (this.#readyState >= 2) return;
    this.#readyState = 2;
    this.#session.close(checked, text);
  }

  /** @param {string} transport @param {number | null} downtime */
  #onAttached(transport, downtime) {
    const from = this.#transport;
    this.#transport = transport;
    this.#openedAt ||= Date.now();
    if (this.#readyState === 0) {
      this.#readyState = 1;
      this.dispatchEvent(new Event('open'));
    }
    if (from !== transport) this.dispatchEvent(new CustomEvent('transport', { detail: { from, to: transport } }));
    if (downtime !== null) this.dispatchEvent(new CustomEvent('resume', { detail: { transport, downtime } }));
  }

  /** @param {string | Uint8Array} message */
  #onMessage(message) {
    if (this.#readyState !== 1) return;
    let data = /** @type {any} */ (message);
    if (typeof message !== 'string') data = this.#binaryType === 'blob' ? new Blob([data]) : message.slice().buffer;
    this.dispatchEvent(new MessageEvent('message', { data, origin: new URL(this.#url).origin }));
  }

  /** @param {End} end */
  #onClosed(end) {
    if (this.#isReplaceable(end)) return this.#replace(end);
    const { code, reason, clean } = end;
    clearTimeout(this.#opening);
    this.#readyState = 3;
    if (!clean) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean: clean }));
  }

  /** @param {End} end */
  #isReplaceable({ code }) {
    if (this.#openedAt && Date.now() - this.#openedAt >= SHORT_LIFE) this.#failures = 0;
    const mayBe = REPLACEABLE.includes(code) && (code !== 4401 || typeof this.#options.token === 'function');
    return mayBe && !this.#session.closing && this.#failures++ < this.#options.reconnect;
  }

  /** Another session takes the place of one that was lost. @param {End} end */
  #replace({ code, reason }) {
    const wasOpen = this.#openedAt;
    const unconfirmed = this.unconfirmed + this.#unsent;
    const session = (this.#session = this.#newSession());
    this.#openedAt = this.#unsent = 0;
    if (wasOpen) this.#readyState = 1; // what is sent from now on waits for the new one
    this.#opening = setTimeout(() => session.start(), backoff(REPLACEABLE.indexOf(code) < 3 ? this.#failures : this.#failures - 1));
    if (wasOpen) this.dispatchEvent(new CustomEvent('reset', { detail: { code, reason, unconfirmed } }));
  }
}

export default PushSocket;

/** The pure parts, for their tests; not for applications. */
export const parts = { RecordParser, Inbox, Outbox, encodeMessage, decodeMessage, encodeControl, backoff, webSocketUrl, checkProtocols, checkClose, wellFormed, Choice, Memory };
