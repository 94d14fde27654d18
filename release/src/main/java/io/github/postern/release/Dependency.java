package io.github.postern.release;

/** One that a POM asks for. */
record Dependency(Coordinates coordinates, String scope) {}
