// SPDX-License-Identifier: Apache-2.0

package ohttp

// SealWith is Seal with the random bytes of a published vector.
func (a *Answer) SealWith(response, salt []byte) ([]byte, error) { return a.sealWith(response, salt) }

// AppendNumber is for tests of its bounds.
var AppendNumber = appendNumber
