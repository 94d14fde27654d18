/*
 * The rules of the browser's WebSocket, in the order of the public web platform tests: constructor, constants, send, close, events, binaryType, bufferedAmount.
 * Each is run against the browser's own WebSocket too, so that it is known to be right. A rule gets { Socket, url, httpUrl, repeatsReason }; what it throws is its failure.
 * `repeatsReason`: whether the reason of our close is told by `close`. The browser's WebSocket tells that of the server's Close frame, and Postern's server repeats just the code.
 */

/** @param {boolean} condition @param {unknown} what */
function check(condition, what) {
  if (!condition) throw new Error(`not so: ${what}`);
}

function equal(actual, expected, what = '') {
  const [a, e] = [actual, expected].map((value) => (typeof value === 'object' ? JSON.stringify(value) : `${typeof value} ${value}`));
  if (a !== e) throw new Error(`${what} is ${a} instead of ${e}`);
}

function throws(name, action, what = '') {
  try {
    action();
  } catch (error) {
    equal(error.name, name, `exception for ${what}`);
    if (name !== 'TypeError') check(error instanceof DOMException, `DOMException for ${what}`);
    return;
  }
  throw new Error(`no ${name} for ${what}`);
}

const event = (target, type) => new Promise((resolve) => target.addEventListener(type, resolve, { once: true }));

async function opened({ Socket, url }) {
  const socket = new Socket(url);
  socket.binaryType = 'arraybuffer';
  await event(socket, 'open');
  return socket;
}

/** Sends, and returns what comes back. */
async function echoed(socket, data) {
  const answer = event(socket, 'message');
  socket.send(data);
  return (await answer).data;
}

async function closed(socket) {
  if (socket.readyState < 2) socket.close();
  if (socket.readyState < 3) await event(socket, 'close');
}

