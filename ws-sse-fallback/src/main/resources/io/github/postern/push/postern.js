/**
 * Postern in the browser: `PushSocket` has the interface of the browser's `WebSocket`, and delivers each message once and in order also where
 * a network carries no WebSocket, or breaks it. No dependencies, no build step. It speaks `PROTOCOL.md`, whose sections are meant by §.
 *
 * The way of a received message: `WebSocketCarrier` or `HttpCarrier` (bytes to messages), `Session` (which outlives them), `PushSocket` (events).
 * When a carrier ends, `Session.run` opens the next, and the positions of `Inbox` and `Outbox` say where both sides go on. The file is in that order:
 * the record format; numbers and what is kept; carriers; the session; the interface of the browser's WebSocket. It is one file, so that a page needs no more than that.
 */
const EVENT_STREAM = 'text/event-stream';
const WINDOW_MESSAGES = 1000; // §8: what may be written and unacknowledged on a WebSocket
const WINDOW_BYTES = 256 * 1024;
const ACK_MESSAGES = 250; // §6, §8: acknowledge at once from here on
const ACK_BYTES = 64 * 1024;
const PATIENCE = 10_000; // for the last transport to be usable, for silence beyond the heartbeat, for the answer to our close
const SHORT_LIFE = 5000; // an attachment that ends earlier, without a message, is a strike against its transport
const STRIKES = 3;

const NativeWebSocket = globalThis.WebSocket; // as of loading: a page may put PushSocket in its place
const utf8 = new TextEncoder();

/**
 * A record of an event stream (§3); `data` has its lines joined by LF.
 * @typedef {{ event: string, id: string | null, data: string | null }} StreamRecord
 *
 * Something to send, or sent and not acknowledged. Data null: a Blob still being read; a code and a reason: the session's close.
 * @typedef {{ number: number, size: number, data: string | Uint8Array | null | { code: number, reason: string } }} Entry
 *
 * Why a carrier ended. Final: the session is over, with this CloseEvent. Otherwise another carrier goes on, not before `after` milliseconds.
 * @typedef {{ final: boolean, code: number, reason: string, clean: boolean, after?: number, planned?: boolean }} End
 *
 * @typedef {Required<import('./postern.js').PushSocketOptions>} Options
 *
 * The PushSocket of a session; `downtime` in milliseconds, null at the first carrier.
 * @typedef {{ attached(transport: string, downtime: number | null): void, message(data: string | Uint8Array): void, leaving(): void, closed(end: End): void }} Listener
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
      else if (this.#record !== null) records.push(this.#record);
      if (line === '') this.#record = null;
    }
    return records;
  }

  /** @param {string} line */
  #field(line) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
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

