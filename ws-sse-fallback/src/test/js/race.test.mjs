import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { PushSocket, bytes, parts } from './load.mjs';

globalThis.CloseEvent ??= class extends Event {
  constructor(type, init) {
    super(type);
    Object.assign(this, init);
  }
};

/** The window, for what it hears of the network; another one for each test. */
let page = new EventTarget();
globalThis.addEventListener = (...listener) => page.addEventListener(...listener);

const HALF_AN_HOUR = 30 * 60_000;

async function settled() {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

async function tick(millis) {
  mock.timers.tick(millis);
  await settled();
}

beforeEach(() => {
  page = new EventTarget();
  mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
});
afterEach(() => mock.timers.reset());

/** Stands for what the browser offers; the test is the server, and the network. */
class Network {
  sockets = [];
  requests = [];

  constructor() {
    const { sockets, requests } = this;
    this.WebSocket = class {
      sent = [];
      bufferedAmount = 0;
      extensions = '';

      constructor(url, protocols) {
        Object.assign(this, { url, protocols });
        sockets.push(this);
      }

      send(data) { this.sent.push(typeof data === 'string' ? data : new Uint8Array(data)); }
      close() { this.isClosed = true; }
      refuse(code = 1006) { this.onclose({ code, reason: '' }); }
      tell(record) { this.onmessage({ data: bytes(`\0${record}`).buffer }); }

      /** The control records among what was sent: their events, ids and parameters. */
      get records() {
        return this.sent.filter((frame) => frame[0] === 0).map((frame) => {
          const [{ event, id, data }] = new parts.RecordParser().push(frame.subarray(1));
          return `${event} ${id} ${data ?? ''}`;
        });
      }

      attach(position = 0, more = 'session=S') {
        this.onopen();
        this.tell(`event:attached\nid:${position}\ndata:received=0&${more}\n\n`);
      }
    };
    this.fetch = (url, { method, headers, body, signal }) => new Promise((resolve, reject) => {
      const request = { method, headers, body, isAborted: false };
      request.answer = (status, answerHeaders = {}) => resolve(new Response(status === 204 ? null : '', { status, headers: answerHeaders }));
      request.stream = (text) => {
        let controller;
        const readable = new ReadableStream({ start: (given) => (controller = given) });
        resolve(new Response(readable, { headers: { 'Content-Type': 'text/event-stream' } }));
        controller.enqueue(bytes(text));
        return { write: (more) => controller.enqueue(bytes(more)), end: () => controller.close() };
      };
      signal?.addEventListener('abort', () => {
        request.isAborted = true;
        reject(new DOMException('aborted', 'AbortError'));
      });
      requests.push(request);
    });
  }

  get gets() { return this.requests.filter(({ method }) => method === 'GET'); }
  get posts() { return this.requests.filter(({ method }) => method === 'POST'); }
}

const ATTACHED = 'event:attached\nid:0\ndata:received=0&session=S\n\n';
let endpoints = 0;

async function open(options = {}, url = `ws://example.org/race${endpoints++}`) {
  const network = new Network();
  const socket = new PushSocket(url, [], { fetch: network.fetch, WebSocket: network.WebSocket, ...options });
  const log = [];
  for (const type of ['open', 'message', 'transport', 'resume', 'reset', 'close']) {
    socket.addEventListener(type, ({ data, detail, code }) => log.push([type, data ?? detail?.to ?? detail?.code ?? detail?.downtime ?? code].filter((x) => x !== undefined).join(' ')));
  }
  await settled();
  return { socket, log, network, url };
}

/** PROTOCOL.md §15. */
describe('The race', () => {
  test('gives a WebSocket a head start of 1.5 s, and lets it win later', async () => {
    const { network, log } = await open();
    await tick(1499);
    assert.equal(network.gets.length, 0);
    await tick(1);
    assert.equal(network.gets.length, 1);
    const stream = network.gets[0].stream(ATTACHED);
    await settled();
    assert.deepEqual(log, ['open', 'transport sse']);
    stream.write('id:1\ndata:a\n\n');
    await settled();
    network.sockets[0].attach(1);
    network.sockets[0].onmessage({ data: 'b' });
    assert.deepEqual(log, ['open', 'transport sse', 'message a', 'transport websocket', 'message b']);
    assert.deepEqual(network.sockets[0].records[0], 'attach 1 epoch=2&session=S');
    assert.ok(network.gets[0].isAborted);
  });

  test('begins with the next one at once when a WebSocket is refused', async () => {
    const { network } = await open();
    network.sockets[0].refuse();
    await settled();
    assert.equal(network.gets[0].headers['Postern-Transport'], 'sse');
  });

  test('gives a WebSocket four round trips, but no more than 3 s', async () => {
    const { network, url, socket } = await open();
    network.sockets[0].onopen();
    await tick(600);
    network.sockets[0].attach();
    socket.close();
    for (const [roundTrip, headStart] of [[600, 2400], [5000, 3000]]) {
      new parts.Memory(url).set('roundTrip', roundTrip);
      const next = await open({}, url);
      await tick(headStart - 1);
      assert.equal(next.network.gets.length, 0);
      await tick(1);
      assert.equal(next.network.gets.length, 1);
      next.socket.close();
    }
  });

  test('remembers for half an hour what does not get through, and tries it again then beside the other', async () => {
    const first = await open();
    first.network.sockets[0].refuse();
    await settled();
    first.network.gets[0].stream(ATTACHED);
    await settled();
    const second = await open({}, first.url);
    assert.deepEqual([second.network.sockets.length, second.network.gets.length], [0, 1]);
    const stream = second.network.gets[0].stream(ATTACHED);
    await settled();
    for (let millis = 0; millis < HALF_AN_HOUR - 20_000; millis += 20_000) {
      await tick(20_000);
      stream.write(':\n');
      await settled();
    }
    assert.equal(second.network.sockets.length, 0);
    await tick(20_000);
    assert.equal(second.network.sockets.length, 1);
    second.network.sockets[0].attach();
    assert.equal(second.socket.transport, 'websocket');
  });

  test('counts three WebSockets that open and die as refused', async () => {
    const { network, socket } = await open();
    for (let i = 0; i < 3; i++) {
      network.sockets[i].attach();
      network.sockets[i].refuse();
      await settled();
      await tick(4000);
    }
    assert.deepEqual([network.sockets.length, network.gets.length], [3, 1]);
    network.gets[0].stream(ATTACHED);
    await settled();
    assert.equal(socket.transport, 'sse');
  });

  test('does not count those that have brought something', async () => {
    const { network } = await open();
    for (let i = 0; i < 4; i++) {
      network.sockets[i].attach(i);
      network.sockets[i].onmessage({ data: 'x' });
      network.sockets[i].refuse();
      await settled();
      await tick(1400);
    }
    assert.deepEqual([network.sockets.length, network.gets.length], [5, 0]);
  });

  test('closes the session that a slower attempt has opened', async () => {
    const { network } = await open();
    network.sockets[0].onopen();
    await tick(1500);
    network.gets[0].stream(ATTACHED);
    await settled();
    network.sockets[0].tell('event:attached\nid:0\ndata:received=0&session=T\n\n');
    await settled();
    assert.equal(network.sockets[0].records.at(-1), 'close 1 code=1000&reason=');
    assert.ok(network.sockets[0].isClosed);
  });

  test('ends with 1006 when nothing gets through, and with reconnect tries again', async () => {
    const plain = await open({ transports: ['websocket'] });
    plain.network.sockets[0].refuse();
    await settled();
    assert.deepEqual(plain.log, ['close 1006']);
    const patient = await open({ transports: ['websocket'], reconnect: 2 });
    for (let i = 0; i < 3; i++) {
      patient.network.sockets[i].refuse();
      await settled();
      await tick(2000);
    }
    assert.deepEqual([patient.network.sockets.length, patient.log], [3, ['close 1006']]);
  });
});

describe('A change of the network', () => {
  async function attached() {
    const all = await open({ transports: ['sse'] });
    all.stream = all.network.gets[0].stream(ATTACHED);
    await settled();
    return all;
  }

  test('has what seems to carry the session prove it beside, in 3 s', async () => {
    const { network, log } = await attached();
    page.dispatchEvent(new Event('online'));
    await settled();
    assert.deepEqual([network.gets.length, network.gets[0].isAborted], [2, false]);
    await tick(3000);
    assert.ok(network.gets[0].isAborted);
    assert.deepEqual(log, ['open', 'transport sse']);
  });

  test('interrupts nothing when the next attachment answers', async () => {
    const { network, log } = await attached();
    page.dispatchEvent(new Event('online'));
    await settled();
    network.gets[1].stream('event:attached\nid:0\ndata:received=0\n\n');
    await settled();
    await tick(3000);
    assert.deepEqual([log, network.gets.length, network.gets[0].isAborted], [['open', 'transport sse'], 2, true]);
  });

  test('ends what was waited for', async () => {
    const { network, stream } = await attached();
    stream.end();
    await settled();
    await tick(500);
    network.gets[1].answer(503, { 'Retry-After': '60', 'Postern-Error': 'busy' });
    await settled();
    assert.equal(network.gets.length, 2);
    page.dispatchEvent(new Event('online'));
    await tick(0);
    assert.equal(network.gets.length, 3);
  });

  test('holds back acknowledgements while an attach is under way', async () => {
    const { network, stream, socket } = await attached();
    page.dispatchEvent(new Event('online'));
    await settled();
    stream.write('id:1\ndata:a\n\n');
    await settled();
    socket.send('x');
    await settled();
    assert.equal(network.posts[0].headers['Last-Event-ID'], undefined);
    network.posts[0].answer(200, { 'Postern-Received': '1' });
    network.gets[1].stream('event:attached\nid:0\ndata:received=1\n\n');
    await settled();
    await tick(5000);
    assert.equal(network.posts.at(-1).headers['Last-Event-ID'], '1');
  });

  test('is not the only sign of a sleep: a timer that is late proves nothing', async () => {
    const { network, stream, log } = await attached();
    const { now } = Date;
    Date.now = () => now() + 600_000;
    await tick(35_000);
    assert.deepEqual([network.gets.length, network.gets[0].isAborted], [2, false]);
    stream.write('id:1\ndata:what came meanwhile\n\n');
    await settled();
    assert.ok(log.includes('message what came meanwhile'));
    Date.now = now;
  });

  test('closes the session when the page is left', async () => {
    const { network } = await attached();
    page.dispatchEvent(Object.assign(new Event('pagehide'), { persisted: false }));
    await settled();
    assert.equal(network.posts[0].body, 'event:close\ndata:code=1001&reason=\n\n');
  });
});

/** PROTOCOL.md §4. */
describe('Tokens', () => {
  test('go with the attach of a WebSocket', async () => {
    const { network } = await open({ transports: ['websocket'], token: 'T' });
    network.sockets[0].attach();
    assert.equal(network.sockets[0].records[0], 'attach 0 epoch=1&token=T');
  });

  test('go with each request', async () => {
    const { network, socket } = await open({ transports: ['sse'], token: async () => 'T' });
    network.gets[0].stream(ATTACHED);
    await settled();
    socket.send('a');
    await settled();
    assert.deepEqual(network.requests.map(({ headers }) => headers.Authorization), ['Bearer T', 'Bearer T']);
  });

  for (const transport of ['websocket', 'sse']) {
    test(`are asked for again once when they are refused over ${transport}`, async () => {
      let asked = 0;
      const { network, log } = await open({ transports: [transport], token: () => `T${++asked}` });
      const refuse = async (index) => {
        if (transport === 'sse') network.gets[index].answer(401, { 'Postern-Error': 'token' });
        else {
          network.sockets[index].onopen();
          network.sockets[index].refuse(4401);
        }
        await settled();
        await tick(500);
      };
      await refuse(0);
      assert.deepEqual([asked, log], [2, []]);
      await refuse(1);
      assert.deepEqual([asked, log], [2, ['close 4401']]);
    });
  }

  test('are renewed in band when four fifths of their life have passed', async () => {
    let asked = 0;
    const { network } = await open({ transports: ['websocket'], token: () => ({ value: `T${++asked}`, life: 10_000 }) });
    network.sockets[0].attach();
    await tick(7999);
    assert.equal(asked, 1);
    await tick(1);
    assert.equal(network.sockets[0].records.at(-1), 'token null token=T2');
    network.sockets[0].refuse(4403);
  });
});

describe('A lost session', () => {
  test('is replaced where that is wanted, and the page is told', async () => {
    const { network, socket, log } = await open({ transports: ['websocket'], reconnect: Infinity });
    network.sockets[0].attach();
    socket.send('a');
    socket.send('b');
    network.sockets[0].tell('event:ack\nid:1\n\n');
    network.sockets[0].refuse(4410);
    await settled();
    assert.deepEqual([log, socket.readyState], [['open', 'transport websocket', 'reset 4410'], 1]);
    socket.send('c');
    await tick(500);
    network.sockets[1].attach(0, 'session=T');
    assert.equal(network.sockets[1].records[0], 'attach 0 epoch=1');
    assert.equal(network.sockets[1].sent[1], 'c');
    network.sockets[1].onmessage({ data: '1' });
    assert.deepEqual(log.slice(3), ['message 1']);
  });

  test('counts what had not arrived', async () => {
    const { network, socket } = await open({ transports: ['websocket'], reconnect: 1 });
    let unconfirmed;
    socket.onreset = ({ detail }) => ({ unconfirmed } = detail);
    network.sockets[0].attach();
    for (const text of ['a', 'b', 'c']) socket.send(text);
    network.sockets[0].tell('event:ack\nid:1\n\n');
    network.sockets[0].refuse(4410);
    await settled();
    assert.equal(unconfirmed, 2);
  });

  for (const [code, isReplaced] of [[1000, false], [1001, true], [1008, false], [1012, true], [3000, false], [4408, true], [4507, true], [4401, false]]) {
    test(`with ${code} is ${isReplaced ? '' : 'not '}replaced`, async () => {
      const { network, log } = await open({ transports: ['websocket'], reconnect: Infinity });
      network.sockets[0].attach();
      network.sockets[0].tell(`event:close\nid:1\ndata:code=${code}&reason=\n\n`);
      await settled();
      assert.equal(log.at(-1), isReplaced ? `reset ${code}` : `close ${code}`);
    });
  }

  test('that the page has closed is not replaced', async () => {
    const { network, socket, log } = await open({ transports: ['websocket'], reconnect: Infinity });
    network.sockets[0].attach();
    socket.close(1000);
    network.sockets[0].tell('event:close\nid:1\ndata:code=1000&reason=\n\n');
    await settled();
    assert.equal(log.at(-1), 'close 1000');
  });
});
