// SPDX-License-Identifier: Apache-2.0

//go:build hyperscan

package main

/*
#cgo pkg-config: libhs
#include <hs.h>
#include <stdlib.h>
static int count(unsigned int id, unsigned long long from, unsigned long long to, unsigned int flags, void *ctx) {
	(*(unsigned long long *)ctx)++;
	return 0;
}
static hs_error_t scan(hs_database_t *db, const char *text, unsigned int n, hs_scratch_t *scratch, unsigned long long *hits) {
	return hs_scan(db, text, n, 0, scratch, count, hits);
}
*/
import "C"

import (
	"fmt"
	"unsafe"
)

// hyperscan is Hyperscan in literal mode: no case, no word boundaries, no
// disguises; it is given the text in normal form.
type hyperscan struct {
	db      *C.hs_database_t
	scratch *C.hs_scratch_t
}

func newHyperscan(phrases []string) (*hyperscan, error) {
	n := len(phrases)
	exprs := (*[1 << 26]*C.char)(C.malloc(C.size_t(n) * 8))[:n:n]
	lens := (*[1 << 26]C.size_t)(C.malloc(C.size_t(n) * 8))[:n:n]
	flags := (*[1 << 26]C.uint)(C.malloc(C.size_t(n) * 4))[:n:n]
	ids := (*[1 << 26]C.uint)(C.malloc(C.size_t(n) * 4))[:n:n]
	for i, p := range phrases {
		exprs[i], lens[i], flags[i], ids[i] = C.CString(p), C.size_t(len(p)), 0, C.uint(i)
	}
	h := &hyperscan{}
	var cerr *C.hs_compile_error_t
	if C.hs_compile_lit_multi(&exprs[0], &flags[0], &ids[0], &lens[0], C.uint(n), C.HS_MODE_BLOCK, nil, &h.db, &cerr) != C.HS_SUCCESS {
		return nil, fmt.Errorf("hyperscan: %s", C.GoString(cerr.message))
	}
	if C.hs_alloc_scratch(h.db, &h.scratch) != C.HS_SUCCESS {
		return nil, fmt.Errorf("hyperscan: no scratch")
	}
	return h, nil
}

func (h *hyperscan) count(text string) int {
	var hits C.ulonglong
	C.scan(h.db, (*C.char)(unsafe.Pointer(unsafe.StringData(text))), C.uint(len(text)), h.scratch, &hits)
	return int(hits)
}
