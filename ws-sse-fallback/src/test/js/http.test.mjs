import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, mock, test } from 'node:test';
import { PushSocket, bytes } from './load.mjs';

globalThis.CloseEvent ??= class extends Event {
  constructor(type, init) {
    super(type);
    Object.assign(this, init);
  }
};

/** Lets everything happen that waits for nothing but promises; response bodies take some turns. */
async function settled() {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}

/** Stands for the browser's `fetch`; the test answers each request. */
class Requests {
  all = [];

  fetch = (url, { method, headers, body, signal }) =>
    new Promise((resolve, reject) => {
      const request = { url, method, headers, body, reject, isAborted: false };
      request.answer = (status, answerHeaders = {}, text = '') =>
        resolve(new Response(status === 204 ? null : text, { status, headers: answerHeaders }));
      request.stream = (answerHeaders = {}) => {
        let controller;
        const readable = new ReadableStream({ start: (given) => (controller = given) });
        resolve(new Response(readable, { headers: { 'Content-Type': 'text/event-stream;charset=utf-8', ...answerHeaders } }));
        return { write: (text) => controller.enqueue(bytes(text)), end: () => controller.close() };
      };
      signal?.addEventListener('abort', () => {
        request.isAborted = true;
        reject(new DOMException('aborted', 'AbortError'));
      });
      this.all.push(request);
    });

  last(method) {
    return this.all.findLast((request) => request.method === method);
  }
}

const attachedRecord = (more) => `event:attached\nid:${more.id ?? 0}\ndata:${new URLSearchParams({ received: 0, heartbeat: 25000, expiry: 120000, ...more })}\n\n`;

beforeEach(() => mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1e12 }));
afterEach(() => mock.timers.reset());

let endpoints = 0; // each with a memory of its own

async function open(transports, options = {}) {
  const requests = new Requests();
  const socket = new PushSocket(`http://example.org/push${endpoints++}`, [], { transports, fetch: requests.fetch, ...options });
  const log = [];
  socket.onmessage = ({ data }) => log.push(data);
  socket.onclose = ({ code, reason, wasClean }) => log.push([code, reason, wasClean]);
  socket.onresume = () => log.push('resume');
  await settled();
  return { socket, log, requests };
}

async function attached() {
  const all = await open(['sse']);
  const stream = all.requests.last('GET').stream();
  stream.write(attachedRecord({ session: 'S' }));
  await settled();
  return { ...all, stream };
}