/** @param {string} event @param {number | null} id @param {Record<string, string | number>} parameters @returns {string} a control record */
function encodeControl(event, id, parameters = {}) {
  const data = new URLSearchParams(Object.entries(parameters).map(([name, value]) => [name, `${value}`])).toString();
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
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a number of the protocol: ${text}`);
  return value;
}

// Numbers, and what is kept until the other side has it (§5)

/** §9: at once, then full jitter. @param {number} attempt 0, 1, 2, … @returns {number} milliseconds */
function backoff(attempt, random = Math.random) {
  return random() * (attempt === 0 ? 500 : Math.min(20_000, 500 * 2 ** attempt));
}

/** Counts what comes from the server. */
class Inbox {
  position = 0;
  #told = 0;
  #bytes = 0;

  /** @param {number} number @param {number} size @returns {boolean} false for what we have already; a gap throws (§5) */
  accept(number, size) {
    if (number <= this.position) return false;
    if (number !== this.position + 1) throw new RangeError(`number ${number} after position ${this.position}`);
    this.position = number;
    this.#bytes += size;
    return true;
  }

  get unacknowledged() { return this.position - this.#told; }

  /** Whether an acknowledgement must not wait. */
  get due() { return this.unacknowledged >= ACK_MESSAGES || this.#bytes >= ACK_BYTES; }

  /** @param {number} position that the server knows of now */
  told(position) {
    this.#told = Math.max(this.#told, position);
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

  get isEmpty() { return this.#entries.length === 0; }
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
    if (position > this.acknowledged + this.#entries.length) throw new RangeError(`never sent: ${position}`);
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
    if (entry === undefined || entry.data === null) return null;
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

/** @param {number} [after] @returns {End} */
const broken = (after) => ({ final: false, code: 1006, reason: '', clean: false, after });

/** @param {number} code @returns {End} */
const over = (code, reason = '', clean = false) => ({ final: true, code, reason, clean });

/** @param {URLSearchParams} parameters of a `close` record @param {boolean} clean whether everything before it has come */
const overBy = (parameters, clean) => over(Number(parameters.get('code') ?? 1005), parameters.get('reason') ?? '', clean);

/** @param {number} millis @returns {Promise<void>} */
const delay = (millis) => new Promise((resolve) => setTimeout(resolve, millis));

/** What carries a session for a while: one attachment, with its epoch. It ends once, for one reason. */
class Carrier {
  attached = false;
  deliveries = 0;
  /** of the last message in this response; NaN before the first, which tells it (§3) */
  number = NaN;
  /** Milliseconds that an acknowledgement may wait; 0: it rides on the next poll. */
  acknowledgeDelay = 0;
  /** @type {((end: End) => void) | null} null when ended */
  #settle = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #silence;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #acknowledgement;

  /** @param {Session} session @param {string} transport @param {number} limit milliseconds until it must be attached */
  constructor(session, transport, limit) {
    this.session = session;
    this.transport = transport;
    this.epoch = ++session.epoch;
    /** @type {Promise<End>} */
    this.end = new Promise((settle) => (this.#settle = settle));
    this.#silence = setTimeout(() => this.finish(broken()), limit);
  }

  get ended() { return this.#settle === null; }

  /** @param {End} end */
  finish(end) {
    if (this.ended) return;
    clearTimeout(this.#silence);
    clearTimeout(this.#acknowledgement);
    this.#settle?.(end);
    this.#settle = null;
    this.release();
  }

  /** The server is alive (§10). Until `attached` the limit of the constructor holds. @param {number} more milliseconds */
  heard(more = 0) {
    if (!this.attached || this.ended) return;
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.finish(broken()), this.session.heartbeat + PATIENCE + more);
  }

  /** @param {StreamRecord} record what is malformed throws, and so breaks the attachment (§5) */
  receive({ event, id, data }) {
    if (this.ended || data === null) return;
    if (event === '' || event === 'text' || event === 'binary') {
      this.number = id === null ? this.number + 1 : parseNumber(id);
      this.deliver(this.number, decodeMessage(event, data));
    } else if (event === 'attached') this.#onAttached(new URLSearchParams(data));
    else if (event === 'close') this.#onClose(id, new URLSearchParams(data));
    else if (event === 'detach') this.#onDetach(new URLSearchParams(data));
  }

  /** @param {URLSearchParams} parameters */
  #onAttached(parameters) {
    this.attached = true;
    this.session.attached(this, parameters);
    this.heard();
    this.flush();
  }

  /** @param {string | null} id @param {URLSearchParams} parameters */
  #onClose(id, parameters) {
    const { inbox, closing } = this.session;
    const end = overBy(parameters, this.attached);
    if (closing === null && this.attached) {
      if ((end.code === 1001 || end.code === 1012) && !this.session.outbox.isEmpty) return this.session.leave(parseNumber(id), end);
      if (!inbox.accept(parseNumber(id), 0)) return;
      this.acknowledge(true);
    }
    // §9: before `attached` it tells how the session ended, which is what we wanted if we were closing it
    this.finish(closing !== null && !this.attached ? closing : end);
  }

  /** The server that stops has got everything (§9). @param {number} number of its close @param {End} end */
  leave(number, end) {
    if (this.session.inbox.accept(number, 0)) this.acknowledge(true);
    this.finish(end);
  }

  /** @param {URLSearchParams} parameters */
  #onDetach(parameters) {
    // §4: our next carrier never comes before this one has ended, so it was another holder of the secret
    const after = Number(parameters.get('after') ?? 0);
    if (parameters.get('reason') === 'superseded') this.finish(over(4403, 'superseded'));
    else if (this.transport === 'websocket') setTimeout(() => this.finish({ ...broken(0), planned: true }), after); // it goes on until then (§8)
    else this.finish({ ...broken(after), planned: true });
  }

  /** @param {number} number @param {string | Uint8Array} message */
  deliver(number, message) {
    const { inbox, listener } = this.session;
    if (!inbox.accept(number, message.length)) return;
    this.deliveries++;
    listener.message(message);
    this.acknowledgeSoon();
  }

  acknowledgeSoon() {
    if (this.acknowledgeDelay === 0 || this.ended) return;
    if (this.session.inbox.due) return this.acknowledge(false);
    this.#acknowledgement ??= setTimeout(() => {
      this.#acknowledgement = undefined;
      this.acknowledge(false);
    }, this.acknowledgeDelay);
  }

  get extensions() { return ''; }
  get bufferedAmount() { return 0; }
  start() {}
  /** Sends what the outbox has. */
  flush() {}
  /** @param {boolean} _last before this carrier ends */
  acknowledge(_last) {}
  release() {}
}

/** §8. */
class WebSocketCarrier extends Carrier {
  acknowledgeDelay = 1000;
  /** @type {WebSocket | null} */
  #socket = null;

  start() {
    try {
      const socket = (this.#socket = new this.session.options.WebSocket(this.session.url, this.session.secret === '' ? ['postern.v1', 'postern.open'] : 'postern.v1'));
      socket.binaryType = 'arraybuffer';
      socket.onopen = () => this.#onOpen();
      socket.onmessage = ({ data }) => this.#onMessage(data);
      socket.onclose = ({ code, reason }) => this.#onClose(code, reason);
    } catch {
      this.finish(broken()); // the browser forbids it here
    }
  }

  get extensions() { return this.#socket?.extensions ?? ''; }
  get bufferedAmount() { return this.#socket?.bufferedAmount ?? 0; }

  #onOpen() {
    const { secret, inbox } = this.session;
    this.#control('attach', inbox.position, { epoch: this.epoch, ...(secret === '' ? {} : { session: secret }) });
  }

  /** @param {string | ArrayBuffer} data */
  #onMessage(data) {
    this.heard();
    try {
      if (typeof data === 'string') return this.deliver(this.session.inbox.position + 1, data);
      const [type, content] = [new Uint8Array(data)[0], new Uint8Array(data, 1)];
      if (type === 1) return this.deliver(this.session.inbox.position + 1, content);
      if (type !== 0) throw new RangeError(`unknown type of frame: ${type}`);
      const parser = new RecordParser();
      for (const record of [...parser.push(content), ...parser.push(utf8.encode('\n\n'))]) this.receive(record);
    } catch {
      this.finish(broken());
    }
  }

  /** @param {StreamRecord} record */
  receive(record) {
    if (record.event === 'ack') {
      this.session.acknowledged(parseNumber(record.id));
      this.flush();
    } else if (record.event === 'ping') {
      this.#send(0, utf8.encode(`event:pong\ndata:${record.data ?? ''}\n\n`));
    } else {
      super.receive(record);
    }
  }

  /** @param {number} code @param {string} reason */
  #onClose(code, reason) {
    if (code === 4410 && this.session.closing !== null) this.finish(this.session.closing); // §9: that was the confirmation
    else this.finish([1009, 4400, 4403, 4410].includes(code) ? over(code, reason) : broken());
  }

  flush() {
    for (let entry; this.attached && !this.ended && (entry = this.session.outbox.next()) !== null; ) {
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
    inbox.told(inbox.position);
  }

  /** @param {string} event @param {number} id @param {Record<string, string | number>} [parameters] */
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
    if (this.#socket === null) return;
    this.#socket.onopen = this.#socket.onmessage = this.#socket.onclose = null;
    this.#socket.close(1000);
  }
}

/** §6, §7: `sse`, `long-polling` and `polling` differ only in when a response ends. */
class HttpCarrier extends Carrier {
  acknowledgeDelay = this.transport === 'sse' ? 5000 : 0;
  #abort = new AbortController();
  #oneByOne = false;
  #posting = false;
  #posted = Promise.resolve();
  #polled = Promise.resolve(true);
  #acknowledging = false;

  start() {
    this.#run().catch(() => this.finish(broken()));
  }

  async #run() {
    const pause = this.transport === 'polling' ? this.session.options.pollInterval : 0;
    while (!this.ended) {
      const { position } = this.session.inbox;
      const polled = this.#get();
      this.#polled = polled.catch(() => false);
      const whole = await polled;
      if (whole && this.session.leaving !== null) return; // the POSTs go on, and end this carrier
      if (!whole || !this.attached || this.transport === 'sse') return this.finish(broken());
      this.session.inbox.told(position); // each poll acknowledges what the one before has brought
      this.heard(pause);
      if (pause > 0) await delay(pause);
      // the answer to our close is the end; a poll that came too late would be answered 410
      if (this.session.closing !== null) await Promise.race([this.#posted, delay(1000)]);
    }
  }

  /** @param {string} method @param {Record<string, string>} more headers @param {RequestInit} init */
  #request(method, more, init = {}) {
    const { secret, inbox, url, options } = this.session;
    /** @type {Record<string, string>} */
    const headers = { 'Postern-Epoch': `${this.epoch}`, 'Last-Event-ID': `${inbox.position}`, ...more };
    if (secret !== '') headers['Postern-Session'] = secret;
    /** @type {RequestInit} */
    const defaults = { method, headers, signal: this.#abort.signal, cache: 'no-store', credentials: options.credentials };
    // a redirect could carry the secret elsewhere
    return options.fetch(url.replace(/^ws/, 'http'), { ...defaults, redirect: 'error', ...init });
  }

  /** One response, read to its end. @returns {Promise<boolean>} whether it was whole */
  async #get() {
    const response = await this.#request('GET', { Accept: EVENT_STREAM, 'Postern-Transport': this.transport });
    if (!response.ok || response.body === null || !response.headers.get('Content-Type')?.startsWith(EVENT_STREAM)) {
      this.finish(await this.#endOf(response));
      return false;
    }
    this.session.secret ||= response.headers.get('Postern-Session') ?? ''; // §5: a proxy may hold back the body
    const parser = new RecordParser();
    this.number = NaN;
    for (const reader = response.body.getReader(); !this.ended; ) {
      const { done, value } = await reader.read();
      if (done) break;
      this.heard();
      for (const record of parser.push(value)) this.receive(record);
    }
    return !parser.inRecord;
  }

  /** @param {Response} response not what was asked for @returns {Promise<End>} what that means (§7, §9) */
  async #endOf(response) {
    const { status, headers } = response;
    if (status === 410) {
      if (this.session.closing !== null) return this.session.closing; // §9: that was the confirmation
      if (this.session.leaving !== null) return { ...this.session.leaving.end, clean: false };
      const [record] = new RecordParser().push(new Uint8Array(await response.arrayBuffer()));
      return overBy(new URLSearchParams(record?.data ?? 'code=4410'), false);
    }
    if (headers.get('Postern-Error') === 'fenced') {
      const repeated = headers.get('Postern-Epoch') === `${this.epoch}`; // on its way: the other one was taken (§4)
      return repeated ? broken() : over(4403, 'fenced');
    }
    // without Postern-Error it comes from something on the way; another transport may get through
    const isFinal = headers.has('Postern-Error') && status < 500 && ![408, 409, 429].includes(status);
    return isFinal ? over(1006) : broken(retryAfter(headers));
  }

  flush() {
    if (!this.attached || this.#posting) return;
    this.#posting = true;
    this.#posted = this.#post()
      .catch(() => this.finish(broken()))
      .finally(() => (this.#posting = false));
  }

  /** One POST with messages under way; what gathers meanwhile goes into the next one. */
  async #post() {
    await null; // for all that the page sends in one go
    for (let batch; !this.ended && (batch = this.session.outbox.batch(this.#oneByOne ? 0 : this.session.body)) !== null; ) {
      // a poll under way that our close overtook would be answered 410
      if (this.transport === 'polling' && this.session.closing !== null) await this.#polled;
      const { sequence, last, body } = batch;
      const { inbox, outbox } = this.session;
      const { position } = inbox;
      const late = setTimeout(() => this.finish(broken()), this.session.heartbeat + PATIENCE);
      const headers = { 'Content-Type': EVENT_STREAM, 'Postern-Sequence': `${sequence}` };
      const response = await this.#request('POST', headers, { body }).finally(() => clearTimeout(late));
      if (this.ended) return;
      const received = response.headers.get('Postern-Received');
      if (received !== null) this.session.acknowledged(parseNumber(received));
      if (response.ok && outbox.acknowledged >= last) inbox.told(position);
      else if (response.status === 429) await delay(retryAfter(response.headers) ?? 1000);
      else if (response.status === 413 && last > sequence) this.#oneByOne = true; // to find out which
      else if (response.status === 413) this.session.giveUp(sequence, 1009, 'message too big');
      else this.finish(await this.#endOf(response));
      if (outbox.isEmpty && this.session.closing !== null) this.finish(this.session.closing);
    }
  }

  /** @param {boolean} last */
  async acknowledge(last) {
    const { inbox } = this.session;
    const { position } = inbox;
    if (!last && (this.#acknowledging || inbox.unacknowledged === 0)) return;
    this.#acknowledging = true;
    try {
      const response = await this.#request('POST', { 'Content-Type': EVENT_STREAM }, last ? { keepalive: true, signal: null } : {});
      if (response.ok) inbox.told(position);
      else if (response.status === 429) await delay(retryAfter(response.headers) ?? 1000);
      else this.finish(await this.#endOf(response));
    } catch {
      await delay(1000); // nothing is lost: the next one says the same, and if the network is gone, the stream ends too
    }
    this.#acknowledging = false;
    if (inbox.unacknowledged > 0) this.acknowledgeSoon();
  }

  release() {
    this.#abort.abort();
  }
}

/** @param {Headers} headers @returns {number | undefined} milliseconds */
function retryAfter(headers) {
  const seconds = Number.parseInt(headers.get('Retry-After') ?? '', 10);
  return Number.isNaN(seconds) ? undefined : seconds * 1000;
}

/** @type {Record<string, new (session: Session, transport: string, limit: number) => Carrier>} */
const CARRIERS = { websocket: WebSocketCarrier, sse: HttpCarrier, 'long-polling': HttpCarrier, polling: HttpCarrier };

// The session, which outlives its carriers (§5, §9)

/** A conversation with the server: its numbers, and one carrier after the other. */
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
  /** @type {Carrier | null} */
  carrier = null;
  #opened = false;
  #over = false;
  #detachedSince = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #closeTimer;

  /** @param {string} url ws or wss @param {Options} options @param {Listener} listener */
  constructor(url, options, listener) {
    this.url = url;
    this.options = options;
    this.listener = listener;
  }

  /** Carries the session until it is over. */
  async run() {
    const transports = /** @type {string[]} */ ([...this.options.transports]);
    const strikes = new Map();
    for (let order = transports, attempt = 0; !this.#over; ) {
      const { carrier, end, millis } = await this.#pass(order);
      const { transport, attached, deliveries } = carrier;
      if (end.final) return this.#finish(end);
      if (!this.#opened) return this.#finish(over(1006));
      if (this.leaving !== null && !attached && Date.now() - this.#detachedSince > PATIENCE) return this.#finish({ ...this.leaving.end, clean: false });
      if (!attached && Date.now() - this.#detachedSince > this.expiry) return this.#finish(over(4408, 'session expired'));
      if (attached) {
        // one that opens and soon dies is no better than one that does not open
        const struck = millis < SHORT_LIFE && deliveries === 0 && !end.planned;
        strikes.set(transport, struck ? (strikes.get(transport) ?? 0) + 1 : 0);
        const others = transports.filter((other) => other !== transport);
        order = strikes.get(transport) < STRIKES ? [transport, ...others] : [...others, transport];
        if (millis >= SHORT_LIFE) attempt = 0;
      }
      await delay(end.planned ? (end.after ?? 0) : Math.max(end.after ?? 0, backoff(attempt++)));
    }
  }

  /** Tries the transports in this order until one carries the session, and waits for its end. @param {string[]} order */
  async #pass(order) {
    for (let i = 0; ; i++) {
      const last = i === order.length - 1;
      const began = Date.now();
      const carrier = new CARRIERS[order[i]](this, order[i], last ? PATIENCE : this.options.headStart);
      this.carrier = carrier;
      carrier.start();
      const end = await carrier.end;
      if (carrier.attached) this.#detachedSince = Date.now();
      if (last || end.final || carrier.attached || this.closing?.clean === false) return { carrier, end, millis: Date.now() - began };
    }
  }

  /** @param {Carrier} carrier @param {URLSearchParams} parameters of `attached` */
  attached({ transport }, parameters) {
    this.secret ||= parameters.get('session') ?? '';
    this.heartbeat = Number(parameters.get('heartbeat')) || this.heartbeat;
    this.expiry = Number(parameters.get('expiry')) || this.expiry;
    this.body = Number(parameters.get('body')) || this.body;
    this.outbox.rewind();
    this.acknowledged(parseNumber(parameters.get('received')));
    const downtime = this.#opened ? Date.now() - this.#detachedSince : null;
    this.#opened = true;
    this.listener.attached(transport, downtime);
  }

  /** @param {Entry['data']} data @param {number} size in bytes @returns {Entry} */
  send(data, size) {
    const entry = this.outbox.add(data, size);
    this.carrier?.flush();
    return entry;
  }

  /** @param {number} position the server's */
  acknowledged(position) {
    const before = this.outbox.acknowledged;
    this.outbox.acknowledge(position);
    if (this.closing !== null && position > before) this.#awaitClose();
    if (this.leaving !== null && this.outbox.isEmpty) this.carrier?.leave(this.leaving.number, this.leaving.end);
    else if (this.leaving !== null && position > before) this.#awaitHandOver();
  }

  /** The server stops, and gets what we had sent before we acknowledge that. @param {number} number @param {End} end */
  leave(number, end) {
    if (this.leaving !== null) return; // it repeats itself on another carrier
    this.leaving = { number, end };
    this.listener.leaving();
    this.#awaitHandOver();
  }

  /** It has a while, from the last sign that it is getting something. */
  #awaitHandOver() {
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => {
      const end = { .../** @type {{ end: End }} */ (this.leaving).end, clean: false };
      this.#finish(end);
      this.carrier?.finish(end);
    }, PATIENCE);
  }

  /** Closes behind what was sent; before the session is open, at once. @param {number} code @param {string} reason */
  close(code, reason) {
    this.closing ??= this.#opened ? over(code, reason, true) : over(1006);
    if (!this.#opened) return this.carrier?.finish(this.closing);
    this.send({ code, reason }, 0);
    this.#awaitClose();
  }

  /** Ends the session since an entry cannot be sent. @param {number} number its @param {number} code @param {string} reason for the application */
  giveUp(number, code, reason) {
    if (this.#over) return;
    this.outbox.truncate(number);
    this.closing = over(code, reason);
    this.send({ code: code === 1006 ? 1011 : code, reason }, 0);
    this.#awaitClose();
  }

  /** The server has a while to answer our close, from the last sign that it is getting there. */
  #awaitClose() {
    clearTimeout(this.#closeTimer);
    this.#closeTimer = setTimeout(() => {
      this.#finish(over(1006));
      this.carrier?.finish(over(1006));
    }, PATIENCE);
  }

  /** @param {End} end */
  #finish(end) {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#closeTimer);
    // what we gave up for has the last word, whatever the server answered
    this.listener.closed(this.closing?.clean === false ? this.closing : end);
  }
}

// The interface of the browser's WebSocket

/** @param {string | URL} url @param {string | undefined} base @returns {string} the absolute ws or wss URL, as WebSocket makes it */
function webSocketUrl(url, base) {
  try {
    const absolute = new URL(url, base);
    absolute.protocol = absolute.protocol.replace(/^http/, 'ws');
    if (/^wss?:[^#]*$/.test(absolute.href)) return absolute.href;
  } catch {
    // not a URL at all
  }
  throw new DOMException(`not a URL for a WebSocket: ${url}`, 'SyntaxError');
}

/** @param {string | string[]} protocols */
function checkProtocols(protocols) {
  const names = [protocols].flat().map(String);
  if (names.every((name) => /^[!#$%&'*+.^_`|~\w-]+$/.test(name)) && new Set(names).size === names.length) return;
  throw new DOMException(`not a list of different subprotocols: ${names}`, 'SyntaxError');
}

