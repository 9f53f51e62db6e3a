// SPDX-License-Identifier: Apache-2.0

// Package relaying has the two roles between which reports travel so that
// nobody knows both who sent one and where it lies: Oblivious HTTP, RFC 9458.
//
//	client → Relay (knows the address, sees sealed bytes) → Gateway (opens them, knows no address) → collect
//
// They are of use only when two different people run them. Both answer
//
//	POST /v1/ohttp    message/ohttp-req → message/ohttp-res
//
// The relay sends on nothing but the bytes: not one header of the client's, no
// address, no time but the present. It limits how much one network can send, since
// the gateway cannot. The gateway hands to the collector what is inside, for the
// paths of reports and withdrawals and no others, and its limits for networks
// do not apply, since it sees the relay's alone.
package relaying
