// SPDX-License-Identifier: Apache-2.0

package ceremony

import (
	"fmt"
	"strings"
)

// IntakeKeys gives the object that tells programs to which keys reports are
// sealed: a first line with the version of its form, then a line of each key.
//
//	lapwing intake v1
//	key 2026-11 <base64 of an HPKE public key, MLKEM768-X25519>
func IntakeKeys(keys []*Key) ([]byte, error) {
	var b strings.Builder
	b.WriteString("lapwing intake v1\n")
	for _, k := range keys {
		if k.Role != IntakeRole {
			return nil, fmt.Errorf("key %s is for %s, not for %s", k.Name, k.Role, IntakeRole)
		}
		fmt.Fprintf(&b, "key %s %s\n", k.Name, k.Public)
	}
	return []byte(b.String()), nil
}
