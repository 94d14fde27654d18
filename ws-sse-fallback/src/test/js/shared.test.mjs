import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PushSocket, SharedPushSocket, seeded, sharedParts } from './load.mjs';

const { Journal } = sharedParts;

test('without Web Locks a SharedPushSocket is a PushSocket', { skip: globalThis.navigator?.locks !== undefined && 'they are here' }, () => {
  assert.equal(SharedPushSocket.Session, PushSocket.Session);
});

test('a SharedPushSocket wants what a PushSocket wants', () => {
  assert.throws(() => new SharedPushSocket(), TypeError);
  assert.throws(() => new SharedPushSocket('ftp://example.org/'), { name: 'SyntaxError' });
  assert.throws(() => new SharedPushSocket('ws://example.org/', 'a b'), { name: 'SyntaxError' });
  assert.throws(() => new SharedPushSocket('ws://example.org/', [], { transports: ['pigeon'] }), TypeError);
});

describe('Journal', () => {
  test('keeps what the server does not have, in its order', () => {
    const journal = new Journal();
    journal.add('a', 1, 'x', 1);
    journal.add('b', 1, Uint8Array.of(1, 2), 2);
    journal.add('a', 2, 'y', 1);
    journal.acknowledge(1);
    assert.deepEqual(journal.entries, [['b', Uint8Array.of(1, 2), 2], ['a', 'y', 1]]);
    journal.acknowledge(0);
    assert.equal(journal.acknowledged, 1);
    assert.equal(journal.entries.length, 2);
  });

  test('tells each tab how many of what it has sent the server has', () => {
    const random = seeded(7);
    const journal = new Journal();
    const sent = { a: 0, b: 0, c: 0 };
    const order = [];
    for (let i = 0; i < 500; i++) {
      const tab = 'abc'[Math.floor(random() * 3)];
      journal.add(tab, ++sent[tab], `${i}`, 1);
      order.push(tab);
      if (random() < 0.3) journal.acknowledge(Math.floor(random() * order.length));
      for (const each of 'abc') {
        assert.equal(journal.confirmed(each), order.slice(0, journal.acknowledged).filter((sender) => sender === each).length);
      }
    }
  });

  test('counts the close of a tab as had by the server when all before it is', () => {
    const journal = new Journal();
    journal.add('a', 1, 'last', 4);
    journal.add('a', 2, { code: 1000, reason: '' }, 0);
    assert.equal(journal.entries.length, 1);
    assert.equal(journal.confirmed('a'), 1);
    journal.acknowledge(1);
    assert.equal(journal.confirmed('a'), 2);
  });

  test('knows nothing of a tab that it has not met', () => assert.equal(new Journal().confirmed('a'), 0));

  for (const [count, expected] of [[0, []], [1, [1000]], [1000, 'all'], [1001, null]]) {
    test(`has ${expected === null ? 'no more' : 'still'} the last ${count} of 1,001 messages`, () => {
      const journal = new Journal();
      for (let i = 0; i <= 1000; i++) journal.keep(`${i}`);
      const all = Array.from({ length: 1000 }, (_, i) => `${i + 1}`);
      assert.deepEqual(journal.last(count), expected === 'all' ? all : expected?.map(String) ?? null);
    });
  }

  test('keeps 256 KiB of the last messages', () => {
    const journal = new Journal();
    for (let i = 0; i < 5; i++) journal.keep('x'.repeat(64 * 1024));
    assert.equal(journal.last(4).length, 4);
    assert.equal(journal.last(5), null);
    journal.keep(new Uint8Array(256 * 1024 + 1));
    assert.equal(journal.last(1), null);
  });
});