/** @type {Record<string, (context: { Socket: typeof WebSocket, url: string, httpUrl: string, repeatsReason: boolean }) => unknown>} */
export const rules = {
  // constructor
  'constructor: has one parameter that must be given': ({ Socket }) => {
    equal(Object.getPrototypeOf(Socket.prototype), EventTarget.prototype, 'prototype');
    throws('TypeError', () => new Socket(), 'no URL');
    throws('TypeError', () => Socket('ws://localhost/'), 'a call without new');
  },
  'constructor: rejects what is no URL, or one of another kind': ({ Socket }) => {
    for (const url of ['http://[', 'ftp://localhost/', 'mailto:x@localhost', 'ws://localhost/#', 'ws://localhost/#a', 'wss://localhost:99999/', 'data:,x']) {
      throws('SyntaxError', () => new Socket(url), url);
    }
  },
  'constructor: rejects subprotocols that are no tokens, or twice the same': ({ Socket, url }) => {
    for (const protocols of ['', 'a b', 'a,b', 'a/b', 'é', '\u0000', 'a\r\n', ['a', 'a'], ['ok', '']]) throws('SyntaxError', () => new Socket(url, protocols), JSON.stringify(protocols));
  },
  'constructor: takes http and https for ws and wss': async ({ Socket, url, httpUrl }) => {
    const socket = new Socket(httpUrl);
    equal(socket.url, url, 'url');
    await closed(socket);
  },
  'constructor: resolves relative URLs': async ({ Socket, url }) => {
    const socket = new Socket('/push');
    equal(socket.url, url, 'url');
    await closed(socket);
  },
  'constructor: normalises the URL and drops none of its query': async ({ Socket, url }) => {
    const socket = new Socket(`${url.replace('ws://localhost', 'WS://LOCALHOST')}?a b=1`);
    equal(socket.url, `${url}?a%20b=1`, 'url');
    await closed(socket);
  },
  'constructor: takes a URL object, and undefined for no subprotocols': async ({ Socket, url }) => {
    const socket = new Socket(new URL(url), undefined);
    equal(socket.url, url, 'url');
    await closed(socket);
  },
  'constructor: begins in a known state': async ({ Socket, url }) => {
    const socket = new Socket(url);
    equal([socket.readyState, socket.bufferedAmount, socket.protocol, socket.extensions, socket.binaryType], [0, 0, '', '', 'blob'], 'state');
    equal([socket.onopen, socket.onmessage, socket.onerror, socket.onclose], [null, null, null, null], 'handlers');
    await closed(socket);
  },
  'constructor: opens later, never at once': async ({ Socket, url }) => {
    const socket = new Socket(url);
    equal(socket.readyState, 0, 'readyState');
    await event(socket, 'open');
    equal(socket.readyState, 1, 'readyState');
    await closed(socket);
  },

  // constants
  'constants: are on the constructor and on its instances, and cannot be changed': async ({ Socket, url }) => {
    const socket = new Socket(url);
    for (const [value, name] of ['CONNECTING', 'OPEN', 'CLOSING', 'CLOSED'].entries()) {
      for (const target of [Socket, Socket.prototype, socket]) {
        equal(target[name], value, name);
        throws('TypeError', () => { 'use strict'; target[name] = 9; }, `setting ${name}`);
      }
      let owner = Socket;
      while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
      const { enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(owner, name);
      equal([enumerable, writable, configurable], [true, false, false], name);
    }
    await closed(socket);
  },
  'constants: readyState, url and bufferedAmount cannot be set': async (context) => {
    const socket = await opened(context);
    for (const name of ['readyState', 'url', 'bufferedAmount', 'protocol', 'extensions']) throws('TypeError', () => { 'use strict'; socket[name] = 9; }, name);
    await closed(socket);
  },

  // send
  'send: wants an argument, and an open connection': async ({ Socket, url }) => {
    const socket = new Socket(url);
    throws('InvalidStateError', () => socket.send('x'), 'CONNECTING');
    await event(socket, 'open');
    throws('TypeError', () => socket.send(), 'no argument');
    await closed(socket);
  },
  'send: carries any text': async (context) => {
    const socket = await opened(context);
    for (const text of ['a', '', '\u0000', 'two\nlines\r\nand\rmore\n', ' space', 'data: x\n\n', '😀 日本語 \uFEFF', 'x'.repeat(65_536)]) equal(await echoed(socket, text), text, 'echo');
    await closed(socket);
  },
  'send: replaces unpaired surrogates': async (context) => {
    const socket = await opened(context);
    equal(await echoed(socket, '\uD800a\uDC00'), '\uFFFDa\uFFFD', 'echo');
    await closed(socket);
  },
  'send: makes texts of what is neither text nor bytes': async (context) => {
    const socket = await opened(context);
    for (const [value, text] of [[null, 'null'], [undefined, 'undefined'], [12, '12'], [true, 'true'], [{}, '[object Object]'], [[1, 2], '1,2']]) equal(await echoed(socket, value), text, 'echo');
    await closed(socket);
  },
  'send: carries bytes of every kind': async (context) => {
    const socket = await opened(context);
    const all = Uint8Array.from({ length: 256 }, (_, i) => i);
    const kinds = [all.buffer, all, all.subarray(3, 9), new DataView(all.buffer, 4, 8), new Uint16Array(all.buffer, 2, 3), new Blob([all]), new Blob([]), new ArrayBuffer(0)];
    for (const data of kinds) {
      const sent = data instanceof Blob ? new Uint8Array(await data.arrayBuffer()) : ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data);
      const back = await echoed(socket, data);
      check(back instanceof ArrayBuffer, 'an ArrayBuffer comes back');
      equal([...new Uint8Array(back)], [...sent], 'echo');
    }
    await closed(socket);
  },
  'send: takes the bytes as they are then': async (context) => {
    const socket = await opened(context);
    const bytes = Uint8Array.of(1, 2, 3);
    const answer = event(socket, 'message');
    socket.send(bytes);
    bytes.fill(9);
    equal([...new Uint8Array((await answer).data)], [1, 2, 3], 'echo');
    await closed(socket);
  },
  'send: keeps the order of texts, bytes and Blobs': async (context) => {
    const socket = await opened(context);
    const got = [];
    const all = new Promise((resolve) => socket.addEventListener('message', ({ data }) => { if (got.push(typeof data === 'string' ? data : data.byteLength) === 6) resolve(); }));
    for (const data of ['a', new Blob(['12345']), 'b', new Uint8Array(2), new Blob([]), 'c']) socket.send(data);
    await all;
    equal(got, ['a', 5, 'b', 2, 0, 'c'], 'order');
    await closed(socket);
  },
  'send: in vain after close, and counts as buffered for ever': async (context) => {
    const socket = await opened(context);
    const end = event(socket, 'close');
    socket.close();
    const before = socket.bufferedAmount;
    equal(socket.send('héllo'), undefined, 'result');
    socket.send(new Uint8Array(4));
    socket.send(new Blob(['abc']));
    equal(socket.bufferedAmount - before, 13, 'bufferedAmount');
    await end;
    socket.send('x');
    check(socket.bufferedAmount >= 14, 'it does not go back');
  },

  // close
  'close: rejects codes that are not for applications': async (context) => {
    const socket = await opened(context);
    for (const code of [0, 500, 999, 1001, 1005, 1006, 1015, 2999, 5000, 65_536, -1, NaN, null, 'x']) throws('InvalidAccessError', () => socket.close(code), code);
    equal(socket.readyState, 1, 'readyState');
    await closed(socket);
  },
  'close: rejects a reason of more than 123 bytes': async (context) => {
    const socket = await opened(context);
    throws('SyntaxError', () => socket.close(1000, 'x'.repeat(124)), '124 bytes');
    throws('SyntaxError', () => socket.close(1000, 'é'.repeat(62)), '124 bytes in 62 characters');
    equal(socket.readyState, 1, 'readyState');
    const end = event(socket, 'close');
    socket.close(1000, `${'é'.repeat(61)}x`);
    equal((await end).reason, context.repeatsReason ? `${'é'.repeat(61)}x` : '', 'reason');
  },
  'close: checks its arguments while connecting too': ({ Socket, url }) => {
    const socket = new Socket(url);
    throws('InvalidAccessError', () => socket.close(1001), 'code');
    throws('SyntaxError', () => socket.close(1000, 'x'.repeat(124)), 'reason');
    equal(socket.readyState, 0, 'readyState');
    return closed(socket);
  },
  'close: while connecting is an error and 1006': async ({ Socket, url }) => {
    const socket = new Socket(url);
    const log = [];
    for (const type of ['open', 'error', 'close']) socket.addEventListener(type, ({ code, wasClean }) => log.push([type, socket.readyState, code, wasClean]));
    const end = event(socket, 'close');
    equal(socket.close(3000, 'x'), undefined, 'result');
    equal([socket.readyState, log], [2, []], 'at once');
    await end;
    equal(log, [['error', 3, undefined, undefined], ['close', 3, 1006, false]], 'events');
  },
  'close: tells code and reason, and is clean': async (context) => {
    for (const [args, code, reason] of [[[], 1005, ''], [[1000], 1000, ''], [[1000, 'bye'], 1000, 'bye'], [[3000, 'é😀'], 3000, 'é😀'], [[4999], 4999, '']]) {
      const socket = await opened(context);
      let errors = 0;
      socket.onerror = () => errors++;
      const end = event(socket, 'close');
      socket.close(...args);
      equal(socket.readyState, 2, 'readyState');
      const { code: c, reason: r, wasClean } = await end;
      equal([c, r, wasClean, errors, socket.readyState], [code, context.repeatsReason ? reason : '', true, 0, 3], `close(${args})`);
    }
  },
  'close: is silent the second time': async (context) => {
    const socket = await opened(context);
    const ends = [];
    socket.onclose = ({ code }) => ends.push(code);
    const end = event(socket, 'close');
    socket.close(3000);
    socket.close(3001);
    await end;
    socket.close(3002);
    throws('InvalidAccessError', () => socket.close(1), 'code');
    await new Promise((resolve) => setTimeout(resolve, 50));
    equal(ends, [3000], 'close events');
  },
  'close: replaces unpaired surrogates in the reason': async (context) => {
    const socket = await opened(context);
    const end = event(socket, 'close');
    socket.close(1000, '\uD807');
    equal((await end).reason, context.repeatsReason ? '\uFFFD' : '', 'reason');
  },
  'close: by the server comes behind its messages': async (context) => {
    const socket = await opened(context);
    const got = [];
    socket.onmessage = ({ data }) => got.push(data);
    const end = event(socket, 'close');
    socket.send('last');
    socket.send('stop');
    const { code, reason, wasClean } = await end;
    equal([got, code, reason, wasClean, socket.readyState], [['last'], 3005, 'done', true, 3], 'end');
  },
  'close: ends the events of messages': async (context) => {
    const socket = await opened(context);
    let count = 0;
    socket.onmessage = () => count++;
    socket.send('a');
    const end = event(socket, 'close');
    socket.close();
    await end;
    equal(count, 0, 'messages');
  },

  // events
  'events: open is a plain event': async ({ Socket, url }) => {
    const socket = new Socket(url);
    const { constructor, type, bubbles, cancelable, target, currentTarget } = await new Promise((resolve) => {
      socket.onopen = function (e) {
        resolve({ constructor: e.constructor.name, type: e.type, bubbles: e.bubbles, cancelable: e.cancelable, target: e.target === socket, currentTarget: this === socket });
      };
    });
    equal([constructor, type, bubbles, cancelable, target, currentTarget], ['Event', 'open', false, false, true, true], 'event');
    await closed(socket);
  },
  'events: message has data and origin': async (context) => {
    const socket = await opened(context);
    const answer = event(socket, 'message');
    socket.send('x');
    const e = await answer;
    check(e instanceof MessageEvent, 'MessageEvent');
    equal([e.data, e.origin, e.lastEventId, e.source, e.ports.length, e.bubbles, e.cancelable], ['x', context.url.replace('/push', ''), '', null, 0, false, false], 'event');
    await closed(socket);
  },
  'events: close is a CloseEvent': async (context) => {
    const socket = await opened(context);
    const end = event(socket, 'close');
    socket.close();
    const e = await end;
    check(e instanceof CloseEvent, 'CloseEvent');
    equal([e.bubbles, e.cancelable], [false, false], 'event');
  },
  'events: handlers take functions and objects, and nothing else': async ({ Socket, url }) => {
    const socket = new Socket(url);
    for (const name of ['onopen', 'onmessage', 'onerror', 'onclose']) {
      const handler = () => {};
      socket[name] = handler;
      equal(socket[name] === handler, true, name);
      for (const other of [5, 'x', null, undefined, true]) {
        socket[name] = other;
        equal(socket[name], null, `${name} set to ${other}`);
      }
      const object = { handleEvent() { throw new Error('not called'); } };
      socket[name] = object;
      equal(socket[name] === object, true, name);
      socket[name] = null;
    }
    await closed(socket);
  },
  'events: a handler keeps its place when replaced, and loses it when removed': async (context) => {
    const socket = await opened(context);
    const order = [];
    socket.addEventListener('message', () => order.push(1));
    socket.onmessage = () => order.push('never');
    socket.addEventListener('message', () => order.push(3));
    socket.onmessage = () => order.push(2);
    await echoed(socket, 'a');
    equal(order.splice(0), [1, 2, 3], 'order');
    socket.onmessage = null;
    await echoed(socket, 'b');
    equal(order.splice(0), [1, 3], 'order');
    socket.onmessage = () => order.push(4);
    await echoed(socket, 'c');
    equal(order, [1, 3, 4], 'order');
    await closed(socket);
  },
  'events: come in order, each from a task of its own': async ({ Socket, url }) => {
    const socket = new Socket(url);
    const log = [];
    for (const type of ['open', 'message', 'error', 'close']) socket.addEventListener(type, () => log.push(type));
    const end = event(socket, 'close');
    socket.addEventListener('open', () => {
      socket.send('a');
      socket.send('stop');
      log.push('sent');
    });
    await end;
    equal(log, ['open', 'sent', 'message', 'close'], 'events');
  },
  'events: listeners work with once and removal': async (context) => {
    const socket = await opened(context);
    let count = 0;
    const removed = () => (count += 100);
    socket.addEventListener('message', removed);
    socket.removeEventListener('message', removed);
    socket.addEventListener('message', () => count++, { once: true });
    await echoed(socket, 'a');
    await echoed(socket, 'b');
    equal(count, 1, 'calls');
    await closed(socket);
  },

  // binaryType
  'binaryType: chooses what messages are, from the next one on': async (context) => {
    const socket = await opened(context);
    socket.binaryType = 'blob';
    const blob = await echoed(socket, Uint8Array.of(1, 2));
    check(blob instanceof Blob && blob.size === 2 && blob.type === '', 'a Blob');
    socket.binaryType = 'arraybuffer';
    const buffer = await echoed(socket, Uint8Array.of(1, 2));
    check(buffer instanceof ArrayBuffer && buffer.byteLength === 2, 'an ArrayBuffer');
    await closed(socket);
  },
  'binaryType: ignores what it does not know': async (context) => {
    const socket = await opened(context);
    for (const other of ['Blob', '', 'arrayBuffer', 5, null]) {
      socket.binaryType = other;
      equal(socket.binaryType, 'arraybuffer', `set to ${other}`);
    }
    await closed(socket);
  },

  // bufferedAmount
  'bufferedAmount: counts what is sent until it is gone': async (context) => {
    const socket = await opened(context);
    const answer = event(socket, 'message');
    socket.send('é'.repeat(5000));
    const after = socket.bufferedAmount;
    check(after >= 10_000, `${after} bytes`);
    await answer;
    for (let i = 0; i < 100 && socket.bufferedAmount > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    equal(socket.bufferedAmount, 0, 'in the end');
    await closed(socket);
  },
};
