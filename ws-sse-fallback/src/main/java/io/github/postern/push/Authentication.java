package io.github.postern.push;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What a {@link PushAuthenticator} decides. */
public sealed interface Authentication {
    /**
     * The request is admitted. A session belongs to the principal that opened it: nobody else may attach to it or send to it.
     *
     * @param principal who it is; empty for somebody whom nobody knows
     * @param attributes what the session keeps, added to its {@link PushSession#attributes}
     * @param expires when this is no longer true: unless renewed before, the session is then closed with 4401. Empty for never.
     */
    record Admitted(Optional<String> principal, Map<String, Object> attributes, Optional<Instant> expires)
            implements Authentication {
        /** Copies the attributes. */
        public Admitted {
            attributes = Map.copyOf(attributes);
        }

        /**
         * {@return the same, with these attributes}
         *
         * @param value what the session keeps, by its names; copied
         */
        public Admitted withAttributes(Map<String, Object> value) {
            return new Admitted(principal, value, expires);
        }

        /**
         * {@return the same, until a time}
         *
         * @param value when it ends
         */
        public Admitted until(Instant value) {
            return new Admitted(principal, attributes, Optional.of(value));
        }
    }

    /**
     * The request is refused with an HTTP status; on a WebSocket that is open already with the close code 4000 + status.
     *
     * @param status 400 to 599; 401 asks for other credentials
     */
    record Rejected(int status) implements Authentication {
        private static final int LEAST = 400;
        private static final int MOST = 599;

        /**
         * Checks the status.
         *
         * @throws IllegalArgumentException if it is not one of 400 to 599
         */
        public Rejected {
            if (status < LEAST || status > MOST) {
                throw new IllegalArgumentException("status out of range: " + status);
            }
        }
    }

    /**
     * Admits somebody, without attributes and for ever.
     *
     * @param principal who it is
     * @return the answer
     */
    static Admitted admitted(String principal) {
        return new Admitted(Optional.of(principal), Map.of(), Optional.empty());
    }

    /**
     * Admits somebody whom nobody knows.
     *
     * @return the answer
     */
    static Admitted anonymous() {
        return new Admitted(Optional.empty(), Map.of(), Optional.empty());
    }

    /**
     * Refuses.
     *
     * @param status 400 to 599
     * @return the answer
     * @throws IllegalArgumentException if the status is not one of 400 to 599
     */
    static Rejected rejected(int status) {
        return new Rejected(status);
    }
}