/** @param {number | undefined} code @param {string} reason @returns {number} the code to send, 1005 for none; throws what WebSocket.close throws */
function checkClose(code, reason) {
  const value = code === undefined ? 1005 : Math.round(Math.min(65_535, Math.max(0, Number(code) || 0))); // [Clamp] unsigned short
  const isAllowed = value === 1000 || (value >= 3000 && value < 4400) || (value >= 4600 && value < 5000); // between them are ours (§9)
  if (code !== undefined && !isAllowed) throw new DOMException(`not a close code of applications: ${value}`, 'InvalidAccessError');
  const length = utf8.encode(reason).length;
  if (length > 123) throw new DOMException(`close reason longer than 123 bytes: ${length}`, 'SyntaxError');
  return value;
}

/** @param {unknown} text @returns {string} with U+FFFD for unpaired surrogates, as WebIDL's USVString */
const wellFormed = (text) => String(text).replace(/\p{Surrogate}/gu, '\uFFFD');

/** Defines `on…`: one function, which keeps its place among the listeners. @param {EventTarget} prototype @param {string} type */
function defineHandler(prototype, type) {
  /** @type {WeakMap<EventTarget, unknown>} */
  const handlers = new WeakMap();
  Object.defineProperty(prototype, `on${type}`, {
    enumerable: true,
    configurable: true,
    get() { return handlers.get(this) ?? null; },
    set(handler) {
      if (!handlers.has(this)) {
        this.addEventListener(type, (/** @type {Event} */ event) => {
          const current = handlers.get(this);
          if (typeof current === 'function') current.call(this, event);
        });
      }
      handlers.set(this, Object(handler) === handler ? handler : null);
    },
  });
}

