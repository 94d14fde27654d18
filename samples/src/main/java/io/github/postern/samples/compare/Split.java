package io.github.postern.samples.compare;

/**
 * Bytes on the wire, by what they are for. Every byte is in one of the four.
 *
 * @param payload the messages themselves
 * @param framing what marks where they begin and end, and the records by which the two sides agree
 * @param headers the heads of HTTP requests and responses
 * @param acknowledgements what tells the other side how far everything has arrived
 */
record Split(long payload, long framing, long headers, long acknowledgements) {
    static final Split NOTHING = new Split(0, 0, 0, 0);

    long total() {
        return payload + framing + headers + acknowledgements;
    }

    Split plus(Split other) {
        return new Split(
                payload + other.payload,
                framing + other.framing,
                headers + other.headers,
                acknowledgements + other.acknowledgements);
    }

    /** What came on top of an earlier count. */
    Split since(Split earlier) {
        return new Split(
                payload - earlier.payload,
                framing - earlier.framing,
                headers - earlier.headers,
                acknowledgements - earlier.acknowledgements);
    }
}
