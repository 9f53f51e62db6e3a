// SPDX-License-Identifier: Apache-2.0

// Package ohttp hides from whoever answers a request who has sent it, and from
// whoever carries it what it says: Oblivious HTTP, RFC 9458, with requests in
// binary form, RFC 9292. It holds bytes only; package relaying carries them.
//
//	client                          relay                  gateway
//	Config.Seal → message/ohttp-req  → as it is, without the sender's address →  Gateway.Open
//	Opener.Open ← message/ohttp-res  ← as it is                               ←  Answer.Seal
//
// One suite is spoken: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, all
// of the standard library's crypto/hpke. Of RFC 9292 the form with known lengths is,
// which is what a client with one small request sends.
//
// A request that is sent twice is opened twice: this package does not look for
// replays. What is behind the gateway must not mind, and storing a report that has
// an id does not.
package ohttp
