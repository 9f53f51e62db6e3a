// SPDX-License-Identifier: Apache-2.0

// Package edge is the only place of the server that speaks HTTP. It puts
// fasthttp in front of the duties, and keeps from them what they must not
// know: who is asking.
//
//	listener → gate (counts, evicts, forgets addresses) → fasthttp → routes → distribute.Site
//	                                                                       ↘ Role, Role …
//
// Call [New] with a [Config], then [Server.Run] until its context ends.
//
// # What a stranger can do
//
// Every input is bounded before it is read: the request's head by
// HeaderBytes, its body by the route (nothing where no route takes one), the
// time for it by ReadTimeout, the time to take the answer by WriteTimeout, the
// connections of one client and of all by the gate. When the server is full
// the gate closes whichever connection has been without progress for longest,
// those of the greediest client first; so a thousand clients that send one
// byte a second keep nobody else out.
//
// # What is remembered of a stranger
//
// Nothing. A client's address becomes a keyed hash with a key of this process,
// held while its connections are open, and its network another one, with a key
// that lasts an hour, for roles that count (Network); connections pretend to come from
// nowhere, so that no library can log them; nothing of a request is logged.
// Answers have no Date, ETag, Last-Modified, cookie or server name, and
// depend on nothing but path, method and Accept-Encoding.
package edge
