import { readFile } from 'node:fs/promises';

const source = new URL('../../main/resources/io/github/postern/push/postern.js', import.meta.url);

/** Loaded by its text, since Node takes a `.js` file without a package for CommonJS. */
export const { PushSocket, parts } = await import(`data:text/javascript,${encodeURIComponent(await readFile(source, 'utf8'))}`);

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
