package io.github.postern.verify.protocol;

import java.util.List;
import java.util.stream.Stream;

/** All cases, in the order of the page. */
final class Suite {
    private Suite() {}

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