/** PROTOCOL.md §4 to §7, §9. */
describe('PushSocket over SSE', () => {
  test('opens with the headers of the protocol', async () => {
    const { socket, requests } = await attached();
    const { url, headers } = requests.all[0];
    assert.match(url, /^http:\/\/example.org\/push\d+$/);
    assert.deepEqual(headers, { 'Postern-Epoch': '1', 'Last-Event-ID': '0', 'Postern-Transport': 'sse' });
    assert.equal(socket.transport, 'sse');
  });

  test('drops a number that it has, and attaches again after a gap', async () => {
    const { log, requests, stream } = await attached();
    stream.write('id:1\ndata:a\n\nid:2\ndata:b\n\nid:1\ndata:a\n\nid:4\ndata:d\n\n');
    await settled();
    assert.deepEqual(log, ['a', 'b']);
    mock.timers.tick(500);
    await settled();
    const { headers } = requests.last('GET');
    assert.deepEqual([headers['Postern-Session'], headers['Postern-Epoch'], headers['Last-Event-ID']], ['S', '2', '2']);
  });

  test('counts messages whose number is left out', async () => {
    const { log, requests, stream } = await attached();
    stream.write('id:1\ndata:a\n\ndata:b\n\nid:1\ndata:a\n\ndata:b\n\nevent:text\ndata:Yw\n\n');
    stream.end();
    await settled();
    assert.deepEqual(log, ['a', 'b', 'c']);
    mock.timers.tick(500);
    await settled();
    assert.equal(requests.last('GET').headers['Last-Event-ID'], '3');
    requests.last('GET').stream().write(`${attachedRecord({ id: 3 })}data:the first of a response has one\n\n`);
    await settled();
    assert.deepEqual(log, ['a', 'b', 'c', 'resume']);
  });

  test('drops an unfinished record at the end of the stream', async () => {
    const { log, stream, requests } = await attached();
    stream.write('id:1\ndata:a\n\nid:2\ndata:b\n');
    stream.end();
    await settled();
    mock.timers.tick(500);
    await settled();
    requests.last('GET').stream().write(`${attachedRecord({ id: 1 })}id:2\ndata:b\n\n`);
    await settled();
    assert.deepEqual(log, ['a', 'resume', 'b']);
  });

  test('has one POST with messages under way and gathers the next', async () => {
    const { socket, requests } = await attached();
    socket.send('a');
    await settled();
    socket.send('b');
    socket.send('c');
    await settled();
    assert.deepEqual(requests.all.slice(1).map(({ body }) => body), ['data:a\n\n']);
    requests.last('POST').answer(200, { 'Postern-Received': '1' });
    await settled();
    const { headers, body } = requests.last('POST');
    assert.deepEqual([headers['Postern-Sequence'], headers['Content-Type'], body], ['2', 'text/event-stream', 'data:b\n\ndata:c\n\n']);
    assert.equal(socket.bufferedAmount, 2);
  });

  test('posts what is sent at any turn after it is attached', async () => {
    for (let turns = 0; turns < 12; turns++) {
      const all = await open(['sse']);
      let isSent = false;
      all.socket.onopen = async () => {
        for (let i = 0; i < turns; i++) await null;
        all.socket.send('a');
        isSent = true;
      };
      all.requests.last('GET').stream().write(attachedRecord({ session: 'S' }));
      await settled();
      assert.ok(isSent);
      assert.equal(all.requests.last('POST')?.body, 'data:a\n\n', `${turns} turns later`);
    }
  });

  test('goes by what the server has after a POST without an answer', async () => {
    const { socket, requests } = await attached();
    socket.send('a');
    socket.send('b');
    await settled();
    requests.last('POST').reject(new TypeError('network'));
    await settled();
    mock.timers.tick(500);
    await settled();
    requests.last('GET').stream().write(attachedRecord({ received: 1 }));
    await settled();
    const { headers, body } = requests.last('POST');
    assert.deepEqual([headers['Postern-Epoch'], headers['Postern-Sequence'], body], ['2', '2', 'data:b\n\n']);
  });

  test('repeats a POST after 429 when it may', async () => {
    const { socket, requests } = await attached();
    socket.send('a');
    await settled();
    requests.last('POST').answer(429, { 'Retry-After': '2', 'Postern-Error': 'busy', 'Postern-Received': '0' });
    await settled();
    mock.timers.tick(1999);
    await settled();
    assert.equal(requests.all.length, 2);
    mock.timers.tick(1);
    await settled();
    assert.equal(requests.all.length, 3);
    assert.equal(requests.last('POST').body, 'data:a\n\n');
  });

  test('finds the message that is too big and closes with 1009', async () => {
    const { socket, log, requests } = await attached();
    socket.send('ok');
    socket.send('too big');
    await settled();
    requests.last('POST').answer(413, { 'Postern-Error': 'size', 'Postern-Received': '0' });
    await settled();
    assert.equal(requests.last('POST').body, 'data:ok\n\n');
    requests.last('POST').answer(200, { 'Postern-Received': '1' });
    await settled();
    requests.last('POST').answer(413, { 'Postern-Error': 'size', 'Postern-Received': '1' });
    await settled();
    assert.equal(requests.last('POST').body, 'event:close\ndata:code=1009&reason=too+big\n\n');
    requests.last('POST').answer(200, { 'Postern-Received': '2' });
    await settled();
    assert.deepEqual(log, [[1009, 'too big', false]]);
  });

  test('acknowledges 5 s after the oldest message when there is nothing to send', async () => {
    const { requests, stream } = await attached();
    stream.write('id:1\ndata:a\n\n');
    await settled();
    mock.timers.tick(4999);
    assert.equal(requests.all.length, 1);
    mock.timers.tick(1);
    const { body, headers } = requests.last('POST');
    assert.deepEqual([body, headers['Last-Event-ID'], headers['Postern-Sequence']], [undefined, '1', undefined]);
  });

  test('waits with the next acknowledgement when the server is busy', async () => {
    const { requests, stream } = await attached();
    for (let number = 1; number <= 250; number++) stream.write(`id:${number}\ndata:a\n\n`);
    await settled();
    assert.equal(requests.last('POST').headers['Last-Event-ID'], '250');
    requests.last('POST').answer(429, { 'Retry-After': '3', 'Postern-Error': 'busy' });
    await settled();
    assert.equal(requests.all.length, 2);
    mock.timers.tick(3000);
    await settled();
    assert.equal(requests.all.length, 3);
  });

  test('the answer to the POST with its close is the end', async () => {
    const { socket, log, requests } = await attached();
    socket.send('a');
    socket.close(3000, 'bye');
    await settled();
    assert.equal(requests.last('POST').body, 'data:a\n\nevent:close\ndata:code=3000&reason=bye\n\n');
    requests.last('POST').answer(200, { 'Postern-Received': '2' });
    await settled();
    assert.deepEqual(log, [[3000, 'bye', true]]);
    assert.ok(requests.all[0].isAborted);
  });

  test('gives up waiting for the answer to its close after 10 s', async () => {
    const { socket, log } = await attached();
    socket.close();
    await settled();
    mock.timers.tick(9999);
    await settled();
    assert.equal(socket.readyState, 2);
    mock.timers.tick(1);
    await settled();
    assert.deepEqual(log, [[1006, '', false]]);
  });

  test('confirms the close of the server without waiting', async () => {
    const { log, requests, stream } = await attached();
    stream.write('id:1\ndata:a\n\nevent:close\nid:2\ndata:code=1000&reason=\n\n');
    await settled();
    assert.equal(requests.last('POST').headers['Last-Event-ID'], '2');
    assert.deepEqual(log, ['a', [1000, '', true]]);
  });

  const ends = [
    ['410', 410, {}, 'event:close\ndata:code=4408&reason=expired\n\n', [4408, 'expired', false]],
    ['403 fenced', 403, { 'Postern-Error': 'fenced' }, '', [4403, 'fenced', false]],
    ['403 origin', 403, { 'Postern-Error': 'origin' }, '', [4403, 'origin', false]],
    ['400', 400, { 'Postern-Error': 'position' }, '', [4400, 'position', false]],
    ['a status of the application', 451, { 'Postern-Error': 'refused' }, '', [4451, 'refused', false]],
  ];
  for (const [name, status, headers, text, end] of ends) {
    test(`${name} in answer to a POST is the end`, async () => {
      const { socket, log, requests } = await attached();
      socket.send('a');
      await settled();
      requests.last('POST').answer(status, headers, text);
      await settled();
      assert.deepEqual(log, [end]);
    });
  }

  for (const [status, headers] of [[408, { 'Postern-Error': 'time' }], [409, { 'Postern-Error': 'gap' }], [500, { 'Postern-Error': 'refused' }], [502, {}], [404, {}]]) {
    test(`attaches again after ${status} ${headers['Postern-Error'] ?? ''}`, async () => {
      const { socket, log, requests } = await attached();
      socket.send('a');
      await settled();
      requests.last('POST').answer(status, headers);
      await settled();
      mock.timers.tick(500);
      await settled();
      assert.deepEqual(log, []);
      assert.equal(requests.last('GET').headers['Postern-Epoch'], '2');
    });
  }

  test('hands over what it had sent before it acknowledges that the server stops', async () => {
    const { socket, requests, log, stream } = await attached();
    socket.send('a');
    await settled();
    const first = requests.last('POST');
    socket.send('b');
    stream.write('event:close\nid:1\ndata:code=1001&reason=\n\n');
    stream.end();
    await settled();
    assert.deepEqual([log, socket.readyState, socket.unconfirmed], [[], 2, 2]);
    first.answer(200, { 'Postern-Received': '1' });
    await settled();
    const second = requests.last('POST');
    assert.deepEqual([second.body, second.headers['Last-Event-ID']], ['data:b\n\n', '0']);
    second.answer(200, { 'Postern-Received': '2' });
    await settled();
    const last = requests.last('POST');
    assert.deepEqual([last.body, last.headers['Last-Event-ID']], [undefined, '1']);
    assert.deepEqual([log, socket.unconfirmed], [[[1001, '', true]], 0]);
    assert.equal(requests.all.filter(({ method }) => method === 'GET').length, 1);
  });

  test('tells what a server that stopped did not confirm', async () => {
    const { socket, requests, log, stream } = await attached();
    socket.send('a');
    socket.send('b');
    await settled();
    stream.write('event:close\nid:1\ndata:code=1001&reason=\n\n');
    stream.end();
    await settled();
    requests.last('POST').answer(410, { 'Postern-Error': 'session' });
    await settled();
    assert.deepEqual([log, socket.unconfirmed], [[[1001, '', false]], 2]);
  });

  test('does not wait for ever for a server that stops', async () => {
    const { socket, log, stream } = await attached();
    socket.send('a');
    await settled();
    stream.write('event:close\nid:1\ndata:code=1001&reason=\n\n');
    stream.end();
    await settled();
    mock.timers.tick(9999);
    await settled();
    assert.deepEqual(log, []);
    mock.timers.tick(1);
    await settled();
    assert.deepEqual([log, socket.unconfirmed], [[[1001, '', false]], 1]);
  });

  test('is superseded by another holder of the secret', async () => {
    const { log, stream } = await attached();
    stream.write('event:detach\ndata:reason=superseded\n\n');
    await settled();
    assert.deepEqual(log, [[4403, 'superseded', false]]);
  });

  test('moves when it is told to', async () => {
    const { requests, stream } = await attached();
    stream.write('event:detach\ndata:reason=move&after=3000\n\n');
    await settled();
    mock.timers.tick(2999);
    await settled();
    assert.equal(requests.all.length, 1);
    mock.timers.tick(1);
    await settled();
    assert.equal(requests.all.length, 2);
  });

  test('expires when nothing gets through for long enough', async () => {
    const { log, stream, requests } = await attached();
    stream.end();
    for (let i = 0; i < 20 && log.length === 0; i++) {
      await settled();
      mock.timers.tick(20_000);
      await settled();
      requests.last('GET').reject(new TypeError('network'));
    }
    assert.deepEqual(log, [[4408, 'expired', false]]);
  });
});

