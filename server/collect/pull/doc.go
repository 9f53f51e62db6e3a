// SPDX-License-Identifier: Apache-2.0

// Package pull is the reviewers' end of reports, on their own machine: it
// fetches stored rows, from a server or a file, and opens them with the keys of
// the months. It holds private keys, and is never linked into the server.
//
//	rows := pull.HTTP(base, key).After(ctx, sequence)     or pull.File(name)
//	for opened, err := range pull.Open(rows, keys) { … }
//
// What comes out is what strangers have written: nothing in it is more than a
// claim, and what is not even of the right form comes with its fault.
package pull
