// SPDX-License-Identifier: Apache-2.0

// Package embedded carries what a released program brings with it: the compiled
// list and the scoring module, the very bytes that the extension ships.
//
// With the build tag "embed" they are list.pack and score.wasm of this folder,
// which make puts there and which are never committed. Without it there is
// nothing, so that go build and go test work on a clean checkout: programs then
// compile the list from its source and look for the module on the disk.
package embedded

// List is the encoded pack; empty without the build tag. It must not be changed.
func List() []byte { return list }

// Score is the scoring module; empty without the build tag. It must not be changed.
func Score() []byte { return score }
