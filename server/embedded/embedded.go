// SPDX-License-Identifier: Apache-2.0

//go:build embed

package embedded

import _ "embed"

//go:embed list.pack
var list []byte

//go:embed score.wasm
var score []byte
