import { readFile } from 'node:fs/promises';

const folder = new URL('../../main/resources/io/github/postern/push/', import.meta.url);
const read = (name) => readFile(new URL(name, folder), 'utf8');

/** Loaded by its text, since Node takes a `.js` file without a package for CommonJS. */
const address = (text) => `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
const postern = address(await read('postern.js'));

export const { PushSocket, parts } = await import(postern);
export const { SharedPushSocket, parts: sharedParts } = await import(address((await read('postern-shared.js')).replace('./postern.js', postern)));

/** The bytes of a text. */
export const bytes = (text) => new TextEncoder().encode(text);

/** Numbers in [0, 1), the same for the same seed (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
