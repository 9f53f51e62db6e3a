// SPDX-License-Identifier: Apache-2.0

// Package desk is the page on which reviewers read reports and decide. Open loads
// a folder of opened reports, Serve answers a browser on the same machine until
// its context ends.
//
//	<dir>/desk.key, reports.sealed   package store
//	<dir>/decisions/, reviewers/     package decide
//	<dir>/access.log                 who looks at what here: it stays here
//	<dir>/drafts/                    YAML for the list, personal data replaced, for a person to read
//
// # Who is let in
//
// The server listens on loopback, on a port that the system picks. Its address has
// a token that opens the page once and is then worth nothing; what remains is a
// cookie for this browser (HttpOnly, SameSite=Strict). Requests are refused whose
// Host is not the server's own, so that a name which somebody points at this
// machine opens nothing, and whose Origin or Sec-Fetch-Site say that another page
// sent them. Pages come with a policy that lets nothing be loaded from elsewhere,
// run inline, framed or cached.
//
// # What is not trusted
//
// Every report: anybody can write one. Text is text (html/template); characters
// that turn the direction of writing, or that nobody sees, are shown by name. A
// report that does not parse, or claims what is not so, is listed as set aside,
// without its content.
//
// # Reviewers
//
// What they read is cruel. Texts stay covered until asked for, and after some time
// or some texts the page reminds of a pause.
package desk
