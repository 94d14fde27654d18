package io.github.postern.verify.conformance;

/** What the implementation under test is; the suite is the other one. */
enum Role {
    SERVER,
    CLIENT
}
