// Drives an echo endpoint with the npm package `ws`: node ws-echo.mjs ws://…
import assert from 'node:assert';
import { once } from 'node:events';
import WebSocket from 'ws';

const socket = new WebSocket(process.argv[2], ['other', 'echo'], { perMessageDeflate: true });
await once(socket, 'open');
assert.equal(socket.protocol, 'echo');

async function echo(data) {
  socket.send(data);
  const [reply, isBinary] = await once(socket, 'message');
  return isBinary ? reply : reply.toString();
}

assert.equal(await echo('hello'), 'hello');
assert.equal(await echo(''), '');
assert.equal(await echo('我是阿宝哥 😀'), '我是阿宝哥 😀');
const large = Buffer.alloc(1_000_000, 7);
assert.deepEqual(await echo(large), large);

socket.ping('marco');
const [payload] = await once(socket, 'pong');
assert.equal(payload.toString(), 'marco');

socket.close(3000, 'done');
const [code, reason] = await once(socket, 'close');
assert.equal(code, 3000);
console.log(`closed ${code} ${reason}`);
