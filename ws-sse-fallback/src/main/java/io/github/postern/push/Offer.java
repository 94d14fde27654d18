package io.github.postern.push;

/** What became of a message whose sender does not wait. */
enum Offer {
    /** It will be delivered. */
    TAKEN,
    /** There was no room for it. */
    DROPPED,
    /** There was no room for it, and the session is to be closed for that. */
    OVERFLOWN
}
