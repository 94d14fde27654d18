import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PushSocket, bytes, parts } from './load.mjs';

const { RecordParser, checkClose, checkProtocols, webSocketUrl, wellFormed } = parts;

globalThis.CloseEvent ??= class extends Event {
  constructor(type, init) {
    super(type);
    Object.assign(this, init);
  }
};

describe('webSocketUrl', () => {
  const cases = [
    ['/push', 'http://example.org:8080/a/b?c#d', 'ws://example.org:8080/push'],
    ['push?x=1', 'https://example.org/a/b', 'wss://example.org/a/push?x=1'],
    ['http://example.org', undefined, 'ws://example.org/'],
    ['https://example.org:443/x', undefined, 'wss://example.org/x'],
    ['wss://example.org/x', 'http://other.org', 'wss://example.org/x'],
  ];
  for (const [url, base, expected] of cases) {
    test(`${url} on ${base} is ${expected}`, () => assert.equal(webSocketUrl(url, base), expected));
  }
  for (const url of ['ftp://example.org/', 'mailto:x@example.org', 'http://[', 'ws://example.org/#', 'ws://example.org/#a', '/relative']) {
    test(`rejects ${url}`, () => assert.throws(() => webSocketUrl(url, undefined), { name: 'SyntaxError' }));
  }
});

describe('checkProtocols', () => {
  for (const protocols of [[], 'chat', ['a', 'b.c'], ["!#$%&'*+-.^_`|~"]]) {
    test(`admits ${JSON.stringify(protocols)}`, () => checkProtocols(protocols));
  }
  for (const protocols of ['', 'a b', 'a,b', 'é', ['a', 'a'], ['a/b']]) {
    test(`rejects ${JSON.stringify(protocols)}`, () => assert.throws(() => checkProtocols(protocols), { name: 'SyntaxError' }));
  }
});

describe('checkClose', () => {
  for (const code of [1000, 3000, 4399, 4600, 4999, 3000.4]) test(`admits ${code}`, () => assert.equal(checkClose(code, ''), Math.round(code)));
  for (const code of [0, 999, 1001, 1005, 2999, 4400, 4599, 5000, 65_536 + 1000, NaN, null]) {
    test(`rejects ${code}`, () => assert.throws(() => checkClose(code, ''), { name: 'InvalidAccessError' }));
  }
  test('sends 1005 for no code', () => assert.equal(checkClose(undefined, ''), 1005));
  for (const [length, admitted] of [[122, true], [123, true], [124, false]]) {
    test(`${admitted ? 'admits' : 'rejects'} a reason of ${length} bytes`, () => {
      const check = () => checkClose(1000, `é${'x'.repeat(length - 2)}`);
      if (admitted) check();
      else assert.throws(check, { name: 'SyntaxError' });
    });
  }
});

test('wellFormed replaces unpaired surrogates only', () => assert.equal(wellFormed('\uD800a\uDC00😀\uFEFF'), '\uFFFDa\uFFFD😀\uFEFF'));

/** Stands for the browser's; the test is its server. */
class FakeWebSocket {
  /** @type {FakeWebSocket[]} */
  static opened = [];
  sent = [];
  bufferedAmount = 0;
  extensions = 'x-test';

  constructor(url, protocol) {
    Object.assign(this, { url, protocol });
    FakeWebSocket.opened.push(this);
  }

  send(data) {
    this.sent.push(typeof data === 'string' ? data : new Uint8Array(data));
  }

  close(code) {
    this.closedWith = code;
  }

  /** The control record of a sent frame. */
  control(index) {
    assert.equal(this.sent[index][0], 0);
    const [{ event, id, data }] = new RecordParser().push(this.sent[index].subarray(1));
    return { event, id, parameters: Object.fromEntries(new URLSearchParams(data ?? '')) };
  }

  tell(record) {
    this.onmessage({ data: bytes(`\0${record}`).buffer });
  }

  attach(position, parameters) {
    this.onopen();
    this.tell(`event:attached\nid:${position}\ndata:${new URLSearchParams({ heartbeat: '25000', expiry: '120000', ...parameters })}\n\n`);
  }
}

