// SPDX-License-Identifier: Apache-2.0

// Package pack is the compiled list: everything that decides a verdict and
// every text that explains one, as plain data and as a binary format.
package pack
