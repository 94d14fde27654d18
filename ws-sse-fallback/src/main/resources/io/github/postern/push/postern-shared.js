/**
 * One connection for all tabs of a browser: `SharedPushSocket` is a `PushSocket` whose session is shared by those of one origin that have the same URL and the same option `name`, in
 * whatever tabs they are. A browser opens six connections to a server over HTTP/1.1; one that shares needs one for SSE, however many tabs there are. Nothing of it is seen by the server.
 *
 * One of them, the leader, holds a Web Lock and has the session; the others talk with it over a BroadcastChannel, by the posts that `TabSession.#hear` lists. The rules:
 *
 * - Every tab hears every message of the server, once and in order, from the moment it opened. What a tab sends reaches the server once and in the order of that tab.
 * - The leader posts before it acts: a message before it acknowledges that, an entry before it goes to the server, its epochs before it attaches. So whoever has heard all posts of a
 *   leader that is gone knows the secret, the epoch, both positions and what is not acknowledged (`Journal`), and can go on in its place: as after a broken connection.
 * - A tab that gets the lock first lets everything pass that was posted before (`Group.fence`). It takes nothing from tabs before the server has answered its attach, since until then
 *   a leader that was deprived of the lock, and does not know that yet, may still get something through to the server. From then on only posts of the new term count.
 * - A page that stands still may miss posts. The leader counts them; a tab that has missed one takes no other before the leader has told it everything anew.
 * - A tab keeps what it has sent until the leader tells that the server has it, and posts it again to each new leader, which takes what it does not have.
 * - The browser frees the locks of a tab that is closed or crashes. A tab that is frozen, or put aside for going back, gives its own up before. One that just stands still is asked
 *   whether it is there, and the lock taken from it. That may happen without need: the server fences the former leader off, and nothing is lost.
 * - A tab that was away gets the last 1,000 messages, or 256 KiB, afterwards; if it has missed more, its session ends with 4507.
 * - `close` is this tab's own as long as there are others. The last one closes the session, and if it is left, with 1001.
 * - Where there are no Web Locks, as in an insecure context, or they are forbidden, or the tab that leads does not answer to one that is new, a tab has a connection of its own.
 *
 * Posts are arrays, since tabs may run other builds or releases of this file: names of properties may differ. They hold the session's secret; none but pages and workers of this origin hear them.
 */
import { PushSocket } from './postern.js';

const { Session } = /** @type {any} */ (PushSocket);
const RELEASE = 1; // of the posts: tabs with others do not share
const TERM = 2 ** 20; // epochs for one leader: the next begins so much higher, whichever of them were used
const KEPT_MESSAGES = 1000;
const KEPT_LENGTH = 256 * 1024;
const WATCH = 2000; // a leader that was not heard for so long is asked, and after as long again without an answer has lost the lock
const STRANGE = 7000; // how long one that is new waits for a leader that does not answer: longer than those wait that can take its place

/**
 * What a tab has sent: a message, or its close.
 * @typedef {string | Uint8Array | { code: number, reason: string }} Data
 */

/** @param {number} code @returns how a session ends, as postern.js has it */
const over = (code, reason = '', clean = false) => ({ final: true, code, reason, clean, after: 0 });

const FENCED = ['fenced', 'superseded']; // reasons of 4403
const BEHIND = over(4507, 'too far behind');

/** @param {AbortSignal} signal */
const until = (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve));

/** What a tab must know to go on in the leader's place. Each tab has one, and the leader's posts keep them the same. */
class Journal {
  /** The epoch that the leader began with whose posts count. */
  term = 0;
  /** The highest that any leader began with. */
  epoch = 0;
  /** Of the leader's posts. */
  count = 0;
  /** The position of the server. */
  acknowledged = 0;
  /** What the server does not have, for all we know, in its order: tab, message, size. @type {[string, Data, number][]} */
  entries = [];
  /** The number of the last one that was taken from each tab. @type {Map<string, number>} */
  taken = new Map();
  /** @type {(string | Uint8Array)[]} */
  #recent = [];
  #length = 0;