describe('PushSocket where SSE is mute', () => {
  test('goes on with the same session over long polling when the headers came through', async () => {
    const { socket, requests } = await open(['sse', 'long-polling']);
    requests.last('GET').stream({ 'Postern-Session': 'S' });
    await settled();
    mock.timers.tick(3000);
    await settled();
    const { headers } = requests.last('GET');
    assert.deepEqual([headers['Postern-Transport'], headers['Postern-Session'], headers['Postern-Epoch']], ['long-polling', 'S', '2']);
    const poll = requests.last('GET').stream();
    poll.write(attachedRecord({}));
    poll.end();
    await settled();
    assert.equal(socket.transport, 'long-polling');
    assert.equal(requests.last('GET').headers['Postern-Epoch'], '2');
  });

  test('opens a new session when they did not', async () => {
    const { requests } = await open(['sse', 'long-polling'], { firstByteTimeout: 500 });
    mock.timers.tick(500);
    await settled();
    assert.equal(requests.all[0].isAborted, true);
    assert.equal(requests.last('GET').headers['Postern-Session'], undefined);
  });

  test('tries the next transport when something in between answers', async () => {
    const { requests } = await open(['sse', 'long-polling']);
    requests.last('GET').answer(403, { 'Content-Type': 'text/html' }, 'blocked');
    await settled();
    assert.equal(requests.last('GET').headers['Postern-Transport'], 'long-polling');
  });

  test('does not try another when the server refuses the origin', async () => {
    const { log, requests } = await open(['sse', 'long-polling']);
    requests.last('GET').answer(403, { 'Postern-Error': 'origin' });
    await settled();
    assert.deepEqual([log, requests.all.length], [[[4403, 'origin', false]], 1]);
  });
});

