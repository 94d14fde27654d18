// Follows a push endpoint with the npm package `eventsource` until a message says "end": node eventsource-read.mjs http://…
import { EventSource } from 'eventsource';

const source = new EventSource(process.argv[2]);
source.onmessage = (event) => {
  console.log(JSON.stringify(event.data));
  if (event.data === 'end') {
    source.close();
  }
};
source.onerror = (event) => {
  console.error(`error ${event.code} ${event.message}`);
  process.exitCode = 1;
  source.close();
};
