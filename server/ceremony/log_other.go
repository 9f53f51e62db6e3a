// SPDX-License-Identifier: Apache-2.0

//go:build !unix

package ceremony

import (
	"context"
	"errors"
	"os"
)

// errSystem says where a tree can be written: the log needs locks and renames
// as POSIX has them. Keys, signing and fetching work everywhere.
var errSystem = errors.New("a release tree can be published from Linux, macOS or another Unix only")

func lock(*os.File) error { return errSystem }

func (t *Tree) appendLog(context.Context, []byte, *Key) ([]byte, error) { return nil, errSystem }