  /** @param {string} tab @param {number} number @param {Data} data @param {number} size */
  add(tab, number, data, size) {
    this.taken.set(tab, number);
    if (typeof data === 'string' || data instanceof Uint8Array) this.entries.push([tab, data, size]);
  }

  /** @param {number} position the server's */
  acknowledge(position) {
    this.entries.splice(0, Math.max(0, position - this.acknowledged));
    this.acknowledged = Math.max(this.acknowledged, position);
  }

  /** @param {string} tab @returns {number} its position: how many of what it has sent the server has, its close included */
  confirmed(tab) {
    return (this.taken.get(tab) ?? 0) - this.entries.filter(([sender]) => sender === tab).length;
  }

  /** @param {string | Uint8Array} message the next of the server */
  keep(message) {
    this.#recent.push(message);
    this.#length += message.length;
    while (this.#recent.length > KEPT_MESSAGES || this.#length > KEPT_LENGTH) this.#length -= this.#recent.shift()?.length ?? 0;
  }

  /** @param {number} count @returns so many of the last messages, null if they are no more there */
  last(count) {
    return count > this.#recent.length ? null : this.#recent.slice(this.#recent.length - count);
  }
}

/** The tabs that share: what one of them posts all others hear, in its order. And their locks. */
class Group {
  /** @type {BroadcastChannel | null} */
  #channel = null;
  /** @type {(() => void)[]} */
  #fences = [];
  #membership = new AbortController();
  #candidacy = new AbortController();

  /** @param {string} name @param {string} tab @param {(post: any[]) => void} hear */
  constructor(name, tab, hear) {
    this.name = name;
    this.tab = tab;
    this.hear = hear;
  }

  /** Returns when the others can see that this tab is alive; throws if the browser forbids it. */
  async join() {
    const { signal } = (this.#membership = new AbortController());
    await new Promise((resolve, reject) => {
      navigator.locks.request(`${this.name} ${this.tab}`, { signal }, () => {
        resolve(null);
        return until(signal);
      }).catch(reject);
    });
    signal.throwIfAborted();
    this.#channel = new BroadcastChannel(this.name);
    this.#channel.onmessage = ({ data }) => {
      if (data[0] !== 'fence') this.hear(data);
      else if (data[1] === this.tab) this.#fences.shift()?.();
    };
  }

