// SPDX-License-Identifier: Apache-2.0

//go:build !embed

package embedded

var list, score []byte