/** The browser's `WebSocket`, over what the network lets through. Beyond it: `transport`, `unconfirmed`, and the events `transport` and `resume`. */
export class PushSocket extends EventTarget {
  #readyState = 0;
  /** @type {BinaryType} */
  #binaryType = 'blob';
  #transport = '';
  #discarded = 0; // bytes sent when it was too late: they count as buffered for ever
  #session;
  #origin;

  static {
    for (const [value, name] of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].entries()) {
      for (const target of [this, this.prototype]) Object.defineProperty(target, name, { value, enumerable: true });
    }
    for (const type of ['open', 'message', 'error', 'close', 'transport', 'resume']) defineHandler(this.prototype, type);
  }

  /** @param {string | URL} url @param {string | string[]} protocols @param {import('./postern.js').PushSocketOptions} options */
  constructor(url, protocols = [], options = {}) {
    super();
    const absolute = webSocketUrl(url, globalThis.document?.baseURI ?? globalThis.location?.href);
    checkProtocols(protocols);
    /** @type {Options} */
    const defaults = {
      transports: ['websocket', 'sse', 'long-polling'],
      pollInterval: 1000,
      headStart: 3000,
      credentials: 'same-origin',
      fetch: (...request) => fetch(...request),
      WebSocket: NativeWebSocket,
    };
    const complete = { ...defaults, ...options };
    const areKnown = complete.transports.length > 0 && complete.transports.every((name) => Object.hasOwn(CARRIERS, name));
    if (!areKnown) throw new TypeError(`not a list of transports: ${complete.transports}`);
    this.#origin = new URL(absolute).origin;
    this.#session = new Session(absolute, complete, {
      attached: (transport, downtime) => this.#onAttached(transport, downtime),
      message: (data) => this.#onMessage(data),
      leaving: () => { this.#readyState = 2; },
      closed: (end) => this.#onClosed(end),
    });
    this.#session.run();
  }

  get url() { return this.#session.url; }
  get readyState() { return this.#readyState; }
  get transport() { return this.#transport; }
  get protocol() {
    return ''; // the WebSocket's is Postern's own
  }

  get extensions() { return this.#readyState === 0 ? '' : (this.#session.carrier?.extensions ?? ''); }
  get bufferedAmount() { return this.#session.outbox.waitingBytes + (this.#session.carrier?.bufferedAmount ?? 0) + this.#discarded; }
  get unconfirmed() { return this.#session.outbox.count; }
  get binaryType() { return this.#binaryType; }

  set binaryType(type) {
    if (type === 'blob' || type === 'arraybuffer') this.#binaryType = type;
  }

  /** @param {string | ArrayBufferLike | ArrayBufferView | Blob} data */
  send(data) {
    if (arguments.length === 0) throw new TypeError('nothing to send');
    if (this.#readyState === 0) throw new DOMException('still connecting', 'InvalidStateError');
    if (data instanceof Blob) return this.#sendBlob(data);
    // a copy, since the page may go on changing its own
    if (data instanceof ArrayBuffer) this.#send(new Uint8Array(data.slice(0)), data.byteLength);
    else if (ArrayBuffer.isView(data)) this.#send(new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(), data.byteLength);
    else this.#send(wellFormed(data), utf8.encode(wellFormed(data)).length);
  }

  /** @param {string | Uint8Array | null} data @param {number} size */
  #send(data, size) {
    if (this.#readyState === 1) return this.#session.send(data, size);
    this.#discarded += size;
    return null;
  }

  /** @param {Blob} blob keeps its place among the messages while it is read */
  async #sendBlob(blob) {
    const entry = this.#send(null, blob.size);
    if (entry === null) return;
    try {
      entry.data = new Uint8Array(await blob.arrayBuffer());
      this.#session.carrier?.flush();
    } catch {
      this.#session.giveUp(entry.number, 1006, '');
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
    if (downtime === null) {
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
    this.dispatchEvent(new MessageEvent('message', { data, origin: this.#origin }));
  }

  /** @param {End} end */
  #onClosed({ code, reason, clean }) {
    this.#readyState = 3;
    if (!clean) this.dispatchEvent(new Event('error'));
    this.dispatchEvent(new CloseEvent('close', { code, reason, wasClean: clean }));
  }
}

export default PushSocket;

/** The pure parts, for their tests; not for applications. */
export const parts = { RecordParser, Inbox, Outbox, encodeMessage, decodeMessage, encodeControl, backoff, webSocketUrl, checkProtocols, checkClose, wellFormed };
