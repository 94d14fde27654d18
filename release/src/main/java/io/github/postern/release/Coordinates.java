package io.github.postern.release;

/** What names an artifact in a Maven repository. Empty is what a POM does not say. */
record Coordinates(String groupId, String artifactId, String version) {
    boolean isSnapshot() {
        return version.endsWith("-SNAPSHOT");
    }

    @Override
    public String toString() {
        return groupId + ":" + artifactId + ":" + version;
    }
}
