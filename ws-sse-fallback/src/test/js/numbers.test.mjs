import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parts } from './load.mjs';

const { Inbox, Outbox, backoff } = parts;

/** PROTOCOL.md §5, §6. */
describe('Inbox', () => {
  test('takes each number once', () => {
    const inbox = new Inbox();
    assert.deepEqual([1, 2, 2, 1, 3].map((number) => inbox.accept(number, 1)), [true, true, false, false, true]);
    assert.equal(inbox.position, 3);
  });

  test('rejects a gap and keeps its position', () => {
    const inbox = new Inbox();
    inbox.accept(1, 1);
    assert.throws(() => inbox.accept(3, 1), RangeError);
    assert.equal(inbox.position, 1);
  });

  for (const [count, due] of [[249, false], [250, true], [251, true]]) {
    test(`an acknowledgement of ${count} messages is ${due ? '' : 'not '}due`, () => {
      const inbox = new Inbox();
      for (let number = 1; number <= count; number++) inbox.accept(number, 1);
      assert.equal(inbox.due, due);
    });
  }

  for (const [size, due] of [[65_535, false], [65_536, true], [65_537, true]]) {
    test(`an acknowledgement of ${size} bytes is ${due ? '' : 'not '}due`, () => {
      const inbox = new Inbox();
      inbox.accept(1, size);
      assert.equal(inbox.due, due);
    });
  }

  test('counts what the server does not know of', () => {
    const inbox = new Inbox();
    for (let number = 1; number <= 5; number++) inbox.accept(number, 1);
    inbox.tell(3);
    assert.equal(inbox.unacknowledged, 2);
    inbox.tell(2);
    assert.equal(inbox.unacknowledged, 2);
  });
});

describe('Outbox', () => {
  const filled = (...messages) => {
    const outbox = new Outbox();
    for (const message of messages) outbox.add(message, message === null ? 10 : message.length);
    return outbox;
  };
  const drain = (outbox) => {
    const written = [];
    for (let entry; (entry = outbox.next()) !== null; ) written.push(entry.number);
    return written;
  };

  test('numbers from 1, also after acknowledgements', () => {
    const outbox = filled('a', 'b');
    outbox.acknowledge(1);
    assert.equal(outbox.add('c', 1).number, 3);
  });

  test('writes each entry once until it is rewound', () => {
    const outbox = filled('a', 'b', 'c');
    assert.deepEqual(drain(outbox), [1, 2, 3]);
    assert.deepEqual(drain(outbox), []);
    outbox.acknowledge(1);
    outbox.rewind();
    assert.deepEqual(drain(outbox), [2, 3]);
  });

  test('holds back what follows a Blob that is still being read', () => {
    const outbox = filled('a');
    const blob = outbox.add(null, 3);
    outbox.add('b', 1);
    assert.deepEqual(drain(outbox), [1]);
    assert.equal(outbox.batch(100).body, 'data:a\n\n');
    blob.data = Uint8Array.of(1, 2, 3);
    assert.deepEqual(drain(outbox), [2, 3]);
  });

  test('counts bytes as waiting until they are written or acknowledged', () => {
    const outbox = filled('aaaa', 'bb');
    assert.equal(outbox.waitingBytes, 6);
    outbox.next();
    assert.equal(outbox.waitingBytes, 2);
    outbox.acknowledge(2);
    assert.equal(outbox.waitingBytes, 0);
    assert.equal(outbox.count, 0);
  });

  test('rejects the acknowledgement of what was never sent', () => assert.throws(() => filled('a').acknowledge(2), RangeError));

  test('ignores an old acknowledgement', () => {
    const outbox = filled('a', 'b', 'c');
    outbox.acknowledge(2);
    outbox.acknowledge(1);
    assert.equal(outbox.acknowledged, 2);
    assert.equal(outbox.batch(100).sequence, 3);
  });

  test('writes 1,000 messages ahead of the acknowledgement', () => {
    const outbox = filled(...Array(1500).fill('x'));
    assert.equal(drain(outbox).at(-1), 1000);
    outbox.acknowledge(100);
    assert.equal(drain(outbox).at(-1), 1100);
  });

  for (const [size, count] of [[131_071, 2], [131_072, 2], [131_073, 1]]) {
    test(`writes ${count} of two messages of ${size} bytes`, () => assert.equal(drain(filled('x'.repeat(size), 'y'.repeat(size))).length, count));
  }

  test('writes a message larger than the window when nothing is unacknowledged', () => {
    const outbox = filled('a', 'x'.repeat(300_000));
    assert.deepEqual(drain(outbox), [1]);
    outbox.acknowledge(1);
    assert.deepEqual(drain(outbox), [2]);
  });

  test('packs as many records into a POST as fit, at least one', () => {
    const outbox = filled('aa', 'bb', 'cc'); // 9 bytes each, as a record
    assert.deepEqual([0, 17, 18, 26, 27].map((limit) => outbox.batch(limit).last), [1, 1, 2, 2, 3]);
    assert.deepEqual(outbox.batch(18), { sequence: 1, last: 2, body: 'data:aa\n\ndata:bb\n\n' });
    outbox.acknowledge(3);
    assert.equal(outbox.batch(18), null);
  });

  test('counts the bytes of a POST, not its characters', () => {
    const outbox = new Outbox();
    for (const text of ['é', '世']) outbox.add(text, Buffer.byteLength(text)); // 9 and 10 bytes, as records
    assert.deepEqual([18, 19].map((limit) => outbox.batch(limit).last), [1, 2]);
  });

  test('packs the close behind the messages', () => {
    const outbox = filled('a');
    outbox.add({ code: 1000, reason: 'x y' }, 0);
    assert.deepEqual(outbox.batch(100), { sequence: 1, last: 2, body: 'data:a\n\nevent:close\ndata:code=1000&reason=x+y\n\n' });
  });

  test('reuses the numbers of what it gave up', () => {
    const outbox = filled('a', 'b', 'c', 'd');
    outbox.acknowledge(1);
    outbox.truncate(3);
    assert.equal(outbox.waitingBytes, 1);
    assert.equal(outbox.add('e', 1).number, 3);
  });
});

/** PROTOCOL.md §9. */
describe('backoff', () => {
  test('starts within half a second and grows to 20 seconds', () => {
    const longest = [0, 1, 2, 3, 4, 5, 6, 7, 100].map((attempt) => backoff(attempt, () => 1));
    assert.deepEqual(longest, [500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000, 20_000]);
  });
  test('has full jitter', () => assert.equal(backoff(9, () => 0), 0));
});
