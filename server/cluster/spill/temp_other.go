// SPDX-License-Identifier: Apache-2.0

//go:build !linux

package spill

import "os"

func temp(dir string) (*os.File, error) { return named(dir) }