  /** Whether there may be others. */
  get isOpen() { return this.#channel !== null; }

  leave() {
    this.#candidacy.abort();
    this.#membership.abort();
    this.#channel?.close();
    this.#channel = null;
    for (const pass of this.#fences.splice(0)) pass();
  }

  /** @param {any[]} post */
  post(...post) {
    this.#channel?.postMessage(post);
  }

  /** Returns when this tab has heard all that was posted before: a post of its own comes back behind that. @returns {Promise<void>} */
  fence() {
    if (!this.#channel) return Promise.resolve();
    const echo = new BroadcastChannel(this.name);
    echo.postMessage(['fence', this.tab]);
    echo.close();
    return new Promise((pass) => this.#fences.push(pass));
  }

  /** Waits for the lock of the leader, or takes it at once. @param {boolean} steal @param {(signal: AbortSignal) => void} onHeld @param {() => void} onLost since it was taken */
  campaign(steal, onHeld, onLost) {
    this.#candidacy.abort();
    const { signal } = (this.#candidacy = new AbortController());
    navigator.locks.request(this.name, steal ? { steal } : { signal }, () => {
      if (signal.aborted) return null;
      onHeld(signal);
      return until(signal);
    }).catch(() => signal.aborted || onLost());
  }

  /** For a leader. @param {string} tab @param {() => void} action when that is gone or asleep, and what it had posted is heard */
  whenGone(tab, action) {
    navigator.locks.request(`${this.name} ${tab}`, { signal: this.#candidacy.signal }, () => this.fence().then(action)).catch(() => {});
  }
}

/** The session of the leader: a real one, which tells what the server has, and is closed once. */
class LeaderSession extends Session {
  #attempts = 3;

  /** @param {number} position one that we cannot know throws, and is tried again: a former leader's posts may be on their way */
  acknowledged(position) {
    try {
      super.acknowledged(position);
    } catch (error) {
      if (--this.#attempts === 0) this.settle(BEHIND);
      throw error;
    }
    this.owner.acknowledged(position);
  }

  /** @param {number} code @param {string} reason */
  close(code, reason) {
    if (!this.closing) super.close(code, reason);
  }
}

/** Stands for the carrier of a tab, whose messages count as buffered until the server has them: the leader may be as far from that as the tab is. */
class Backlog {
  /** Of the tab's messages that are not confirmed. @type {number[]} */
  sizes = [];
  #total = 0;

  /** @param {{ waitingBytes: number }} outbox what it counts itself, the leader was not given */
  constructor(outbox) {
    this.outbox = outbox;
  }

  /** @param {number} size */
  add(size) {
    this.sizes.push(size);
    this.#total += size;
  }

  /** @param {number} count of the messages that the server has */
  remove(count) {
    for (const size of this.sizes.splice(0, count)) this.#total -= size;
  }

  get bufferedAmount() { return this.#total - this.outbox.waitingBytes; }
}

/** A tab's share in the session: its `inbox` counts the server's messages, its `outbox` those of this tab, until the server has them. */
class TabSession extends Session {
  carrier = new Backlog(this.outbox);
  #tab = crypto.randomUUID();
  #journal = new Journal();
  #group = new Group(`postern ${RELEASE} ${this.url} ${this.options.name ?? ''}`, this.#tab, (post) => this.#hear(post));
  /** While this tab takes part; null while it is asleep. @type {AbortController | null} */
  #stay = null;
  #gone = new AbortController();
  /** The real one, if this tab has the lock. @type {any} */
  #session = null;
  /** Whether the server has answered an attach of that. */
  #isLeading = false;
  /** For a leader: the other tabs. @type {Set<string>} */
  #others = new Set();
  #transport = '';
  /** When the leader was heard. */
  #heardAt = 0;
  #isAsked = false;
  /** Whether this tab has missed something, and waits for the leader's state. */
  #isBehind = true;

  start() {
    const { document, addEventListener: listen } = globalThis;
    const options = { signal: this.#gone.signal };
    // before the real session hears it, which would close itself, and only when the network is already gone
    listen?.('pagehide', ({ persisted }) => {
      if (persisted) this.#sleep();
      else if (this.#isAlone) this.#session.close(1001, '');
      else this.#leave();
    }, options);
    listen?.('pageshow', ({ persisted }) => persisted && this.#join(), options);
    document?.addEventListener('freeze', () => this.#sleep(), options);
    document?.addEventListener('resume', () => this.#join(), options);
    this.#join();
  }

  get #isAlone() { return this.#session && this.#others.size === 0; }

  // coming and going

  async #join() {
    if (this.#stay) return;
    const { signal } = (this.#stay = new AbortController());
    try {
      await this.#group.join();
    } catch {
      return signal.aborted || this.#lead(signal); // there are no locks for this page
    }
    this.#campaign();
    this.#isBehind = true;
    this.#hello();
    this.#heardAt = Date.now();
    let due = this.#heardAt + WATCH;
    const watch = setInterval(() => {
      this.#watch(Date.now() - due > WATCH);
      due = Date.now() + WATCH;
    }, WATCH);
    signal.addEventListener('abort', () => clearInterval(watch));
  }

  /** Nothing runs here for a while, or ever: another one shall lead. */
  #sleep() {
    this.#stepDown();
    this.#stay?.abort();
    this.#stay = null;
    this.#group.leave();
  }

  #leave() {
    this.#gone.abort();
    this.#stepDown();
    this.#post('bye', this.#tab);
    this.#sleep();
  }

  /** Goes on without the others. */
  #part() {
    this.#post('bye', this.#tab);
    this.#sleep();
    this.#stay = new AbortController();
    this.#lead(this.#stay.signal);
  }

  #hello() {
    this.#post('hello', this.#tab, this.secret ? this.inbox.position : null);
  }

  /** @param {boolean} isLate whether this tab itself stood still */
  #watch(isLate) {
    const silence = Date.now() - this.#heardAt;
    const isSilent = this.#isAsked && !isLate;
    if (!this.#session && this.#isBehind) this.#hello();
    if (this.#session || silence < WATCH) {
      this.#isAsked = false;
    } else if (isSilent && this.secret) {
      this.#isAsked = false;
      this.#campaign(true);
    } else if (isSilent && silence > STRANGE) {
      this.#part();
    } else {
      this.#isAsked = true;
      this.#post('ping');
    }
  }

  // leading

  #campaign(steal = false) {
    this.#group.campaign(steal, (signal) => this.#lead(signal), () => this.#onDeposed());
  }

  /** @param {AbortSignal} signal aborted when this tab does not lead any more */
  async #lead(signal) {
    await this.#group.fence();
    if (signal.aborted) return;
    const since = Date.now();
    const journal = this.#journal;
    const resumed = this.secret !== '';
    if (resumed) journal.epoch += TERM;
    const session = new LeaderSession(this.url, this.options, {
      attached: (/** @type {string} */ transport, /** @type {number | null} */ downtime) => {
        if (this.#isLeading) return this.#tellAttached(transport, downtime);
        this.#isLeading = true;
        this.#isBehind = false;
        this.secret = session.secret;
        journal.term = journal.epoch;
        this.#tellState('');
        this.#tellAttached(transport, resumed ? Date.now() - since : null);
        this.#sendAgain();
      },
      message: (/** @type {string | Uint8Array} */ data) => {
        this.#tell('message', this.inbox.position, data);
        this.#deliver(data);
      },
      acknowledged: (/** @type {number} */ position) => {
        this.#tell('ack', position);
        this.#acknowledge(position);
      },
      leaving: () => {
        this.#tell('leaving');
        this.owner.leaving();
      },
      closed: (/** @type {any} */ end) => this.#onEnd(session, end),
    });
    Object.assign(session, { inbox: this.inbox, secret: this.secret, epoch: journal.epoch, isOpen: resumed });
    session.outbox.acknowledged = journal.acknowledged;
    for (const [, data, size] of journal.entries) session.outbox.add(data, size);
    this.#session = session;
    for (const tab of [this.#tab, ...journal.taken.keys()]) this.#admit(tab);
    this.#tellLeading();
    session.start();
  }

  /** Leaves the session to another one. */
  #stepDown() {
    const session = this.#session;
    this.#session = null;
    this.#others.clear();
    session?.settle(over(1006)); // of which the server hears nothing
    if (this.#isLeading) this.#tellState(''); // to one that has just come, and now leads
    this.#isLeading = false;
  }

  /** The lock was taken, or another one tells that it leads. */
  #onDeposed() {
    this.#isLeading = this.#isBehind = false;
    this.#stepDown();
    this.#campaign();
    this.#catchUp();
  }

  /** The real session is over, for all, unless that is because another tab leads: no one else has the secret. @param {any} session @param {any} end */
  async #onEnd(session, { code, reason, clean }) {
    await this.#group.fence();
    if (session !== this.#session) return null;
    if (FENCED.includes(reason) && this.#group.isOpen) return this.#onDeposed();
    this.#post('closed', code, reason, clean);
    this.#isLeading = false;
    return this.settle(over(code, reason, clean));
  }

  /** @param {string} tab */
  #admit(tab) {
    if (!this.#journal.taken.has(tab)) this.#journal.taken.set(tab, 0);
    if (tab === this.#tab || this.#others.has(tab)) return;
    this.#others.add(tab);
    this.#group.whenGone(tab, () => this.#dismiss(tab));
  }

  /** @param {string} tab */
  #dismiss(tab) {
    this.#others.delete(tab);
    this.#finish();
  }

  /** @param {string} tab @param {number | null} position of one that was here before */
  #welcome(tab, position) {
    this.#admit(tab);
    if (!this.#isLeading || this.#session.closing || this.#session.leaving) return this.#tellLeading();
    const count = position === null ? 0 : this.inbox.position - position;
    const missed = this.#journal.last(count);
    this.#tellState(tab, missed !== null);
    this.#tell('attached', this.#transport, null);
    missed?.forEach((message, i) => this.#tell('message', this.inbox.position - missed.length + i + 1, message));
  }

  /** What tabs follow, each post of it. @param {string} type @param {any[]} content */
  #tell(type, ...content) {
    this.#post(type, ++this.#journal.count, ...content);
  }

  #tellLeading() {
    this.#post('leading', this.#journal.count, this.#journal.epoch);
  }

  /** @param {string} tab the one that has asked, '' for all @param {boolean} isComplete whether that gets what it has missed */
  #tellState(tab, isComplete = true) {
    const { count, acknowledged, entries, taken } = this.#journal;
    this.#post('state', count, tab, isComplete, this.inbox.position, acknowledged, entries, taken);
  }

  /** @param {string} transport @param {number | null} downtime */
  #tellAttached(transport, downtime) {
    this.#tell('attached', transport, downtime);
    this.#onAttached(transport, downtime);
  }

  /** What it has already, or not what lies before, is left out: that comes again. @param {string} tab @param {number} number @param {Data} data @param {number} size */
  #take(tab, number, data, size) {
    if (this.#session.closing || number !== (this.#journal.taken.get(tab) ?? NaN) + 1) return;
    this.#tell('entry', tab, number, data, size);
    this.#journal.add(tab, number, data, size);
    if (typeof data === 'string' || data instanceof Uint8Array) this.#session.send(data, size);
    else this.#confirm();
  }

  // posts

  /** @param {string} type @param {any[]} content */
  #post(type, ...content) {
    this.#group.post(type, this.secret, this.#journal.term, ...content);
  }

  /** Of any tab: hello, ping, bye and send. Of the leader: leading, state, closed, and what `#follow` has. @param {any[]} post */
  #hear([type, secret, term, ...content]) {
    switch (type) {
      case 'hello':
        if (this.#session) this.#welcome(content[0], content[1]);
        break;
      case 'ping':
        if (this.#session) this.#tellLeading();
        break;
      case 'bye':
        this.#journal.taken.delete(content[0]);
        this.#dismiss(content[0]);
        break;
      case 'send':
        if (this.#isLeading && secret === this.secret) this.#take(content[0], content[1], content[2], content[3]);
        break;
      case 'leading':
        this.#onLeading(secret, term, content[0], content[1]);
        break;
      case 'state':
        this.#onState(secret, term, content);
        break;
      default:
        if (!this.#isLeading && secret === this.secret && term >= this.#journal.term) this.#onNews(type, term, content);
    }
  }

  /** @param {string} type @param {number} term @param {any[]} content */
  #onNews(type, term, content) {
    this.#heardAt = Date.now();
    if (type === 'closed') return this.settle(over(content[0], content[1], content[2]));
    if (term > this.#journal.term || content[0] !== this.#journal.count + 1) this.#catchUp();
    if (this.#isBehind) return;
    this.#journal.count++;
    this.#follow(type, content.slice(1));
  }

  /** @param {string} type @param {any[]} content */
  #follow(type, content) {
    const [first, second, third, fourth] = content;
    if (type === 'message') {
      this.#onMessage(first, second);
    } else if (type === 'entry') {
      this.#journal.add(first, second, third, fourth);
      if (typeof third === 'string' || third instanceof Uint8Array) this.#session?.outbox.add(third, fourth); // for a leader whose attach is not answered
      this.#confirm();
    } else if (type === 'ack') {
      this.#session?.outbox.acknowledge(first);
      this.#acknowledge(first);
    } else if (type === 'attached') {
      this.#onAttached(first, second);
    } else if (type === 'leaving') {
      this.owner.leaving();
    }
  }

  /** Until the leader answers, nothing of it counts: the answer begins with its state, and all that was missed comes behind that. */
  #catchUp() {
    if (!this.#isBehind) this.#hello();
    this.#isBehind = true;
  }

  /** @param {string} secret @param {number} term @param {number} count @param {number} epoch */
  #onLeading(secret, term, count, epoch) {
    const journal = this.#journal;
    const isNews = epoch > journal.epoch;
    this.#heardAt = Date.now();
    journal.epoch = Math.max(journal.epoch, epoch);
    if (this.#session) return isNews && this.#onDeposed();
    if (secret !== this.secret || term !== journal.term || count !== journal.count) this.#catchUp();
  }

  /** @param {string} secret @param {number} term @param {any[]} content */
  #onState(secret, term, [count, tab, isComplete, position, acknowledged, entries, taken]) {
    const isAnswer = tab === this.#tab;
    if (this.#session) return;
    this.#heardAt = Date.now();
    if (!this.secret) {
      this.secret = secret;
      this.inbox.position = position;
    } else if (secret !== this.secret) {
      return this.#part(); // the others have another session by now, and this one may still live
    } else if (!isAnswer) {
      if (this.#isBehind) return this.#hello();
      if (term <= this.#journal.term) return;
    }
    if (!isComplete) return this.settle(BEHIND);
    this.#isBehind = false;
    Object.assign(this.#journal, { term, count, acknowledged, entries, taken, epoch: Math.max(term, this.#journal.epoch) });
    if (!taken.has(this.#tab)) this.#hello();
    this.#confirm();
    this.#sendAgain();
  }

  /** @param {number} number @param {string | Uint8Array} data */
  #onMessage(number, data) {
    try {
      if (!this.inbox.accept(number, data.length)) return;
    } catch {
      return this.#catchUp();
    }
    this.inbox.tell(number); // that is the leader's affair
    this.#deliver(data);
  }

  /** @param {string | Uint8Array} data */
  #deliver(data) {
    this.#journal.keep(data);
    this.owner.message(data);
  }

  /** @param {string} transport @param {number | null} downtime */
  #onAttached(transport, downtime) {
    this.#transport = transport;
    this.isOpen = true;
    this.owner.attached(transport, downtime);
  }

  /** @param {number} position */
  #acknowledge(position) {
    this.#journal.acknowledge(position);
    this.#confirm();
  }

  /** The server has something of this tab. */
  #confirm() {
    this.acknowledged(this.#journal.confirmed(this.#tab));
    this.flush();
    this.#finish();
  }

  /** The server has all that this tab had sent before its close. */
  #finish() {
    if (!this.closing || !this.isOpen || this.outbox.count > 0) return;
    const { code, reason } = this.closing;
    if (this.#isAlone) this.#session.close(code === 1006 ? 1011 : code, reason);
    else this.settle(this.closing);
  }

  #sendAgain() {
    this.outbox.rewind();
    this.flush();
  }

  // what a PushSocket asks of its session, as far as it is not the same

  /** @param {Data | null} data @param {number} size */
  send(data, size) {
    this.carrier.add(size);
    return super.send(data, size);
  }

  /** @param {number} position */
  acknowledged(position) {
    const before = this.outbox.acknowledged;
    super.acknowledged(position);
    this.carrier.remove(this.outbox.acknowledged - before);
  }

  flush() {
    for (let entry; this.secret && (entry = this.outbox.next()); ) {
      const { number, data, size } = entry;
      if (this.#isLeading) this.#take(this.#tab, number, data, size);
      else this.#post('send', this.#tab, number, data, size);
    }
  }

  /** @param {any} end */
  settle(end) {
    if (this.#gone.signal.aborted) return;
    this.#leave();
    super.settle(end);
  }
}

/** A `PushSocket` whose session is shared with other tabs. */
export class SharedPushSocket extends PushSocket {
  static Session = globalThis.navigator?.locks && globalThis.BroadcastChannel ? TabSession : Session;
}

export default SharedPushSocket;

/** The pure part, for its tests; not for applications. */
export const parts = { Journal };
