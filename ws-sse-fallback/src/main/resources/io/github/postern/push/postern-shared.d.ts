import { PushSocket, PushSocketOptions } from './postern.js';

export interface SharedPushSocketOptions extends PushSocketOptions {
  /**
   * Those with the same URL and the same name share. Give what tells users apart where the URL does not, such as the user's name: a session is its opener's, also after
   * somebody else has logged in. Default: `''`.
   */
  name?: string;
}

/**
 * A `PushSocket` whose session is shared by all tabs of this browser that have the same origin, URL and `name`: one of them, the leader, has the connection, for all.
 *
 * - Each tab hears every message of the server, once and in order, from the moment when it opened. What a tab sends arrives once and in the order of that tab.
 * - When the leader is closed, crashes, is frozen or stands still, another tab goes on with the session, and nothing is lost; the tabs get `resume`.
 * - `close` is for this tab alone, once the server has what it had sent; `code` and `reason` reach the server if no other tab is left. A last tab that is left closes the session with 1001.
 * - If the session ends, it ends for all. With `reconnect` those that have it open another one together.
 * - Of the options, those of the tab that leads count, except `reconnect` and `closeTimeout`: give all tabs the same ones.
 * - A tab that was frozen, or put aside for going back, gets what it has missed, up to 1,000 messages and 256 KiB; otherwise its session ends with 4507.
 * - `extensions` is always `''`. `bufferedAmount` and `unconfirmed` count this tab's messages that the server has not confirmed.
 * - Without Web Locks and `BroadcastChannel`, as on a page without TLS (other than on localhost), or where the browser forbids them, it is a `PushSocket` with a connection of its own. So it is
 *   if the leader does not answer a new tab for 7 s.
 *
 * The tabs tell each other the session's secret by a `BroadcastChannel`, which none but pages and workers of the same origin hear.
 */
export class SharedPushSocket extends PushSocket {
  constructor(url: string | URL, protocols?: string | string[], options?: SharedPushSocketOptions);
}

export default SharedPushSocket;
