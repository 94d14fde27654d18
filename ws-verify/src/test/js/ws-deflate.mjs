// Sends messages that refer far back, over every size of window, and expects them back. zlib refuses what refers beyond a window.
import { deepStrictEqual } from 'node:assert';
import WebSocket from 'ws';

const url = process.argv[2];
const words = Array.from({ length: 3000 }, (_, i) => `{"id":${(i * 7919) % 100003},"name":"n${(i * 31) % 997}"}`);
const message = words.join(',');

async function echo(perMessageDeflate) {
    const socket = new WebSocket(url, { perMessageDeflate });
    socket.once('upgrade', (response) => console.log(response.headers['sec-websocket-extensions']));
    await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
    for (const text of [message, message, 'short', '', message.slice(5000)]) {
        const answer = new Promise((resolve, reject) => socket.once('message', resolve).once('error', reject).once('close', reject));
        socket.send(text);
        deepStrictEqual((await answer).toString(), text);
    }
    const closed = new Promise((resolve) => socket.removeAllListeners('close').once('close', resolve));
    socket.close(1000);
    await closed;
}

for (let bits = 9; bits <= 15; bits++) {
    await echo({ threshold: 0, serverMaxWindowBits: bits, clientMaxWindowBits: bits });
    await echo({
        threshold: 0, serverMaxWindowBits: bits, clientMaxWindowBits: bits,
        serverNoContextTakeover: true, clientNoContextTakeover: true,
    });
}
console.log('all came back');
