package io.github.postern.verify.conformance;

/** What comes next from the implementation: a frame, or no more. */
sealed interface Incoming permits Frame, Incoming.End {
    /** Why no frame came. */
    enum End implements Incoming {
        CLOSED("TCP was closed"),
        RESET("TCP was reset"),
        SILENT("nothing came, and TCP stayed open");

        private final String description;

        End(String description) {
            this.description = description;
        }

        @Override
        public String toString() {
            return description;
        }
    }
}
