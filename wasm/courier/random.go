// SPDX-License-Identifier: Apache-2.0

//go:build !wasip1

package main

import "unsafe"

// randomGet has no host to ask: outside of a module, this program only compiles.
func randomGet(unsafe.Pointer, uint32) uint32 { return 1 }