/** PROTOCOL.md §5, §8, §9. */
describe('PushSocket over a WebSocket', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  function open() {
    FakeWebSocket.opened = [];
    const socket = new PushSocket('ws://example.org/push', [], { transports: ['websocket'], WebSocket: FakeWebSocket });
    socket.binaryType = 'arraybuffer';
    const log = [];
    socket.onopen = () => log.push('open');
    socket.onmessage = ({ data }) => log.push(typeof data === 'string' ? data : [...new Uint8Array(data)]);
    socket.onerror = () => log.push('error');
    socket.onclose = ({ code, reason, wasClean }) => log.push([code, reason, wasClean]);
    socket.onresume = ({ detail }) => log.push(`resume ${detail.transport}`);
    return { socket, log, server: () => FakeWebSocket.opened.at(-1) };
  }

  function attached() {
    const all = open();
    all.server().attach(0, { session: 'S', received: '0', epoch: '1' });
    return all;
  }

  test('opens a session and is open when it is attached', () => {
    const { socket, log, server } = open();
    server().onopen();
    assert.deepEqual(server().control(0), { event: 'attach', id: '0', parameters: { epoch: '1' } });
    assert.deepEqual([socket.readyState, socket.transport], [0, '']);
    assert.throws(() => socket.send('x'), { name: 'InvalidStateError' });
    server().attach(0, { session: 'S', received: '0' });
    assert.deepEqual([socket.readyState, socket.transport, socket.extensions, log], [1, 'websocket', 'x-test', ['open']]);
    server().onclose({ code: 4403, reason: '' });
  });

  test('receives texts, bytes and heartbeats', () => {
    const { log, server } = attached();
    server().onmessage({ data: 'a' });
    server().onmessage({ data: Uint8Array.of(0).buffer });
    server().onmessage({ data: Uint8Array.of(1, 7, 8).buffer });
    assert.deepEqual(log, ['open', 'a', [7, 8]]);
    server().onclose({ code: 4403, reason: '' });
  });

  test('answers a ping with its data', () => {
    const { server } = attached();
    server().tell('event:ping\ndata:a=1&b\n\n');
    assert.equal(new TextDecoder().decode(server().sent.at(-1)), '\0event:pong\ndata:a=1&b\n\n');
    server().onclose({ code: 4403, reason: '' });
  });

  test('keeps the order of what it sends when a Blob is between', async () => {
    const { socket, server } = attached();
    const array = Uint8Array.of(5, 6, 7);
    socket.send('a');
    socket.send(new Blob([Uint8Array.of(1, 2)]));
    socket.send(array.subarray(1));
    socket.send('b');
    array.fill(0);
    assert.equal(socket.bufferedAmount, 5);
    await settled();
    await settled();
    assert.deepEqual(server().sent.slice(1), ['a', Uint8Array.of(1, 1, 2), Uint8Array.of(1, 6, 7), 'b']);
    assert.equal(socket.bufferedAmount, 0);
    server().onclose({ code: 4403, reason: '' });
  });

  test('resumes with the next epoch and repeats what the server has not', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
    const { socket, log, server } = attached();
    for (const text of ['a', 'b', 'c']) socket.send(text);
    server().onmessage({ data: '1' });
    server().onclose({ code: 1006, reason: '' });
    await settled();
    socket.send('d');
    t.mock.timers.tick(500);
    await settled();
    assert.equal(FakeWebSocket.opened.length, 2);
    server().attach(1, { received: '1' });
    assert.deepEqual(server().control(0), { event: 'attach', id: '1', parameters: { epoch: '2', session: 'S' } });
    assert.deepEqual(server().sent.slice(1), ['b', 'c', 'd']);
    server().onmessage({ data: '2' });
    assert.deepEqual(log, ['open', '1', 'resume websocket', '2']);
    server().onclose({ code: 4403, reason: '' });
    await settled();
  });

  test('acknowledges a second after the oldest message', (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
    const { server } = attached();
    server().onmessage({ data: '1' });
    t.mock.timers.tick(999);
    server().onmessage({ data: '2' });
    assert.equal(server().sent.length, 1);
    t.mock.timers.tick(1);
    assert.deepEqual(server().control(1), { event: 'ack', id: '2', parameters: {} });
    t.mock.timers.tick(5000);
    assert.equal(server().sent.length, 2);
    server().onclose({ code: 4403, reason: '' });
  });

  test('gives a silent WebSocket up 10 s after the heartbeat', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
    const { server } = attached();
    const first = server();
    t.mock.timers.tick(34_999);
    assert.equal(first.closedWith, undefined);
    t.mock.timers.tick(1);
    assert.equal(first.closedWith, 1000);
    await settled();
    t.mock.timers.tick(500);
    await settled();
    assert.equal(FakeWebSocket.opened.length, 2);
    server().onclose({ code: 4403, reason: '' });
    await settled();
  });

  test('closes behind what was sent and reports what the server answers', async () => {
    const { socket, log, server } = attached();
    socket.send('a');
    socket.close(3000, 'good bye');
    assert.equal(socket.readyState, 2);
    assert.deepEqual(server().control(2), { event: 'close', id: '2', parameters: { code: '3000', reason: 'good bye' } });
    server().onmessage({ data: 'too late' });
    socket.send('12345');
    assert.equal(socket.bufferedAmount, 5);
    server().tell('event:close\nid:9\ndata:code=3000&reason=good+bye\n\n');
    await settled();
    assert.deepEqual([socket.readyState, log], [3, ['open', [3000, 'good bye', true]]]);
  });

  test('acknowledges the close of the server', async () => {
    const { log, server } = attached();
    server().onmessage({ data: '1' });
    server().tell('event:close\nid:2\ndata:code=1001&reason=restart\n\n');
    await settled();
    assert.deepEqual(server().control(1), { event: 'ack', id: '2', parameters: {} });
    assert.equal(server().closedWith, 1000);
    assert.deepEqual(log, ['open', '1', [1001, 'restart', true]]);
  });

  test('learns before it is attached how the session ended meanwhile', async (t) => {
    t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
    const { log, server } = attached();
    server().onclose({ code: 1006, reason: '' });
    await settled();
    t.mock.timers.tick(500);
    await settled();
    server().onopen();
    server().tell('event:close\ndata:code=4408&reason=expired\n\n');
    await settled();
    assert.deepEqual(log, ['open', 'error', [4408, 'expired', false]]);
  });

  for (const [code, reason] of [[4410, 'session unknown'], [4403, 'superseded'], [1009, ''], [4400, ''], [4451, 'refused']]) {
    test(`a WebSocket closed with ${code} is the end of the session`, async () => {
      const { log, server } = attached();
      server().onclose({ code, reason });
      await settled();
      assert.deepEqual(log, ['open', 'error', [code, reason, false]]);
      assert.equal(FakeWebSocket.opened.length, 1);
    });
  }

  for (const code of [1000, 1011, 4408, 4429, 4503]) {
    test(`a WebSocket closed with ${code} is the end of the attachment alone`, async (t) => {
      t.mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 });
      const { log, server } = attached();
      server().onclose({ code, reason: '' });
      await settled();
      t.mock.timers.tick(500);
      await settled();
      assert.deepEqual(log, ['open']);
      assert.equal(FakeWebSocket.opened.length, 2);
    });
  }

  test('says in the handshake whether it opens a session', async () => {
    const { server } = open();
    assert.deepEqual(server().protocol, ['postern.v1', 'postern.open']);
    server().attach(0, { session: 'S', received: '0' });
    const first = server();
    first.tell('event:detach\ndata:reason=move\n\n');
    while (server() === first) await settled();
    assert.equal(server().protocol, 'postern.v1');
    server().attach(0, { received: '0' });
    server().tell('event:close\nid:1\ndata:code=1000&reason=\n\n');
  });

  test('goes on with the WebSocket that it leaves until the next one is attached', async () => {
    const { socket, log, server } = open();
    server().attach(0, { session: 'S', received: '0' });
    const first = server();
    first.tell('event:detach\ndata:reason=move&after=20\n\n');
    first.onmessage({ data: 'a' });
    while (server() === first) await settled();
    server().onopen();
    assert.deepEqual(server().control(0), { event: 'attach', id: '1', parameters: { epoch: '2', session: 'S' } });
    first.onmessage({ data: 'b' });
    socket.send('c');
    assert.deepEqual([log, first.sent.at(-1), first.closedWith], [['open', 'a', 'b'], 'c', undefined]);
    server().tell('event:attached\nid:1\ndata:received=0\n\n');
    assert.equal(first.closedWith, 1000);
    server().onmessage({ data: 'b' });
    server().onmessage({ data: 'd' });
    assert.deepEqual([log, server().sent.slice(1)], [['open', 'a', 'b', 'd'], ['c']]);
    server().tell('event:close\nid:4\ndata:code=1000&reason=\n\n');
  });

  test('hands over what it had sent before it acknowledges that the server stops', async () => {
    const { socket, log, server } = open();
    server().attach(0, { session: 'S', received: '0' });
    socket.send('a');
    server().tell('event:close\nid:1\ndata:code=1001&reason=\n\n');
    assert.deepEqual([log, socket.readyState, socket.unconfirmed], [['open'], 2, 1]);
    socket.send('too late');
    server().tell('event:ack\nid:1\n\n');
    await settled();
    assert.equal(server().sent[1], 'a');
    assert.deepEqual(server().control(2), { event: 'ack', id: '1', parameters: {} });
    assert.equal(server().sent.length, 3);
    assert.deepEqual([log, socket.unconfirmed], [['open', [1001, '', true]], 0]);
  });

  test('a refused WebSocket without another transport is error and close 1006', async () => {
    const { log, server } = open();
    server().onclose({ code: 1006, reason: '' });
    await settled();
    assert.deepEqual(log, ['error', [1006, '', false]]);
  });

  test('a handler keeps its place when it is replaced', () => {
    const { socket, server } = open();
    const order = [];
    socket.addEventListener('message', () => order.push('listener'));
    socket.onmessage = () => order.push('handler');
    assert.equal(typeof socket.onmessage, 'function');
    server().attach(0, { session: 'S', received: '0' });
    server().onmessage({ data: '1' });
    socket.onmessage = 5;
    assert.equal(socket.onmessage, null);
    server().onmessage({ data: '2' });
    assert.deepEqual(order, ['handler', 'listener', 'listener']);
    server().onclose({ code: 4403, reason: '' });
  });
});
