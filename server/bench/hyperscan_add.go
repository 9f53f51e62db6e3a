// SPDX-License-Identifier: Apache-2.0

//go:build hyperscan

package main

func addHyperscan(t *table, phrases []string) error {
	h, err := newHyperscan(phrases)
	if err != nil {
		return err
	}
	t.add("Hyperscan literals, normal form", true, h.count)
	return nil
}