describe('PushSocket over polls', () => {
  async function polled(transport) {
    const all = await open([transport], { pollInterval: 200 });
    const poll = all.requests.last('GET').stream();
    poll.write(`${attachedRecord({ session: 'S' })}id:1\ndata:a\n\n`);
    poll.end();
    await settled();
    return all;
  }

  test('long polling acknowledges with the next poll, at once', async () => {
    const { requests, log } = await polled('long-polling');
    assert.deepEqual(log, ['a']);
    const { headers } = requests.last('GET');
    assert.deepEqual([requests.all.length, headers['Last-Event-ID'], headers['Postern-Epoch']], [2, '1', '1']);
  });

  test('polling waits in between', async () => {
    const { requests } = await polled('polling');
    mock.timers.tick(199);
    await settled();
    assert.equal(requests.all.length, 1);
    mock.timers.tick(1);
    await settled();
    assert.equal(requests.all.length, 2);
  });

  test('the first message of each poll has a number', async () => {
    const { requests, log } = await polled('long-polling');
    const poll = requests.last('GET').stream();
    poll.write('data:b\n\n');
    await settled();
    assert.deepEqual(log, ['a']);
  });

  test('repeats a poll without a complete answer with the next epoch', async () => {
    const { requests, log } = await polled('long-polling');
    const poll = requests.last('GET').stream();
    poll.write('id:2\ndata:b\n\nid:3\nda');
    poll.end();
    await settled();
    mock.timers.tick(500);
    await settled();
    const { headers } = requests.last('GET');
    assert.deepEqual([log, headers['Postern-Epoch'], headers['Last-Event-ID']], [['a', 'b'], '2', '2']);
  });

  test('does not poll while its close is under way', async () => {
    const { socket, requests, log } = await polled('long-polling');
    socket.close(1000);
    await settled();
    requests.last('GET').stream().end();
    await settled();
    assert.equal(requests.all.filter(({ method }) => method === 'GET').length, 2);
    requests.last('POST').answer(204, { 'Postern-Received': '1' });
    await settled();
    assert.deepEqual(log, ['a', [1000, '', true]]);
  });
});
