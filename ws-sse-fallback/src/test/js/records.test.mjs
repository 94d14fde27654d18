import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { bytes, parts, seeded } from './load.mjs';

const { RecordParser, decodeMessage, encodeControl, encodeMessage } = parts;

const parse = (text) => new RecordParser().push(bytes(text));

/** PROTOCOL.md §3. */
describe('RecordParser', () => {
  const stream =
    ':padding\n\nevent:attached\nid:0\ndata:epoch=1&received=0\n\nid:1\ndata:eins\ndata:\ndata: zwei é😀\n\n' +
    ':\nid: 2\nevent: binary\ndata: AAEC\nretry:5\nunknown\n\nid:3\ndata\n\n';
  const records = [
    { event: 'attached', id: '0', data: 'epoch=1&received=0' },
    { event: '', id: '1', data: 'eins\n\nzwei é😀' },
    { event: 'binary', id: '2', data: 'AAEC' },
    { event: '', id: '3', data: '' },
  ];

  for (const [name, end] of Object.entries({ LF: '\n', 'CR LF': '\r\n', CR: '\r' })) {
    const input = bytes(stream.replaceAll('\n', end));
    test(`parses a whole stream with ${name}`, () => {
      assert.deepEqual(new RecordParser().push(input), records);
    });
    test(`parses a stream with ${name} byte by byte`, () => {
      const parser = new RecordParser();
      assert.deepEqual([...input].flatMap((byte) => parser.push(Uint8Array.of(byte))), records);
    });
    test(`parses a stream with ${name} at every split point`, () => {
      for (let at = 0; at <= input.length; at++) {
        const parser = new RecordParser();
        assert.deepEqual([...parser.push(input.subarray(0, at)), ...parser.push(input.subarray(at))], records, `split at ${at}`);
      }
    });
  }

  test('strips one space after the colon', () => assert.equal(parse('data:  a \n\n')[0].data, ' a '));
  test('keeps a colon in the value', () => assert.equal(parse('data:a:b: c\n\n')[0].data, 'a:b: c'));
  test('takes comments and empty lines for no record', () => assert.deepEqual(parse(':\n\n\n: x\n\n'), []));
  test('rejects malformed UTF-8', () => assert.throws(() => new RecordParser().push(Uint8Array.of(0x64, 0xff, 0x0a)), TypeError));

  test('knows when it is inside a record', () => {
    const parser = new RecordParser();
    const states = ['da', 'ta:x', '\n', '\n', ':\n'].map((piece) => {
      parser.push(bytes(piece));
      return parser.inRecord;
    });
    assert.deepEqual(states, [true, true, true, false, false]);
  });
});

describe('encodeMessage', () => {
  const cases = [
    ['', 'data:\n\n'],
    ['hello', 'data:hello\n\n'],
    [' two  spaces', 'data:  two  spaces\n\n'],
    ['a\nb', 'data:a\ndata:b\n\n'],
    ['\n long enough\n', 'data:\ndata:  long enough\ndata:\n\n'],
    ['\n b\n', 'data:\ndata:  b\ndata:\n\n'],
    ['\n\n\n', 'event:text\ndata:CgoK\n\n'],
    ['\u2028 not a line end', 'data:\u2028 not a line end\n\n'],
    ['é😀', 'data:é😀\n\n'],
    ['a\r\nb', 'event:text\ndata:YQ0KYg==\n\n'],
    [Uint8Array.of(), 'event:binary\ndata:\n\n'],
    [Uint8Array.of(0, 1, 2), 'event:binary\ndata:AAEC\n\n'],
  ];
  for (const [message, record] of cases) {
    test(`encodes ${JSON.stringify(message)}`, () => {
      assert.equal(encodeMessage(message), record);
      const [{ event, data }] = parse(record);
      assert.deepEqual(decodeMessage(event, data), message);
    });
  }

  test('keeps a byte order mark of a text', () => {
    for (const text of ['\uFEFFa', '\uFEFFa\r']) {
      const [{ event, data }] = parse(encodeMessage(text));
      assert.equal(decodeMessage(event, data), text);
    }
  });

  for (let seed = 1; seed <= 20; seed++) {
    test(`round trip of random messages, seed ${seed}`, () => {
      const random = seeded(seed);
      const alphabet = [' ', ':', '\n', '\r', '\0', 'a', 'é', '\u2028', '\uFEFF', '😀', 'data:'];
      for (let i = 0; i < 50; i++) {
        const length = Math.floor(random() * 12);
        const isText = random() < 0.5;
        const message = isText
          ? Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join('')
          : Uint8Array.from({ length: length * 1500 }, () => random() * 256);
        const [{ event, data }, ...more] = parse(encodeMessage(message));
        assert.deepEqual(more, []);
        assert.deepEqual(decodeMessage(event, data), message);
      }
    });
  }
});

describe('decodeMessage', () => {
  test('rejects what is not Base64', () => assert.throws(() => decodeMessage('binary', 'A*==')));
  test('rejects a text that is not UTF-8', () => assert.throws(() => decodeMessage('text', '/w=='), TypeError));
});

describe('encodeControl', () => {
  test('writes form parameters', () => {
    assert.equal(encodeControl('close', 3, { code: 1000, reason: 'good bye&=é' }), 'event:close\nid:3\ndata:code=1000&reason=good+bye%26%3D%C3%A9\n\n');
  });
  test('leaves out what there is not', () => {
    assert.equal(encodeControl('ack', 6), 'event:ack\nid:6\n\n');
    assert.equal(encodeControl('close', null, { code: 1005 }), 'event:close\ndata:code=1005\n\n');
  });
});
