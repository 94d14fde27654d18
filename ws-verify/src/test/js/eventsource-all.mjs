// Reads a push endpoint with the npm package `eventsource` to the message "end" and prints how many messages came and the SHA-256 of their texts: node eventsource-all.mjs http://…
import { createHash } from 'node:crypto';
import { EventSource } from 'eventsource';

const hash = createHash('sha256');
let count = 0;
const source = new EventSource(process.argv[2]);
source.onmessage = (event) => {
  if (event.data === 'end') {
    console.log(`${count} ${hash.digest('hex')}`);
    source.close();
    return;
  }
  count++;
  hash.update(event.data).update('\0');
};
source.onerror = (event) => {
  console.error(`error ${event.code} ${event.message}`);
  process.exitCode = 1;
  source.close();
};
