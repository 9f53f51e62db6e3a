// SPDX-License-Identifier: Apache-2.0

package main

import "unsafe"

// randomGet is the host's source of randomness. It is asked directly, so that a
// refusal is an answer; Go's own would end the program.
//
//go:wasmimport wasi_snapshot_preview1 random_get
//go:noescape
func randomGet(at unsafe.Pointer, n uint32) uint32
