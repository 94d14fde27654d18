package io.github.postern.faults;

/**
 * What has gone through a proxy since it was started, or since the last test of its class.
 *
 * @param connections network connections of clients, those refused included
 * @param requests requests of clients, those for WebSockets included
 * @param upgrades requests that were answered 101
 * @param bytesUp bytes that were passed on to the server
 * @param bytesDown bytes that were passed on to clients
 */
public record Traffic(long connections, long requests, long upgrades, long bytesUp, long bytesDown) {}
