package io.github.postern.verify.protocol;

import java.util.List;
import java.util.stream.Stream;

/** The cases, in the order of the page. */
final class Suite {
    private Suite() {}

    /** Cases for a server that admits few sessions and one host. */
    static List<Case> limited() {
        return Stream.of(LimitedCases.sessions(), LimitedCases.hosts())
                .flatMap(List::stream)
                .toList();
    }

    static List<Case> all() {
        return Stream.of(
                        EndpointCases.terms(),
                        EndpointCases.list(),
                        RecordCases.list(),
                        EpochCases.list(),
                        AttachCases.list(),
                        ReceiveCases.list(),
                        SendCases.list(),
                        WebSocketCases.list(),
                        CloseCases.list(),
                        LifeCases.life(),
                        LifeCases.limits(),
                        OriginCases.list(),
                        BareCases.list())
                .flatMap(List::stream)
                .toList();
    }
}
