// SPDX-License-Identifier: Apache-2.0

//go:build !wasm

package release

const inModule = false
