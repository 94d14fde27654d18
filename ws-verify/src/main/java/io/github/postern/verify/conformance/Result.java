package io.github.postern.verify.conformance;

/** A case and what it has shown. */
record Result(Case<?> of, Verdict verdict) {}
