package io.github.postern.release;

import java.io.IOException;
import java.util.List;

/** Something that must hold for a release. */
interface Rule {
    /** What breaks it: each in a line that begins with the file it is about. */
    List<String> violations(Release release) throws IOException;
}
