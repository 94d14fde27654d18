package io.github.postern.samples.compare;

import java.time.Duration;

/**
 * What is sent, and to whom.
 *
 * @param messages how many messages over each transport
 * @param interval the time between two of them
 * @param pollInterval the time between two polls of the {@code polling} transport
 * @param clients how many clients receive them
 */
record Settings(int messages, Duration interval, Duration pollInterval, int clients) {}
