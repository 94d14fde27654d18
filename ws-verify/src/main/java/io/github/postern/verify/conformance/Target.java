package io.github.postern.verify.conformance;

import java.io.IOException;

/** What a case runs against. */
sealed interface Target permits ServerTarget, ClientTarget {
    /** What the suite was told about the implementation. */
    Settings settings();

    /** Opens a connection without extensions. A client can be asked once. */
    Peer open() throws Finding, IOException;

    /** Opens a connection with permessage-deflate; not applicable if the implementation does not want it. */
    Peer openDeflate() throws Finding, IOException;
}
